package io.meseta.master.core;

import io.meseta.schema.v1.TaskState;

/** What the master must know about task states (scheduler-api 8.1). */
final class TaskStates {
  private TaskStates() {}

  /** The task is over, as far as anybody can tell. */
  static boolean isTerminal(TaskState state) {
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
  static boolean holdsResources(TaskState state) {
    return !isTerminal(state) && state != TaskState.TASK_UNREACHABLE;
  }
}
