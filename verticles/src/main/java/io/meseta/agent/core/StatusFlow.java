package io.meseta.agent.core;

import com.google.protobuf.ByteString;
import io.meseta.kernel.Clock;
import io.meseta.kernel.Effects;
import io.meseta.kernel.Ids;
import io.meseta.log.streams.StreamEffect;
import io.meseta.log.streams.StreamRecord;
import io.meseta.log.streams.UpdateStreams;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.internal.v1.StatusUpdate;
import io.meseta.schema.v1.ContainerStatus;
import io.meseta.schema.v1.ExecutorID;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.NetworkInfo;
import io.meseta.schema.v1.TaskID;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.tasks.TaskStates;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The way of a status update through the agent (U-2): enriched, applied to the task, made durable
 * if the framework checkpoints, forwarded until acknowledged.
 */
final class StatusFlow {
  private static final int UUID_BYTES = 16;

  private final Books books;
  private final Registration registration;
  private final Removal removal;
  private final UpdateStreams<TaskKey, StatusUpdate> streams = new UpdateStreams<>(TaskKey.TRAITS);

  StatusFlow(Books books, Registration registration, Removal removal) {
    this.books = books;
    this.registration = registration;
    this.removal = removal;
  }

  /** A status that the executor reports. */
  void fromExecutor(Turn turn, Executor executor, TaskStatus reported) {
    TaskStatus.Builder status = reported.toBuilder();
    books.agentId.ifPresent(status::setAgentId);
    if (!status.getContainerStatus().hasContainerId()) {
      status.setContainerStatus(containerStatus(executor));
    }
    take(turn, executor, status.build());
  }

  /** A status of a known task that the agent makes itself. */
  void fromAgent(
      Turn turn, Executor executor, TaskState state, TaskStatus.Reason reason, String message) {
    take(
        turn,
        executor,
        agentStatus(
            turn,
            executor.task.info.getTaskId(),
            Optional.of(executor.info.getExecutorId()),
            state,
            reason,
            message));
  }

  /** The only status of a task that this agent has not taken. */
  void refused(
      Turn turn,
      Framework framework,
      TaskID taskId,
      Optional<ExecutorID> executorId,
      TaskState state,
      TaskStatus.Reason reason,
      String message) {
    TaskKey key = new TaskKey(framework.id(), taskId.getValue());
    if (streams.view(key).isPresent()) {
      turn.debug("A task was refused before", "framework", framework.id(), "task", key.taskId());
      return;
    }
    turn.warn(
        "A task was refused",
        "framework",
        framework.id(),
        "task",
        taskId.getValue(),
        "reason",
        reason,
        "cause",
        message);
    framework.refused.add(taskId.getValue());
    accept(
        turn,
        framework.frameworkId(),
        framework.checkpoint(),
        executorId,
        agentStatus(turn, taskId, executorId, state, reason, message));
  }

  /** the master believes in a task of a framework that may be unknown here. */
  void unknownTask(Turn turn, MasterToAgent.MissingTask missing) {
    TaskKey key = new TaskKey(missing.getFrameworkId().getValue(), missing.getTaskId().getValue());
    if (books.task(key).isPresent() || streams.view(key).isPresent()) {
      return; // its own updates will tell
    }
    Optional<Framework> framework = books.framework(key.frameworkId());
    framework.ifPresent(known -> known.refused.add(key.taskId()));
    accept(
        turn,
        missing.getFrameworkId(),
        framework.map(Framework::checkpoint).orElse(false),
        Optional.empty(),
        agentStatus(
            turn,
            missing.getTaskId(),
            Optional.empty(),
            TaskStates.dropped(missing.getPartitionAware()),
            TaskStatus.Reason.REASON_RECONCILIATION,
            "Reconciliation: task unknown to the agent"));
  }

  void acknowledge(Turn turn, MasterToAgent.StatusUpdateAcknowledgement acknowledgement) {
    if (acknowledgement.getUuid().size() != UUID_BYTES) {
      turn.warn("An acknowledgement without a valid uuid is ignored");
      return;
    }
    TaskKey key =
        new TaskKey(
            acknowledgement.getFrameworkId().getValue(), acknowledgement.getTaskId().getValue());
    run(
        turn,
        effects ->
            streams.acknowledge(
                key, Ids.uuid(acknowledgement.getUuid().toByteArray()), turn.nowNanos(), effects));
  }

  void persisted(Turn turn, long requestId) {
    run(turn, effects -> streams.persisted(requestId, turn.nowNanos(), effects));
  }

  void pause() {
    streams.pause();
  }

  void resume(Turn turn) {
    run(turn, effects -> streams.resume(turn.nowNanos(), effects));
  }

  /** The framework's scheduler is a new one: it hears at once what it has not acknowledged. */
  void resend(Turn turn, Framework framework) {
    run(
        turn,
        effects ->
            streams.resend(
                key -> key.frameworkId().equals(framework.id()), turn.nowNanos(), effects));
  }

  void onTime(Turn turn) {
    run(turn, effects -> streams.onTime(turn.nowNanos(), effects));
  }

  long wakeUpNanos() {
    return streams.wakeUpNanos();
  }

  /** U-14: nobody wants to hear of the framework's tasks any more. */
  void forget(Framework framework) {
    for (Executor executor : framework.executors.values()) {
      streams.close(executor.taskKey());
    }
    framework.refused.forEach(task -> streams.close(new TaskKey(framework.id(), task)));
    framework.refused.clear();
  }

  void replay(AgentState state, long nowNanos) {
    streams.replay(state.streamRecords(), nowNanos);
  }

  /** Whether the task has updates that are not acknowledged. */
  boolean pending(TaskKey key) {
    return streams.view(key).map(view -> view.pending() > 0).orElse(false);
  }

