package io.meseta.agent.core;

import com.google.protobuf.ByteString;
import io.meseta.executor.CommandExecutor;
import io.meseta.kernel.Ids;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.ExecutorID;
import io.meseta.schema.v1.ExecutorInfo;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus.Reason;
import io.meseta.tasks.TaskStates;
import java.util.List;
import java.util.Optional;

/** The launch of tasks, in the order of A-24. */
final class Launches {
  /** Executors, ended ones with unacknowledged updates included, that one agent holds. */
  static final int MAX_EXECUTORS = 10_000;

  private final Books books;
  private final StatusFlow updates;
  private final Containers containers;
  private final Registration registration;
  private final Removal removal;

  Launches(
      Books books,
      StatusFlow updates,
      Containers containers,
      Registration registration,
      Removal removal) {
    this.books = books;
    this.updates = updates;
    this.containers = containers;
    this.registration = registration;
    this.removal = removal;
  }

  void runTask(Turn turn, MasterToAgent.RunTask call) {
    if (!forThisAgent(turn, List.of(call.getTask()))) {
      return;
    }
    Framework framework = framework(turn, call.getFramework());
    if (framework.terminating) {
      turn.info("Task of a framework that is going is ignored", "framework", framework.id());
      return;
    }
    TaskInfo task = call.getTask();
    Optional<Refusal> refusal =
        assumptions(call.hasResourceVersionUuid(), call.getResourceVersionUuid(), List.of(task))
            .or(() -> executorExpected(framework, call.getLaunchExecutor(), task))
            .or(() -> impossible(task));
    if (refusal.isPresent()) {
      refuse(turn, framework, task, executorId(task), refusal.get());
      if (call.getLaunchExecutor() && task.hasExecutor()) {
        noExecutor(turn, framework, task.getExecutor());
      }
      removal.sweep(turn, framework);
      return;
    }
    Executor existing = framework.executors.get(task.getTaskId().getValue());
    if (existing != null) {
      // The executor made up for a task has its id, so this is the same task, or one with its id.
      // The only stream of updates for that id is the running task's; it must not end here.
      turn.warn(
          "A task with the id of a task on this agent is ignored",
          "framework",
          framework.id(),
          "task",
          existing.id());
      return;
    }
    launch(turn, framework, task);
  }

  void runTaskGroup(Turn turn, MasterToAgent.RunTaskGroup call) {
    List<TaskInfo> tasks = call.getTaskGroup().getTasksList();
    if (!forThisAgent(turn, tasks)) {
      return;
    }
    Framework framework = framework(turn, call.getFramework());
    if (framework.terminating) {
      return;
    }
    Refusal refusal =
        assumptions(call.hasResourceVersionUuid(), call.getResourceVersionUuid(), tasks)
            .orElseGet(
                () ->
                    Refusal.failed(
                        "this agent runs no task groups; use LAUNCH with 'TaskInfo.command'"));
    for (TaskInfo task : tasks) {
      refuse(turn, framework, task, Optional.of(call.getExecutor().getExecutorId()), refusal);
    }
    if (call.getLaunchExecutor()) {
      noExecutor(turn, framework, call.getExecutor());
    }
    removal.sweep(turn, framework);
  }

  private boolean forThisAgent(Turn turn, List<TaskInfo> tasks) {
    if (books.state == Agent.State.RECOVERING || books.state == Agent.State.TERMINATING) {
      turn.info("A launch is ignored", "state", books.state);
      return false;
    }
    for (TaskInfo task : tasks) {
      if (!books.agentId.equals(Optional.of(task.getAgentId()))) {
        turn.warn(
            "A launch for another agent is ignored",
            "task",
            task.getTaskId().getValue(),
            "agent",
            task.getAgentId().getValue());
        return false;
      }
    }
    return true;
  }

  private Framework framework(Turn turn, FrameworkInfo info) {
    return books
        .framework(info.getId().getValue())
        .orElseGet(
            () -> {
              Framework framework = new Framework(info);
              books.add(framework);
              if (framework.checkpoint()) {
                books.ledger.write(turn, Records.framework(info));
              }
              return framework;
            });
  }

  /** Why a task is not launched. */
  private record Refusal(Optional<TaskState> state, Reason reason, String message) {
    /** Dropped or lost, as the framework knows it. */
    static Refusal dropped(Reason reason, String message) {
      return new Refusal(Optional.empty(), reason, message);
    }

