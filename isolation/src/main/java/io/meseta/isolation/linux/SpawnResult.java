package io.meseta.isolation.linux;

/** What became of a {@link SpawnRequest}. */
public sealed interface SpawnResult {
  /**
   * The process runs. It is a child of this JVM: somebody must {@linkplain Processes#reap reap} it,
   * and close the descriptor.
   */
  record Spawned(int pid, long startTicks, Pidfd pidfd) implements SpawnResult {}

  /** It does not. */
  record Failed(LaunchFailure failure) implements SpawnResult {}
}
