package io.meseta.master.core;

import io.meseta.schema.v1.TaskID;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.schema.v1.TaskStatus.Reason;
import io.meseta.schema.v1.scheduler.Call;
import java.util.List;
import java.util.Optional;

/** RECONCILE: what the master knows of tasks, as far as the framework may know it (section 9). */
final class Reconcile {
  private final Term term;

  Reconcile(Term term) {
    this.term = term;
  }

  void on(FrameworkBook framework, Call.Reconcile call) {
    if (call.getTasksCount() == 0) {
      List.copyOf(framework.tasks.values()).forEach(task -> tell(framework, latest(task)));
      return;
    }
    for (Call.Reconcile.Task asked : call.getTasksList()) {
      explicit(
          framework, asked.getTaskId(), asked.hasAgentId() ? asked.getAgentId().getValue() : "");
    }
  }

  /**
   * One task; not answered while its agent may still come back and tell.
   *
   * @param agentId empty if the framework does not say
   */
  void explicit(FrameworkBook framework, TaskID id, String agentId) {
    TaskBook task = framework.tasks.get(id.getValue());
    if (task != null) {
      tell(framework, latest(task));
    } else {
      unknown(framework, id, agentId).ifPresent(status -> tell(framework, status));
    }
  }

  private TaskStatus latest(TaskBook task) {
    return Statuses.withLastKnown(
            Statuses.of(
                task,
                task.knownState(),
                Reason.REASON_RECONCILIATION,
                "Reconciliation: Latest task state",
                term.now()),
            task)
        .build();
  }

  private Optional<TaskStatus> unknown(FrameworkBook framework, TaskID id, String agentId) {
    Books books = term.books();
    if (books.agents.containsKey(agentId)) {
      return Optional.of(
          status(framework, id, agentId, TaskState.TASK_GONE, "Task is unknown to the agent")
              .build());
    }
    boolean mayComeBack =
        agentId.isEmpty()
            ? !books.recoveredAgents.isEmpty()
            : books.recoveredAgents.containsKey(agentId);
    if (mayComeBack) {
      return Optional.empty();
    }
    Optional<Long> unreachableSince = books.unreachableAgents.get(agentId);
    if (unreachableSince.isPresent()) {
      return Optional.of(
          status(framework, id, agentId, TaskState.TASK_UNREACHABLE, "Task is unreachable")
              .setUnreachableTime(Statuses.time(unreachableSince.get()))
              .build());
    }
    if (books.goneAgents.contains(agentId)) {
      return Optional.of(
          status(framework, id, agentId, TaskState.TASK_GONE_BY_OPERATOR, "Task is gone").build());
    }
    return Optional.of(
        status(framework, id, agentId, TaskState.TASK_UNKNOWN, "Task is unknown").build());
  }

  private TaskStatus.Builder status(
      FrameworkBook framework, TaskID id, String agentId, TaskState state, String message) {
    TaskStatus.Builder status =
        Statuses.of(
            id.getValue(),
            framework.isPartitionAware() ? state : TaskState.TASK_LOST,
            Reason.REASON_RECONCILIATION,
            "Reconciliation: " + message,
            term.now());
    if (!agentId.isEmpty()) {
      status.setAgentId(Statuses.agentId(agentId));
    }
    return status;
  }

  private void tell(FrameworkBook framework, TaskStatus status) {
    term.out().send(framework, Events.update(status));
  }
}
