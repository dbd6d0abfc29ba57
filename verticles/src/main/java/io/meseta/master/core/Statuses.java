package io.meseta.master.core;

import io.meseta.kernel.Clock;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.ExecutorID;
import io.meseta.schema.v1.TaskID;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.schema.v1.TaskStatus.Reason;
import io.meseta.schema.v1.TimeInfo;

/** Task statuses that the master makes itself: no uuid, so nobody acknowledges them (S-11). */
final class Statuses {
  private Statuses() {}

  static TaskStatus.Builder of(
      String taskId, TaskState state, Reason reason, String message, long nowNanos) {
    return TaskStatus.newBuilder()
        .setTaskId(TaskID.newBuilder().setValue(taskId))
        .setState(state)
        .setSource(TaskStatus.Source.SOURCE_MASTER)
        .setReason(reason)
        .setMessage(message)
        .setTimestamp(Clock.seconds(nowNanos));
  }

  /** About a task that the master knows. */
  static TaskStatus.Builder of(
      TaskBook task, TaskState state, Reason reason, String message, long nowNanos) {
    TaskStatus.Builder status =
        of(task.id(), state, reason, message, nowNanos).setAgentId(agentId(task.agentId()));
    task.executorId().ifPresent(id -> status.setExecutorId(ExecutorID.newBuilder().setValue(id)));
    return status;
  }

  /** Adds what the last status of the task told about its health and container. */
  static TaskStatus.Builder withLastKnown(TaskStatus.Builder status, TaskBook task) {
    task.lastStatus()
        .ifPresent(
            last -> {
              if (last.hasHealthy()) {
                status.setHealthy(last.getHealthy());
              }
              if (last.hasCheckStatus()) {
                status.setCheckStatus(last.getCheckStatus());
              }
              if (last.hasContainerStatus()) {
                status.setContainerStatus(last.getContainerStatus());
              }
            });
    return status;
  }

  static AgentID agentId(String id) {
    return AgentID.newBuilder().setValue(id).build();
  }

  static TimeInfo time(long nanos) {
    return TimeInfo.newBuilder().setNanoseconds(nanos).build();
  }
}