  private void take(Turn turn, Executor executor, TaskStatus status) {
    if (executor.task.terminal()) {
      return; // U-6
    }
    executor.task.apply(status);
    turn.info(
        "Task " + status.getState(),
        "framework",
        executor.framework.id(),
        "task",
        status.getTaskId().getValue(),
        "message",
        status.getMessage());
    if (executor.framework.terminating) {
      executor.completed |= executor.task.terminal();
      return; // U-4: the framework is gone
    }
    accept(
        turn,
        executor.framework.frameworkId(),
        executor.framework.checkpoint(),
        Optional.of(executor.info.getExecutorId()),
        status);
  }

  private void accept(
      Turn turn,
      FrameworkID frameworkId,
      boolean durable,
      Optional<ExecutorID> executorId,
      TaskStatus status) {
    StatusUpdate.Builder update =
        StatusUpdate.newBuilder()
            .setFrameworkId(frameworkId)
            .setStatus(status)
            .setTimestamp(status.getTimestamp())
            .setUuid(status.getUuid());
    executorId.ifPresent(update::setExecutorId);
    books.agentId.ifPresent(update::setAgentId);
    run(turn, effects -> streams.accept(update.build(), durable, turn.nowNanos(), effects));
  }

  /** Carries out what streams want after they have returned: they must not be called back. */
  private void run(Turn turn, Consumer<Effects<StreamEffect<TaskKey, StatusUpdate>>> call) {
    List<StreamEffect<TaskKey, StatusUpdate>> effects = new ArrayList<>();
    call.accept(effects::add);
    effects.forEach(effect -> carryOut(turn, effect));
  }

  private void carryOut(Turn turn, StreamEffect<TaskKey, StatusUpdate> effect) {
    switch (effect) {
      case StreamEffect.Persist<TaskKey, StatusUpdate> persist ->
          persist(turn, persist.requestId(), persist.record());
      case StreamEffect.Forward<TaskKey, StatusUpdate> forward -> forward(turn, forward);
      case StreamEffect.Closed<TaskKey, StatusUpdate> closed -> closed(turn, closed.key());
      case StreamEffect.Accepted<TaskKey, StatusUpdate> _ -> {
        // Built-in executors do not wait for it.
      }
      case StreamEffect.Acknowledged<TaskKey, StatusUpdate> _ -> {
        // Only the end of a stream matters to the books.
      }
      case StreamEffect.Refused<TaskKey, StatusUpdate> refused ->
          turn.warn(
              "A status update was dropped",
              "framework",
              refused.key().frameworkId(),
              "task",
              refused.key().taskId(),
              "cause",
              refused.reason());
      case StreamEffect.Ignored<TaskKey, StatusUpdate> ignored ->
          turn.warn(
              "An acknowledgement had no effect",
              "framework",
              ignored.key().frameworkId(),
              "task",
              ignored.key().taskId(),
              "cause",
              ignored.reason());
    }
  }

  private void persist(Turn turn, long requestId, StreamRecord<TaskKey, StatusUpdate> record) {
    books.ledger.write(turn, Records.stream(record), new Ledger.Then.Stream(requestId));
  }

  private void forward(Turn turn, StreamEffect.Forward<TaskKey, StatusUpdate> forward) {
    TaskStatus status = forward.update().getStatus();
    Optional<Executor> executor = books.task(forward.key());
    executor.ifPresent(known -> known.task.forwarded(status));
    registration.send(
        turn,
        AgentToMaster.newBuilder()
            .setStatusUpdate(
                AgentToMaster.StatusUpdate.newBuilder()
                    .setFrameworkId(forward.update().getFrameworkId())
                    .setStatus(status)
                    .setLatestState(
                        executor.map(known -> known.task.state()).orElse(status.getState())))
            .build());
  }

  private void closed(Turn turn, TaskKey key) {
    books
        .framework(key.frameworkId())
        .ifPresent(
            framework -> {
              framework.refused.remove(key.taskId());
              books
                  .task(key)
                  .filter(executor -> executor.task.terminal())
                  .ifPresent(executor -> executor.completed = true);
              removal.sweep(turn, framework);
            });
  }

  private TaskStatus agentStatus(
      Turn turn,
      TaskID taskId,
      Optional<ExecutorID> executorId,
      TaskState state,
      TaskStatus.Reason reason,
      String message) {
    TaskStatus.Builder status =
        TaskStatus.newBuilder()
            .setTaskId(taskId)
            .setState(state)
            .setMessage(message)
            .setSource(TaskStatus.Source.SOURCE_AGENT)
            .setReason(reason)
            .setTimestamp(Clock.seconds(turn.nowNanos()))
            .setUuid(ByteString.copyFrom(Ids.bytes(Ids.uuid(books.rng))));
    executorId.ifPresent(status::setExecutorId);
    books.agentId.ifPresent(status::setAgentId);
    return status.build();
  }

  /** A container without a network of its own has the agent's address. */
  private ContainerStatus containerStatus(Executor executor) {
    ContainerStatus.Builder status =
        ContainerStatus.newBuilder()
            .setContainerId(executor.container())
            .addNetworkInfos(
                NetworkInfo.newBuilder()
                    .addIpAddresses(
                        NetworkInfo.IPAddress.newBuilder()
                            .setProtocol(
                                books.config.ip().indexOf(':') >= 0
                                    ? NetworkInfo.Protocol.IPv6
                                    : NetworkInfo.Protocol.IPv4)
                            .setIpAddress(books.config.ip())));
    if (executor.machine.pid() != 0) {
      status.setExecutorPid(executor.machine.pid());
    }
    return status.build();
  }
}
