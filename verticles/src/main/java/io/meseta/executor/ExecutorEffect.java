package io.meseta.executor;

import io.meseta.isolation.containers.CommandLine;
import io.meseta.schema.internal.v1.BuiltInExecutorState;
import io.meseta.schema.v1.TaskStatus;

/** What a built-in executor wants done, in this order. */
public sealed interface ExecutorEffect {
  /** The state to rebuild this executor from; ids other than the task's are the agent's to add. */
  record Checkpoint(BuiltInExecutorState state) implements ExecutorEffect {}

  /** Start the task's process; answered by {@code Started} or {@code NotExecutable}. */
  record Spawn(CommandLine commandLine) implements ExecutorEffect {}

  /** Send a signal to every process that came from the container. */
  record Signal(int signal) implements ExecutorEffect {}

  /** A status as an executor would report it, with uuid and timestamp. */
  record Update(TaskStatus status) implements ExecutorEffect {}

  /** A line for the task's owner, to be appended to {@code stderr} in the sandbox. */
  record Tell(String line) implements ExecutorEffect {}

  /**
   * The executor is at its end: its container may go.
   *
   * @param abnormal empty unless it ended without a terminal status; then why
   */
  record Done(String abnormal) implements ExecutorEffect {}
}
