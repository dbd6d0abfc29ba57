package io.meseta.agent.core;

import com.google.protobuf.ByteString;
import io.meseta.kernel.Ids;
import io.meseta.log.streams.StreamRecord;
import io.meseta.schema.internal.v1.AcknowledgementRecord;
import io.meseta.schema.internal.v1.AgentJournalRecord;
import io.meseta.schema.internal.v1.ContainerStarted;
import io.meseta.schema.internal.v1.ContainerTerminated;
import io.meseta.schema.internal.v1.ExecutorRecord;
import io.meseta.schema.internal.v1.ExecutorSentinel;
import io.meseta.schema.internal.v1.FrameworkRecord;
import io.meseta.schema.internal.v1.FrameworkRemoved;
import io.meseta.schema.internal.v1.StatusUpdate;
import io.meseta.schema.internal.v1.SupervisorEvent;
import io.meseta.schema.internal.v1.TaskRecord;
import io.meseta.schema.internal.v1.UpdateRecord;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.TaskID;

/** How facts look in the agent's journal. */
final class Records {
  private Records() {}

  static AgentJournalRecord.Builder framework(FrameworkInfo info) {
    return AgentJournalRecord.newBuilder().setFramework(FrameworkRecord.newBuilder().setInfo(info));
  }

  static AgentJournalRecord.Builder frameworkRemoved(FrameworkID id) {
    return AgentJournalRecord.newBuilder()
        .setFrameworkRemoved(FrameworkRemoved.newBuilder().setFrameworkId(id));
  }

  static AgentJournalRecord.Builder executor(Executor executor) {
    return AgentJournalRecord.newBuilder()
        .setExecutor(
            ExecutorRecord.newBuilder()
                .setFrameworkId(executor.framework.frameworkId())
                .setInfo(executor.info)
                .setContainerId(executor.container())
                .setGeneratedForCommandTask(true));
  }

  static AgentJournalRecord.Builder task(Executor executor) {
    return AgentJournalRecord.newBuilder()
        .setTask(
            TaskRecord.newBuilder()
                .setFrameworkId(executor.framework.frameworkId())
                .setExecutorId(executor.info.getExecutorId())
                .setContainerId(executor.container())
                .setInfo(executor.task.info));
  }

  static AgentJournalRecord.Builder sentinel(Executor executor) {
    return AgentJournalRecord.newBuilder()
        .setExecutorSentinel(
            ExecutorSentinel.newBuilder()
                .setFrameworkId(executor.framework.frameworkId())
                .setExecutorId(executor.info.getExecutorId())
                .setContainerId(executor.container()));
  }

  static AgentJournalRecord.Builder started(Executor executor, SupervisorEvent.Started event) {
    return AgentJournalRecord.newBuilder()
        .setContainerStarted(
            ContainerStarted.newBuilder()
                .setContainerId(executor.container())
                .setPid(event.getPid())
                .setStartTimeTicks(event.getStartTimeTicks()));
  }

  static AgentJournalRecord.Builder terminated(Executor executor, int waitStatus) {
    return AgentJournalRecord.newBuilder()
        .setContainerTerminated(
            ContainerTerminated.newBuilder()
                .setContainerId(executor.container())
                .setWaitStatus(waitStatus));
  }

  static AgentJournalRecord.Builder stream(StreamRecord<TaskKey, StatusUpdate> record) {
    return switch (record) {
      case StreamRecord.Update<TaskKey, StatusUpdate> update ->
          AgentJournalRecord.newBuilder()
              .setUpdate(UpdateRecord.newBuilder().setUpdate(update.update()));
      case StreamRecord.Acknowledgement<TaskKey, StatusUpdate> acknowledgement ->
          AgentJournalRecord.newBuilder()
              .setAcknowledgement(
                  AcknowledgementRecord.newBuilder()
                      .setFrameworkId(
                          FrameworkID.newBuilder().setValue(acknowledgement.key().frameworkId()))
                      .setTaskId(TaskID.newBuilder().setValue(acknowledgement.key().taskId()))
                      .setUuid(ByteString.copyFrom(Ids.bytes(acknowledgement.uuid()))));
    };
  }

  static StreamRecord<TaskKey, StatusUpdate> stream(UpdateRecord record) {
    StatusUpdate update = record.getUpdate();
    return new StreamRecord.Update<>(TaskKey.of(update), TaskKey.TRAITS.uuid(update), update);
  }

  static StreamRecord<TaskKey, StatusUpdate> stream(AcknowledgementRecord record) {
    return new StreamRecord.Acknowledgement<>(
        new TaskKey(record.getFrameworkId().getValue(), record.getTaskId().getValue()),
        Ids.uuid(record.getUuid().toByteArray()));
  }
}
