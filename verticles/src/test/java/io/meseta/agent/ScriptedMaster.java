package io.meseta.agent;

import io.meseta.link.AgentLink;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A link whose far end is the test: registers the agent, acknowledges updates unless told not to,
 * and remembers what came.
 */
final class ScriptedMaster implements AgentLink {
  static final AgentID AGENT_ID = AgentID.newBuilder().setValue("master-S0").build();
  static final FrameworkID FRAMEWORK_ID = FrameworkID.newBuilder().setValue("fw").build();

  private static final String SESSION = "session";
  private static final long PATIENCE_SECONDS = 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<AgentToMaster> received = new ArrayList<>();
  private volatile boolean acknowledges = true;
  private @Nullable Context owner;
  private @Nullable Listener listener;

  void acknowledges(boolean value) {
    acknowledges = value;
  }

  @Override
  public void open(Listener newListener) {
    lock.lock();
    try {
      owner = Vertx.currentContext();
      listener = newListener;
    } finally {
      lock.unlock();
    }
    newListener.opened(SESSION);
  }

  @Override
  public void send(String session, AgentToMaster message) {
    switch (message.getMessageCase()) {
      case REGISTER ->
          say(
              MasterToAgent.newBuilder()
                  .setRegistered(
                      MasterToAgent.Registered.newBuilder()
                          .setAgentId(AGENT_ID)
                          .setTotalPingTimeoutMillis(75_000)));
      case REREGISTER ->
          say(
              MasterToAgent.newBuilder()
                  .setReregistered(
                      MasterToAgent.Reregistered.newBuilder()
                          .setAgentId(message.getReregister().getAgentInfo().getId())
                          .setTotalPingTimeoutMillis(75_000)));
      case STATUS_UPDATE -> {
        if (acknowledges) {
          acknowledge(message.getStatusUpdate());
        }
      }
      default -> {
        // Remembered below.
      }
    }
    lock.lock();
    try {
      received.add(message);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void acknowledge(AgentToMaster.StatusUpdate update) {
    say(
        MasterToAgent.newBuilder()
            .setStatusUpdateAcknowledgement(
                MasterToAgent.StatusUpdateAcknowledgement.newBuilder()
                    .setFrameworkId(update.getFrameworkId())
                    .setTaskId(update.getStatus().getTaskId())
                    .setUuid(update.getStatus().getUuid())));
  }

  /** Says something to the agent, on the agent's context. */
  void say(MasterToAgent.Builder message) {
    MasterToAgent built = message.build();
    Context context;
    Listener hears;
    lock.lock();
    try {
      context = owner;
      hears = listener;
    } finally {
      lock.unlock();
    }
    if (context == null || hears == null) {
      throw new AssertionError("the link is not open");
    }
    context.runOnContext(ignored -> hears.received(SESSION, built));
  }

  @Override
  public void reconnect(String session, String reason) {
    throw new AssertionError("nobody is silent here");
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }

  /** Waits until a task has that state; gives the status. */
  TaskStatus await(String taskId, TaskState state) {
    return await(
            message ->
                message.hasStatusUpdate()
                    && message.getStatusUpdate().getStatus().getTaskId().getValue().equals(taskId)
                    && message.getStatusUpdate().getStatus().getState() == state)
        .getStatusUpdate()
        .getStatus();
  }

  AgentToMaster await(Predicate<AgentToMaster> wanted) {
    lock.lock();
    try {
      long nanos = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (true) {
        for (AgentToMaster message : received) {
          if (wanted.test(message)) {
            return message;
          }
        }
        if (nanos <= 0) {
          throw new AssertionError("did not come; came: " + received);
        }
        nanos = changed.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      lock.unlock();
    }
  }

  /** The states of a task in the order of their first arrival. */
  List<TaskState> states(String taskId) {
    lock.lock();
    try {
      return received.stream()
          .filter(AgentToMaster::hasStatusUpdate)
          .map(message -> message.getStatusUpdate().getStatus())
          .filter(status -> status.getTaskId().getValue().equals(taskId))
          .distinct()
          .map(TaskStatus::getState)
          .toList();
    } finally {
      lock.unlock();
    }
  }

  static FrameworkInfo.Builder framework() {
    return FrameworkInfo.newBuilder()
        .setId(FRAMEWORK_ID)
        .setName("test")
        .setUser(System.getProperty("user.name"))
        .addCapabilities(
            FrameworkInfo.Capability.newBuilder()
                .setType(FrameworkInfo.Capability.Type.PARTITION_AWARE))
        .addCapabilities(
            FrameworkInfo.Capability.newBuilder()
                .setType(FrameworkInfo.Capability.Type.TASK_KILLING_STATE));
  }
}
