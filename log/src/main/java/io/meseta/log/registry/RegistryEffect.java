package io.meseta.log.registry;

import io.meseta.schema.internal.v1.RegistryOperation;
import java.util.List;

/** What the registry wants done. */
public sealed interface RegistryEffect {
  /** Write these to the journal as one batch, then answer {@link RegistryInput.Committed}. */
  record Append(long batchId, List<RegistryOperation> operations) implements RegistryEffect {
    public Append {
      operations = List.copyOf(operations);
    }
  }

  /**
   * The operation holds, durably. Answers come in the order of the operations.
   *
   * @param mutated whether anything changed
   */
  record Committed(long opId, boolean mutated) implements RegistryEffect {}

  record Rejected(long opId, Cause cause, String reason) implements RegistryEffect {}

  /** Store the state as a snapshot for this position; no answer unless it fails. */
  record Snapshot(long position, RegistryState state) implements RegistryEffect {}

  /** The registry takes nothing any more; this process must not lead on (REG-4, REG-5). */
  record Aborted(String reason) implements RegistryEffect {}

  /** Why an operation was rejected. */
  enum Cause {
    /** The operation cannot be done in the present state. */
    REFUSED,
    /** Too many operations wait; try again later (REG-12). */
    OVERLOADED,
    /** The journal failed; whether the operation holds is unknown. */
    ABORTED
  }
}
