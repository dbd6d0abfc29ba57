package io.meseta.agent.core;

import io.meseta.kernel.Core;
import io.meseta.kernel.Effects;
import io.meseta.kernel.Rng;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.internal.v1.SupervisorEvent;
import io.meseta.schema.v1.AgentID;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One agent: what it holds, what it tells the master, what it has done on its machine.
 *
 * <p>The parts: {@link Registration} (standing with the master), {@link Launches} (tasks come),
 * {@link Endings} (tasks go), {@link Containers} (their processes), {@link StatusFlow} (their
 * updates), {@link Removal}, {@link Recovery}; they share the {@link Books}. Begins in RECOVERING
 * and does nothing before {@link AgentInput.Recovered}.
 */
public final class Agent implements Core<AgentInput, AgentEffect> {
  /** Agent-executor 1.1. */
  public enum State {
    RECOVERING,
    /** Recovered, and not registered with a master. */
    DISCONNECTED,
    /** Registered. */
    RUNNING,
    TERMINATING
  }

  /** What tasks get of their grace period when the agent stops, of the five seconds in all. */
  static final Duration STOP_GRACE = Duration.ofSeconds(4);

  /** After this the agent stops, whatever is left. */
  static final Duration STOP_LIMIT = Duration.ofMillis(4_800);

  private final Books books;
  private final Registration registration;
  private final StatusFlow updates;
  private final Containers containers;
  private final Launches launches;
  private final Endings endings;
  private final Recovery recovery;

  private boolean unregister;
  private boolean stopped;

  /** Why the master told us to stop. */
  private Optional<String> shutdown = Optional.empty();

  /**
   * @param rng for uuids and waits; nothing else in an agent is random
   */
  public Agent(AgentConfig config, Rng rng) {
    books = new Books(config, rng);
    registration = new Registration(books);
    Removal removal = new Removal(books);
    updates = new StatusFlow(books, registration, removal);
    containers = new Containers(books, updates, removal);
    launches = new Launches(books, updates, containers, registration, removal);
    endings = new Endings(books, updates, containers, removal);
    recovery = new Recovery(books, updates, containers, removal);
  }

  public State state() {
    return books.state;
  }

  /** Empty before the first registration. */
  public Optional<AgentID> agentId() {
    return books.agentId;
  }

  @Override
  public void on(AgentInput input, long nowNanos, Effects<? super AgentEffect> effects) {
    Turn turn = new Turn(nowNanos, effects);
    switch (input) {
      case AgentInput.Recovered recovered -> recovery.begin(turn, recovered.state());
      case AgentInput.LinkOpened opened -> {
        updates.pause();
        registration.opened(turn, opened.session());
      }
      case AgentInput.LinkClosed closed -> {
        if (registration.isSession(closed.session())) {
          updates.pause();
          registration.closed(turn);
        }
      }
      case AgentInput.FromMaster message -> {
        if (registration.isSession(message.session())) {
          fromMaster(turn, message.message());
        }
      }
      case AgentInput.Persisted persisted -> persisted(turn, persisted.record());
      case AgentInput.SandboxReady ready ->
          containers.sandboxReady(turn, ready.containerId(), ready.sandbox());
      case AgentInput.SandboxFailed failed ->
          containers.sandboxFailed(turn, failed.containerId(), failed.reason());
      case AgentInput.FromSupervisor event -> fromSupervisor(turn, event.event());
      case AgentInput.Stop stop -> stop(turn, stop.unregister());
    }
    finishStop(turn);
  }

  @Override
  public void onTime(long nowNanos, Effects<? super AgentEffect> effects) {
    Turn turn = new Turn(nowNanos, effects);
    for (Optional<TimerKey> due = books.timers.pollDue(nowNanos);
        due.isPresent();
        due = books.timers.pollDue(nowNanos)) {
      switch (due.get()) {
        case TimerKey.Register _ -> registration.attempt(turn, registration.request(report()));
        case TimerKey.Ping _ -> {
          updates.pause();
          registration.silent(turn);
        }
        case TimerKey.Wake wake -> containers.wake(turn, wake.containerId());
        case TimerKey.Destroy destroy ->
            books
                .container(destroy.containerId())
                .ifPresent(executor -> containers.destroy(turn, executor));
        case TimerKey.StopLimit _ -> stopNow(turn);
      }
    }
    updates.onTime(turn);
    finishStop(turn);
  }

  @Override
  public long wakeUpNanos() {
    return Math.min(books.timers.nextNanos(), updates.wakeUpNanos());
  }

