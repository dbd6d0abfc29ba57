package io.meseta.agent.core;

import io.meseta.executor.CommandExecutor;
import io.meseta.schema.v1.ContainerID;
import io.meseta.schema.v1.ExecutorInfo;
import java.nio.file.Path;
import java.util.Optional;

/** One run of an executor: today always the one made up for a command task, so with one task. */
final class Executor {
  /** */
  enum State {
    /** Sandbox, journal or process are not there yet: the task is queued. */
    REGISTERING,
    RUNNING,
    /** Told to end. */
    TERMINATING,
    /** No process is left; updates may still wait for acknowledgement. */
    TERMINATED
  }

  final Framework framework;
  final ExecutorInfo info;
  final String containerId;
  final AgentTask task;
  final CommandExecutor machine;

  State state = State.REGISTERING;

  Optional<Path> sandbox = Optional.empty();

  /** The number of the record that must be durable before the launch; 0 for none. */
  long awaitedRecord;

  /** The supervisor was asked to start the process, and has not said that nothing is left of it. */
  boolean held;

  /** The terminal update was acknowledged, or nobody wants to hear of it. */
  boolean completed;

  Executor(
      Framework framework,
      ExecutorInfo info,
      String containerId,
      AgentTask task,
      CommandExecutor machine) {
    this.framework = framework;
    this.info = info;
    this.containerId = containerId;
    this.task = task;
    this.machine = machine;
  }

  String id() {
    return info.getExecutorId().getValue();
  }

  ContainerID container() {
    return ContainerID.newBuilder().setValue(containerId).build();
  }

  TaskKey taskKey() {
    return new TaskKey(framework.id(), task.info.getTaskId().getValue());
  }

  boolean ending() {
    return state == State.TERMINATING || state == State.TERMINATED;
  }
}
