package io.meseta.isolation.supervisor;

import io.meseta.isolation.linux.LaunchFailure;
import io.meseta.schema.internal.v1.SupervisorCall;
import java.util.List;

/** What can happen to a supervisor. */
public sealed interface SupervisorInput {
  /** Its agent wants something. */
  record Called(SupervisorCall call) implements SupervisorInput {}

  /** Answer to {@link SupervisorEffect.Spawn}. */
  record Spawned(String containerId, int pid, long startTicks) implements SupervisorInput {}

  /** Answer to {@link SupervisorEffect.Spawn}. */
  record SpawnFailed(String containerId, LaunchFailure failure) implements SupervisorInput {}

  /** A container's first process has ended and was reaped. */
  record MainExited(String containerId, int waitStatus) implements SupervisorInput {}

  /**
   * Answer to {@link SupervisorEffect.KillTree}.
   *
   * @param left processes that were seen and killed but may not be gone, the first process too
   *     until it has ended
   * @param settled nothing was seen, not even something that vanished while looking
   */
  record TreeKilled(String containerId, List<Integer> left, boolean settled)
      implements SupervisorInput {
    public TreeKilled {
      left = List.copyOf(left);
    }
  }

  /** No more launches; destroy all. Answered by {@link SupervisorEffect.Stopped}. */
  record Stop() implements SupervisorInput {}
}