  private void fromMaster(Turn turn, MasterToAgent message) {
    switch (message.getMessageCase()) {
      case REGISTERED -> {
        MasterToAgent.Registered answer = message.getRegistered();
        if (registration.answered(turn, answer.getAgentId(), answer.getTotalPingTimeoutMillis())) {
          updates.resume(turn);
        }
      }
      case REREGISTERED -> {
        MasterToAgent.Reregistered answer = message.getReregistered();
        if (registration.answered(turn, answer.getAgentId(), answer.getTotalPingTimeoutMillis())) {
          updates.resume(turn);
          answer.getMissingTasksList().forEach(missing -> updates.unknownTask(turn, missing));
        }
      }
      case PING -> registration.ping(turn);
      case RUN_TASK -> launches.runTask(turn, message.getRunTask());
      case RUN_TASK_GROUP -> launches.runTaskGroup(turn, message.getRunTaskGroup());
      case KILL_TASK -> endings.killTask(turn, message.getKillTask());
      case STATUS_UPDATE_ACKNOWLEDGEMENT -> {
        if (registration.registered() || books.state == State.TERMINATING) {
          updates.acknowledge(turn, message.getStatusUpdateAcknowledgement());
        }
      }
      case UPDATE_FRAMEWORK -> updateFramework(turn, message.getUpdateFramework());
      case SHUTDOWN_FRAMEWORK -> {
        if (registration.registered()) {
          books
              .framework(message.getShutdownFramework().getFrameworkId().getValue())
              .ifPresent(framework -> endings.shutdownFramework(turn, framework));
        }
      }
      case SHUTDOWN_EXECUTOR -> {
        if (registration.registered()) {
          endings.shutdownExecutor(turn, message.getShutdownExecutor());
        }
      }
      case FRAMEWORK_TO_EXECUTOR ->
          turn.debug(
              "A message to an executor is dropped: command executors take none",
              "framework",
              message.getFrameworkToExecutor().getFrameworkId().getValue());
      case SHUTDOWN -> shutdown(turn, message.getShutdown().getMessage());
      case MESSAGE_NOT_SET -> turn.warn("A message of a newer master is ignored");
    }
  }

  private void updateFramework(Turn turn, MasterToAgent.UpdateFramework call) {
    books
        .framework(call.getFramework().getId().getValue())
        .filter(framework -> !framework.terminating)
        .ifPresent(
            framework -> {
              boolean checkpoint = framework.checkpoint();
              // U-13: what was begun without a checkpoint cannot be continued with one.
              framework.info = call.getFramework().toBuilder().setCheckpoint(checkpoint).build();
              if (checkpoint) {
                books.ledger.write(turn, Records.framework(framework.info));
              }
              updates.resend(turn, framework);
            });
  }

  private void persisted(Turn turn, long record) {
    books
        .ledger
        .durable(record)
        .ifPresent(
            then -> {
              switch (then) {
                case Ledger.Then.Stream stream -> updates.persisted(turn, stream.requestId());
                case Ledger.Then.Launch launch -> containers.durable(turn, launch.containerId());
                case Ledger.Then.Destroy destroy ->
                    books
                        .container(destroy.containerId())
                        .ifPresent(executor -> containers.destroy(turn, executor));
              }
            });
  }

  private void fromSupervisor(Turn turn, SupervisorEvent event) {
    if (books.state != State.RECOVERING) {
      containers.on(turn, event);
    } else if (event.hasWatched()) {
      recovery.end(turn);
      registration.recovered(turn);
    } else {
      recovery.on(turn, event);
    }
  }

  /** What the agent holds. */
  private AgentToMaster.Reregister.Builder report() {
    AgentToMaster.Reregister.Builder report = AgentToMaster.Reregister.newBuilder();
    Optional<AgentID> id = books.agentId;
    for (Framework framework : books.frameworks()) {
      if (framework.terminating || id.isEmpty()) {
        continue;
      }
      report.addFrameworks(framework.info);
      for (Executor executor : framework.executors.values()) {
        if (!executor.completed) {
          report.addTasks(executor.task.report(framework.frameworkId(), id.get()));
        }
      }
    }
    return report;
  }

  /** */
  private void shutdown(Turn turn, String message) {
    if (books.state == State.TERMINATING) {
      return;
    }
    turn.warn("The master told the agent to stop", "cause", message);
    shutdown = Optional.of("The master told the agent to stop: " + message);
    for (Framework framework : List.copyOf(books.frameworks())) {
      endings.shutdownFramework(turn, framework);
    }
    stop(turn, false);
  }

  private void stop(Turn turn, boolean thenUnregister) {
    unregister |= thenUnregister;
    if (books.state == State.TERMINATING) {
      return;
    }
    books.state = State.TERMINATING;
    books.timers.cancel(new TimerKey.Register());
    books.timers.cancel(new TimerKey.Ping());
    books.timers.set(new TimerKey.StopLimit(), turn.nowNanos() + STOP_LIMIT.toNanos());
    for (Executor executor : books.executors()) {
      endings.shutdown(turn, executor, Optional.of(STOP_GRACE));
    }
  }

  /** Stopping is over when nothing runs and everything is on the disk. */
  private void finishStop(Turn turn) {
    if (books.state == State.TERMINATING
        && !stopped
        && running().isEmpty()
        && books.ledger.settled()) {
      stopNow(turn);
    }
  }

  private void stopNow(Turn turn) {
    List<String> left = running();
    if (!left.isEmpty()) {
      turn.warn("Stopping although containers are left", "containers", left);
    }
    stopped = true;
    books.timers.cancel(new TimerKey.StopLimit());
    if (unregister && books.agentId.isPresent()) {
      registration.send(
          turn,
          AgentToMaster.newBuilder()
              .setUnregister(AgentToMaster.Unregister.getDefaultInstance())
              .build());
    }
    turn.emit(
        shutdown.isPresent() ? new AgentEffect.Failed(shutdown.get()) : new AgentEffect.Stopped());
  }

  private List<String> running() {
    List<String> running = new ArrayList<>();
    for (Executor executor : books.executors()) {
      if (executor.state != Executor.State.TERMINATED) {
        running.add(executor.containerId);
      }
    }
    return running;
  }
}
