package io.meseta.agent.core;

import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.Task;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.tasks.TaskStates;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** A task that this agent has accepted and whose terminal update is not acknowledged. */
final class AgentTask {
  /** Statuses that a task remembers; the oldest are forgotten. */
  static final int MAX_STATUSES = 100;

  final TaskInfo info;
  private TaskState state = TaskState.TASK_STAGING;
  private final Deque<TaskStatus> statuses = new ArrayDeque<>();
  private Optional<TaskStatus> forwarded = Optional.empty();

  AgentTask(TaskInfo info) {
    this.info = info;
  }

  TaskState state() {
    return state;
  }

  boolean terminal() {
    return TaskStates.isTerminal(state);
  }

  /** U-11: a status replaces the last one if that has the same state. */
  void apply(TaskStatus status) {
    state = status.getState();
    if (!statuses.isEmpty() && statuses.getLast().getState() == status.getState()) {
      statuses.removeLast();
    } else if (statuses.size() == MAX_STATUSES) {
      statuses.removeFirst();
    }
    statuses.addLast(status);
  }

  /** U-10: the master is told what it was last sent. */
  void forwarded(TaskStatus status) {
    forwarded = Optional.of(status);
  }

  /** As reported to a master. */
  Task report(FrameworkID frameworkId, AgentID agentId) {
    Task.Builder task =
        Task.newBuilder()
            .setName(info.getName())
            .setTaskId(info.getTaskId())
            .setFrameworkId(frameworkId)
            .setAgentId(agentId)
            .setState(state)
            .addAllResources(info.getResourcesList())
            .addAllStatuses(statuses)
            .putAllLimits(info.getLimitsMap());
    forwarded.ifPresent(
        status ->
            task.setStatusUpdateState(status.getState()).setStatusUpdateUuid(status.getUuid()));
    if (info.getCommand().hasUser()) {
      task.setUser(info.getCommand().getUser());
    }
    if (info.hasLabels()) {
      task.setLabels(info.getLabels());
    }
    if (info.hasDiscovery()) {
      task.setDiscovery(info.getDiscovery());
    }
    if (info.hasContainer()) {
      task.setContainer(info.getContainer());
    }
    if (info.hasHealthCheck()) {
      task.setHealthCheck(info.getHealthCheck());
    }
    if (info.hasKillPolicy()) {
      task.setKillPolicy(info.getKillPolicy());
    }
    return task.build();
  }
}