    static Refusal failed(String message) {
      return new Refusal(
          Optional.of(TaskState.TASK_FAILED),
          Reason.REASON_CONTAINER_LAUNCH_FAILED,
          "Failed to launch container: " + message);
    }
  }

  private void refuse(
      Turn turn,
      Framework framework,
      TaskInfo task,
      Optional<ExecutorID> executorId,
      Refusal refusal) {
    updates.refused(
        turn,
        framework,
        task.getTaskId(),
        executorId,
        refusal.state().orElse(TaskStates.dropped(framework.partitionAware())),
        refusal.reason(),
        refusal.message());
  }

  /** so that the master gives the executor's resources back. */
  private void noExecutor(Turn turn, Framework framework, ExecutorInfo executor) {
    registration.send(
        turn,
        AgentToMaster.newBuilder()
            .setExitedExecutor(
                AgentToMaster.ExitedExecutor.newBuilder()
                    .setFrameworkId(framework.frameworkId())
                    .setExecutorId(executor.getExecutorId())
                    .setStatus(-1))
            .build());
  }

  /** What the master took for granted about this agent's resources. */
  private Optional<Refusal> assumptions(
      boolean hasVersion, ByteString version, List<TaskInfo> tasks) {
    if (hasVersion && !version.equals(books.resourceVersion)) {
      return Optional.of(
          Refusal.dropped(Reason.REASON_INVALID_OFFERS, "Tasks assumes outdated resource state"));
    }
    for (TaskInfo task : tasks) {
      if (task.getResourcesList().stream().anyMatch(Launches::checkpointed)) {
        return Optional.of(
            Refusal.dropped(
                Reason.REASON_RESOURCES_UNKNOWN,
                "The checkpointed resources being used by the task or task group are unknown to"
                    + " the agent"));
      }
    }
    return Optional.empty();
  }

  /** Reservations made at run time and volumes: this agent has none. */
  private static boolean checkpointed(Resource resource) {
    return resource.getDisk().hasPersistence()
        || resource.getReservationsList().stream()
            .anyMatch(
                reservation -> reservation.getType() == Resource.ReservationInfo.Type.DYNAMIC);
  }

  private static Optional<Refusal> executorExpected(
      Framework framework, boolean launchExecutor, TaskInfo task) {
    boolean exists =
        executorId(task).map(id -> framework.executors.containsKey(id.getValue())).orElse(false);
    return launchExecutor || exists
        ? Optional.empty()
        : Optional.of(
            Refusal.dropped(
                Reason.REASON_EXECUTOR_TERMINATED,
                "No executor is expected to launch and there is none running"));
  }

  private Optional<Refusal> impossible(TaskInfo task) {
    Optional<String> reason = CommandTask.unsupported(task);
    if (reason.isEmpty() && books.executorCount() >= MAX_EXECUTORS) {
      reason = Optional.of("the agent already holds " + MAX_EXECUTORS + " executors");
    }
    return reason.map(Refusal::failed);
  }

  private static Optional<ExecutorID> executorId(TaskInfo task) {
    return Optional.of(
        task.hasExecutor()
            ? task.getExecutor().getExecutorId()
            : ExecutorID.newBuilder().setValue(task.getTaskId().getValue()).build());
  }

  private void launch(Turn turn, Framework framework, TaskInfo info) {
    ExecutorInfo executorInfo =
        CommandTask.executor(framework.info, info, books.config.shutdownGracePeriod());
    AgentTask task = new AgentTask(info);
    Executor executor =
        new Executor(
            framework,
            executorInfo,
            Ids.uuid(books.rng).toString(),
            task,
            new CommandExecutor(info, framework.reportsKilling(), books.rng));
    books.add(executor);
    turn.info(
        "Task accepted",
        "framework",
        framework.id(),
        "task",
        info.getTaskId().getValue(),
        "container",
        executor.containerId);
    if (info.hasHealthCheck() || info.hasCheck()) {
      turn.warn(
          "The task's checks are not carried out: this agent has none",
          "framework",
          framework.id(),
          "task",
          info.getTaskId().getValue());
    }
    if (framework.checkpoint()) {
      books.ledger.write(turn, Records.executor(executor));
      executor.awaitedRecord =
          books.ledger.write(
              turn, Records.task(executor), new Ledger.Then.Launch(executor.containerId));
    }
    turn.emit(
        new AgentEffect.PrepareSandbox(
            books.agentId.map(AgentID::getValue).orElseThrow(),
            framework.id(),
            executor.id(),
            executor.containerId,
            containers.user(framework, task)));
  }
}
