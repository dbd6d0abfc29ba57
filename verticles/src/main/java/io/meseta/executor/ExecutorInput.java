package io.meseta.executor;

import io.meseta.isolation.containers.WaitStatus;
import java.time.Duration;
import java.util.Optional;

/** What can happen to a built-in executor. */
public sealed interface ExecutorInput {
  /** The container is ready for the task. */
  record Launch() implements ExecutorInput {}

  /** The process exists. */
  record Started(int pid) implements ExecutorInput {}

  /**
   * The container is fine but the executable could not be run: the end that a process would have
   * found that was forked and could not execute it.
   */
  record NotExecutable(String reason) implements ExecutorInput {}

  /** A KILL; {@code gracePeriod} overrides the task's own kill policy. */
  record Kill(Optional<Duration> gracePeriod) implements ExecutorInput {}

  /** A SHUTDOWN: end the task within {@code gracePeriod}. */
  record Shutdown(Duration gracePeriod) implements ExecutorInput {}

  /** The first process of the container has ended. */
  record Exited(WaitStatus status) implements ExecutorInput {}
}
