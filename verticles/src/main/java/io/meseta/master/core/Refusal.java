package io.meseta.master.core;

import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.OperationState;
import io.meseta.schema.v1.OperationStatus;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus.Reason;
import java.util.List;

/** How a framework is told that an operation was not done (6.4, A-3 to A-5). */
final class Refusal {
  private final Term term;

  Refusal(Term term) {
    this.term = term;
  }

  /** The offers are not valid: nothing of the ACCEPT was tried. */
  void invalidOffers(FrameworkBook framework, Offer.Operation operation, String reason) {
    TaskState state = framework.isPartitionAware() ? TaskState.TASK_DROPPED : TaskState.TASK_LOST;
    for (TaskInfo task : tasksOf(operation)) {
      task(
          framework,
          task,
          state,
          Reason.REASON_INVALID_OFFERS,
          "Task launched with invalid offers: " + reason);
    }
    operation(framework, operation, "Operation attempted with invalid offers: " + reason);
  }

  /** The operation itself is wrong: all of its tasks are. */
  void invalid(FrameworkBook framework, Offer.Operation operation, String reason) {
    Reason code =
        operation.getType() == Offer.Operation.Type.LAUNCH_GROUP
            ? Reason.REASON_TASK_GROUP_INVALID
            : Reason.REASON_TASK_INVALID;
    for (TaskInfo task : tasksOf(operation)) {
      task(framework, task, TaskState.TASK_ERROR, code, reason);
    }
    operation(framework, operation, reason);
  }

  /** A task that was not launched; it never enters the books. */
  void task(
      FrameworkBook framework, TaskInfo task, TaskState state, Reason reason, String message) {
    var status =
        Statuses.of(task.getTaskId().getValue(), state, reason, message, term.now())
            .setAgentId(task.getAgentId())
            .build();
    term.meters().taskEnded(state, status);
    term.out()
        .info(
            "Task refused",
            "framework",
            framework.id(),
            "task",
            task.getTaskId().getValue(),
            "state",
            state,
            "reason",
            message);
    term.out().send(framework, Events.update(status));
  }

  /** Other operations are answered only if they have an id. */
  private void operation(FrameworkBook framework, Offer.Operation operation, String message) {
    boolean launch =
        operation.getType() == Offer.Operation.Type.LAUNCH
            || operation.getType() == Offer.Operation.Type.LAUNCH_GROUP;
    if (launch) {
      return;
    }
    term.out()
        .info(
            "Operation refused",
            "framework",
            framework.id(),
            "type",
            operation.getType(),
            "operation",
            operation.getId().getValue(),
            "reason",
            message);
    if (operation.hasId()) {
      term.out()
          .send(
              framework,
              Events.operationStatus(
                  OperationStatus.newBuilder()
                      .setOperationId(operation.getId())
                      .setState(OperationState.OPERATION_ERROR)
                      .setMessage(message)
                      .build()));
    }
  }

  private static List<TaskInfo> tasksOf(Offer.Operation operation) {
    return switch (operation.getType()) {
      case LAUNCH -> operation.getLaunch().getTaskInfosList();
      case LAUNCH_GROUP -> operation.getLaunchGroup().getTaskGroup().getTasksList();
      default -> List.of();
    };
  }
}
