package io.meseta.log.registry;

import io.meseta.schema.internal.v1.RegistryOperation;

/** What can happen to the registry. */
public sealed interface RegistryInput {
  /**
   * The journal was read.
   *
   * @param position of the last record in the state, 0 for a new journal
   * @param snapshotPosition of the newest snapshot, 0 if there is none
   */
  record Recovered(RegistryState state, long position, long snapshotPosition)
      implements RegistryInput {}

  /**
   * Somebody wants a change; answered by {@link RegistryEffect.Committed} or {@link
   * RegistryEffect.Rejected} with the same id.
   */
  record Apply(long opId, RegistryOperation operation) implements RegistryInput {}

  /**
   * The batch of {@link RegistryEffect.Append} is durable.
   *
   * @param position of its last record
   */
  record Committed(long batchId, long position) implements RegistryInput {}

  /** The journal cannot be read or written any more. */
  record Failed(String reason) implements RegistryInput {}
}
