package io.meseta.tasks;

import io.meseta.schema.v1.TaskState;

/** The meaning of task states (scheduler-api 8.1). */
public final class TaskStates {
  private TaskStates() {}

  /** The task is over, as far as anybody can tell. */
  public static boolean isTerminal(TaskState state) {
    return switch (state) {
      case TASK_FINISHED,
          TASK_FAILED,
          TASK_KILLED,
          TASK_ERROR,
          TASK_LOST,
          TASK_DROPPED,
          TASK_GONE,
          TASK_GONE_BY_OPERATOR ->
          true;
      case TASK_STAGING,
          TASK_STARTING,
          TASK_RUNNING,
          TASK_KILLING,
          TASK_UNREACHABLE,
          TASK_UNKNOWN ->
          false;
    };
  }

  /** Whether the task's resources are in use. */
  public static boolean holdsResources(TaskState state) {
    return !isTerminal(state) && state != TaskState.TASK_UNREACHABLE;
  }

  /** The state of a task that never ran, as the framework knows it. */
  public static TaskState dropped(boolean partitionAware) {
    return partitionAware ? TaskState.TASK_DROPPED : TaskState.TASK_LOST;
  }

  /** The state of a task that ran and whose end nobody saw, as the framework knows it. */
  public static TaskState gone(boolean partitionAware) {
    return partitionAware ? TaskState.TASK_GONE : TaskState.TASK_LOST;
  }
}
