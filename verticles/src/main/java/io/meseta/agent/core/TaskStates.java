package io.meseta.agent.core;

import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.TaskState;

/** What an agent must know about task states (scheduler-api 8.1). */
final class TaskStates {
  private TaskStates() {}

  static boolean terminal(TaskState state) {
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

  /** The state of a task that never ran, as the framework knows it. */
  static TaskState dropped(boolean partitionAware) {
    return partitionAware ? TaskState.TASK_DROPPED : TaskState.TASK_LOST;
  }

  /** The state of a task that ran and whose end nobody saw, as the framework knows it. */
  static TaskState gone(boolean partitionAware) {
    return partitionAware ? TaskState.TASK_GONE : TaskState.TASK_LOST;
  }

  static boolean has(FrameworkInfo framework, FrameworkInfo.Capability.Type type) {
    return framework.getCapabilitiesList().stream()
        .anyMatch(capability -> capability.getType() == type);
  }
}
