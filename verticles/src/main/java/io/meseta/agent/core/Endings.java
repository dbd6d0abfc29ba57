package io.meseta.agent.core;

import io.meseta.executor.ExecutorInput;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus.Reason;
import io.meseta.tasks.TaskStates;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Kills and shutdowns: of a task, an executor, a framework, everything (A-28, E-7). */
final class Endings {
  private final Books books;
  private final StatusFlow updates;
  private final Containers containers;
  private final Removal removal;

  Endings(Books books, StatusFlow updates, Containers containers, Removal removal) {
    this.books = books;
    this.updates = updates;
    this.containers = containers;
    this.removal = removal;
  }

  /** */
  void killTask(Turn turn, MasterToAgent.KillTask call) {
    if (books.state == Agent.State.RECOVERING || books.state == Agent.State.TERMINATING) {
      turn.info("A kill is ignored", "state", books.state);
      return;
    }
    TaskKey key = new TaskKey(call.getFrameworkId().getValue(), call.getTaskId().getValue());
    Optional<Framework> framework =
        books.framework(key.frameworkId()).filter(known -> !known.terminating);
    if (framework.isEmpty()) {
      turn.warn(
          "A kill for an unknown framework is ignored",
          "framework",
          key.frameworkId(),
          "task",
          key.taskId());
      return;
    }
    Optional<Executor> executor = books.task(key);
    if (executor.isEmpty()) {
      updates.refused(
          turn,
          framework.get(),
          call.getTaskId(),
          Optional.empty(),
          TaskStates.dropped(framework.get().partitionAware()),
          Reason.REASON_EXECUTOR_TERMINATED,
          "Cannot find executor");
      return;
    }
    kill(turn, executor.get(), call);
  }

  private void kill(Turn turn, Executor executor, MasterToAgent.KillTask call) {
    switch (executor.state) {
      case REGISTERING -> {
        updates.fromAgent(
            turn,
            executor,
            TaskState.TASK_KILLED,
            Reason.REASON_TASK_KILLED_DURING_LAUNCH,
            "Killed before delivery to the executor");
        containers.destroy(turn, executor);
      }
      case RUNNING -> containers.input(turn, executor, new ExecutorInput.Kill(gracePeriod(call)));
      case TERMINATING, TERMINATED ->
          turn.info(
              "A kill for an ended executor is ignored",
              "framework",
              executor.framework.id(),
              "task",
              executor.id());
    }
  }

  private static Optional<Duration> gracePeriod(MasterToAgent.KillTask call) {
    return call.hasKillPolicy() && call.getKillPolicy().hasGracePeriod()
        ? Optional.of(Duration.ofNanos(call.getKillPolicy().getGracePeriod().getNanoseconds()))
        : Optional.empty();
  }

  /** Nobody will hear of the framework's tasks again. */
  void shutdownFramework(Turn turn, Framework framework) {
    if (framework.terminating) {
      return;
    }
    turn.info("Shutting down a framework", "framework", framework.id());
    framework.terminating = true;
    updates.forget(framework);
    for (Executor executor : List.copyOf(framework.executors.values())) {
      executor.completed |= executor.task.terminal();
      shutdown(turn, executor, Optional.empty());
    }
    removal.sweep(turn, framework);
  }

  void shutdownExecutor(Turn turn, MasterToAgent.ShutdownExecutor call) {
    books
        .framework(call.getFrameworkId().getValue())
        .map(framework -> framework.executors.get(call.getExecutorId().getValue()))
        .ifPresentOrElse(
            executor -> shutdown(turn, executor, Optional.empty()),
            () ->
                turn.warn(
                    "A shutdown of an unknown executor is ignored",
                    "framework",
                    call.getFrameworkId().getValue(),
                    "executor",
                    call.getExecutorId().getValue()));
  }

  /**
   * Tells an executor to end; its container is destroyed after its grace period (E-7).
   *
   * @param limit cuts the grace period
   */
  void shutdown(Turn turn, Executor executor, Optional<Duration> limit) {
    Duration own = Duration.ofNanos(executor.info.getShutdownGracePeriod().getNanoseconds());
    Duration grace = limit.filter(most -> most.compareTo(own) < 0).orElse(own);
    switch (executor.state) {
      case REGISTERING -> containers.destroy(turn, executor);
      case RUNNING, TERMINATING -> {
        if (executor.state == Executor.State.RUNNING) {
          executor.state = Executor.State.TERMINATING;
          arm(turn, executor, grace);
        } else if (limit.isPresent()) {
          arm(turn, executor, grace);
        }
        containers.input(turn, executor, new ExecutorInput.Shutdown(CommandTask.taskGrace(grace)));
      }
      case TERMINATED -> {
        // Nothing runs.
      }
    }
  }

  private void arm(Turn turn, Executor executor, Duration grace) {
    long dueNanos = turn.nowNanos() + grace.toNanos();
    // Grace periods of centuries are legal.
    books.timers.set(
        new TimerKey.Destroy(executor.containerId),
        dueNanos < turn.nowNanos() ? Long.MAX_VALUE : dueNanos);
  }
}
