package io.meseta.agent.core;

import io.meseta.executor.ExecutorEffect;
import io.meseta.executor.ExecutorInput;
import io.meseta.isolation.api.SupervisorCalls;
import io.meseta.isolation.containers.AgentVariables;
import io.meseta.isolation.containers.CommandLine;
import io.meseta.isolation.containers.Sandbox;
import io.meseta.isolation.containers.TaskEnvironment;
import io.meseta.isolation.containers.WaitStatus;
import io.meseta.schema.internal.v1.AgentJournalRecord;
import io.meseta.schema.internal.v1.BuiltInExecutorState.Phase;
import io.meseta.schema.internal.v1.SupervisorCall;
import io.meseta.schema.internal.v1.SupervisorEvent;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus.Reason;
import io.meseta.tasks.TaskStates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The life of containers: launch when sandbox and journal are ready, the executor's wishes carried
 * out, the supervisor's events understood.
 */
final class Containers {
  private final Books books;
  private final StatusFlow updates;
  private final Removal removal;

  Containers(Books books, StatusFlow updates, Removal removal) {
    this.books = books;
    this.updates = updates;
    this.removal = removal;
  }

  void sandboxReady(Turn turn, String containerId, Path sandbox) {
    books
        .container(containerId)
        .filter(executor -> executor.state == Executor.State.REGISTERING)
        .ifPresent(
            executor -> {
              executor.sandbox = Optional.of(sandbox);
              launchIfReady(turn, executor);
            });
  }

  /** A-24, as recorded: the executor is dropped before it exists. */
  void sandboxFailed(Turn turn, String containerId, String reason) {
    books
        .container(containerId)
        .filter(executor -> executor.state == Executor.State.REGISTERING)
        .ifPresent(
            executor -> {
              updates.fromAgent(
                  turn,
                  executor,
                  TaskStates.dropped(executor.framework.partitionAware()),
                  Reason.REASON_EXECUTOR_TERMINATED,
                  reason);
              gone(turn, executor);
            });
  }

  void durable(Turn turn, String containerId) {
    books.container(containerId).ifPresent(executor -> launchIfReady(turn, executor));
  }

  private void launchIfReady(Turn turn, Executor executor) {
    if (executor.state == Executor.State.REGISTERING
        && !executor.held
        && executor.sandbox.isPresent()
        && books.ledger.isDurable(executor.awaitedRecord)) {
      input(turn, executor, new ExecutorInput.Launch());
    }
  }

  /** Hands the executor an input and carries out what it wants. */
  void input(Turn turn, Executor executor, ExecutorInput input) {
    List<ExecutorEffect> effects = new ArrayList<>();
    executor.machine.on(input, turn.nowNanos(), effects::add);
    carryOut(turn, executor, effects);
  }

  void wake(Turn turn, String containerId) {
    books
        .container(containerId)
        .ifPresent(
            executor -> {
              List<ExecutorEffect> effects = new ArrayList<>();
              executor.machine.onTime(turn.nowNanos(), effects::add);
              carryOut(turn, executor, effects);
            });
  }

  private void carryOut(Turn turn, Executor executor, List<ExecutorEffect> effects) {
    for (ExecutorEffect effect : effects) {
      switch (effect) {
        case ExecutorEffect.Spawn spawn -> spawn(turn, executor, spawn.commandLine());
        case ExecutorEffect.Signal signal ->
            turn.emit(
                new AgentEffect.ToSupervisor(
                    SupervisorCalls.signal(executor.containerId, signal.signal(), true)));
        case ExecutorEffect.Update update -> updates.fromExecutor(turn, executor, update.status());
        case ExecutorEffect.Tell tell ->
            turn.emit(new AgentEffect.TellSandbox(executor.containerId, "stderr", tell.line()));
        case ExecutorEffect.Checkpoint checkpoint -> {
          if (executor.framework.checkpoint()) {
            books.ledger.write(
                turn,
                AgentJournalRecord.newBuilder()
                    .setBuiltInExecutor(
                        checkpoint.state().toBuilder()
                            .setFrameworkId(executor.framework.frameworkId())
                            .setExecutorId(executor.info.getExecutorId())
                            .setContainerId(executor.container())));
          }
        }
        case ExecutorEffect.Done done -> done(turn, executor, done);
      }
    }
    planWakeUp(executor);
  }

  void planWakeUp(Executor executor) {
    TimerKey key = new TimerKey.Wake(executor.containerId);
    long wakeUpNanos = executor.machine.wakeUpNanos();
    if (wakeUpNanos == Long.MAX_VALUE || executor.state == Executor.State.TERMINATED) {
      books.timers.cancel(key);
    } else {
      books.timers.set(key, wakeUpNanos);
    }
  }

  private void spawn(Turn turn, Executor executor, CommandLine commandLine) {
    Sandbox sandbox = new Sandbox(executor.sandbox.orElseThrow());
    SupervisorCall.Launch.Builder launch =
        SupervisorCall.Launch.newBuilder()
            .setContainerId(executor.containerId)
            .setExecutable(commandLine.executable())
            .addAllArgv(commandLine.argv())
            .setWorkingDirectory(sandbox.directory().toString())
            .setStdoutPath(sandbox.stdout().toString())
            .setStderrPath(sandbox.stderr().toString());
    user(executor.framework, executor.task).ifPresent(launch::setUser);
    environment(executor, sandbox)
        .variables()
        .forEach(
            (name, value) ->
                launch.addEnvironment(
                    SupervisorCall.Variable.newBuilder().setName(name).setValue(value)));
    executor.held = true;
    turn.emit(new AgentEffect.ToSupervisor(SupervisorCall.newBuilder().setLaunch(launch).build()));
  }

  /** Whom the task runs as; empty for the agent's own user. */
  Optional<String> user(Framework framework, AgentTask task) {
    if (!books.config.switchUser()) {
      return Optional.empty();
    }
    return Optional.of(
        task.info.getCommand().hasUser()
            ? task.info.getCommand().getUser()
            : framework.info.getUser());
  }

  private TaskEnvironment environment(Executor executor, Sandbox sandbox) {
    AgentConfig config = books.config;
    Optional<String> role =
        executor.task.info.getResourcesList().stream()
            .filter(resource -> resource.getAllocationInfo().hasRole())
            .map(resource -> resource.getAllocationInfo().getRole())
            .findFirst();
    return TaskEnvironment.of(
        new AgentVariables(
            executor.framework.id(),
            executor.id(),
            books.agentId.map(AgentID::getValue).orElse(""),
            sandbox.directory(),
            config.endpoint(),
            Duration.ofNanos(executor.info.getShutdownGracePeriod().getNanoseconds()),
            executor.framework.checkpoint()
                ? Optional.of(
                    new AgentVariables.Checkpoint(
                        config.recoveryTimeout(), config.executorReregistrationTimeout()))
                : Optional.empty(),
            role),
        config.executorEnvironment(),
        executor.task.info.getCommand().getEnvironment());
  }

  private void done(Turn turn, Executor executor, ExecutorEffect.Done done) {
    if (!done.abnormal().isEmpty()) {
      turn.warn(
          "An executor ended without a result",
          "framework",
          executor.framework.id(),
          "executor",
          executor.id(),
          "cause",
          done.abnormal());
    }
    if (executor.held) {
      executor.state = Executor.State.TERMINATING; // until the supervisor says: Destroyed
    } else {
      gone(turn, executor);
    }
  }

  /** Ends a container that was not delivered its task, or has had its time. */
  void destroy(Turn turn, Executor executor) {
    if (executor.state == Executor.State.TERMINATED) {
      return;
    }
    executor.state = Executor.State.TERMINATING;
    if (executor.held) {
      turn.emit(new AgentEffect.ToSupervisor(SupervisorCalls.destroy(executor.containerId)));
    } else {
      gone(turn, executor);
    }
  }

  /** What the supervisor tells; containers that the agent does not know are destroyed. */
  void on(Turn turn, SupervisorEvent event) {
    switch (event.getEventCase()) {
      case STARTED -> started(turn, event.getStarted());
      case LAUNCH_FAILED -> launchFailed(turn, event.getLaunchFailed());
      case EXITED -> exited(turn, event.getExited());
      case DESTROYED ->
          books
              .container(event.getDestroyed().getContainerId())
              .ifPresent(executor -> gone(turn, executor));
      case DESTROY_STUCK ->
          turn.warn(
              "Processes of a container cannot be killed; look at them with ps and /proc/PID/stack",
              "container",
              event.getDestroyStuck().getContainerId(),
              "pids",
              event.getDestroyStuck().getPidsList());
      case REFUSED -> refused(turn, event.getRefused());
      case CONTAINERS, WATCHED, EVENT_NOT_SET -> {
        // The first is not asked for, the second is recovery's, the third a newer version's.
      }
    }
  }

  private void started(Turn turn, SupervisorEvent.Started event) {
    Optional<Executor> known = books.container(event.getContainerId());
    if (known.isEmpty()) {
      orphan(turn, event.getContainerId());
      return;
    }
    Executor executor = known.get();
    if (executor.state != Executor.State.REGISTERING) {
      return; // being destroyed
    }
    executor.state = Executor.State.RUNNING;
    if (executor.framework.checkpoint()) {
      books.ledger.write(turn, Records.started(executor, event));
    }
    input(turn, executor, new ExecutorInput.Started(event.getPid()));
  }

  private void orphan(Turn turn, String containerId) {
    turn.warn("An unknown container is destroyed", "container", containerId);
    turn.emit(new AgentEffect.ToSupervisor(SupervisorCalls.destroy(containerId)));
  }

  private void launchFailed(Turn turn, SupervisorEvent.LaunchFailed event) {
    books
        .container(event.getContainerId())
        .ifPresent(
            executor -> {
              executor.held = false;
              if (executor.state != Executor.State.REGISTERING) {
                gone(turn, executor);
                return;
              }
              switch (event.getReason()) {
                case EXECUTABLE_NOT_FOUND, EXECUTABLE_NOT_PERMITTED -> {
                  executor.state = Executor.State.RUNNING;
                  input(turn, executor, new ExecutorInput.NotExecutable(event.getMessage()));
                }
                default -> launchFailed(turn, executor, event.getMessage());
              }
            });
  }

  private void launchFailed(Turn turn, Executor executor, String reason) {
    updates.fromAgent(
        turn,
        executor,
        TaskState.TASK_FAILED,
        Reason.REASON_CONTAINER_LAUNCH_FAILED,
        "Failed to launch container: " + reason);
    gone(turn, executor);
  }

  private void refused(Turn turn, SupervisorEvent.Refused event) {
    Optional<Executor> launching =
        books
            .container(event.getContainerId())
            .filter(executor -> executor.state == Executor.State.REGISTERING && executor.held);
    if (launching.isPresent()) {
      launching.get().held = false;
      launchFailed(turn, launching.get(), event.getMessage());
    } else {
      turn.debug(
          "The supervisor refused a call",
          "container",
          event.getContainerId(),
          "cause",
          event.getMessage());
    }
  }

  private void exited(Turn turn, SupervisorEvent.Exited event) {
    books
        .container(event.getContainerId())
        .ifPresent(executor -> exited(turn, executor, event.getWaitStatus()));
  }

  /** The end is made durable before the supervisor may forget it. */
  void exited(Turn turn, Executor executor, int waitStatus) {
    if (executor.machine.phase() == Phase.TERMINATED) {
      return; // told twice
    }
    if (executor.framework.checkpoint()) {
      books.ledger.write(
          turn,
          Records.terminated(executor, waitStatus),
          new Ledger.Then.Destroy(executor.containerId));
    }
    input(turn, executor, new ExecutorInput.Exited(new WaitStatus(waitStatus)));
    if (!executor.framework.checkpoint()) {
      destroy(turn, executor);
    }
  }

  /** No process is left. */
  void gone(Turn turn, Executor executor) {
    if (executor.state == Executor.State.TERMINATED) {
      return;
    }
    boolean delivered = executor.task.state() != TaskState.TASK_STAGING;
    executor.state = Executor.State.TERMINATED;
    executor.held = false;
    books.timers.cancel(new TimerKey.Destroy(executor.containerId));
    books.timers.cancel(new TimerKey.Wake(executor.containerId));
    if (!executor.task.terminal()) {
      updates.fromAgent(
          turn,
          executor,
          delivered
              ? TaskState.TASK_FAILED
              : TaskStates.dropped(executor.framework.partitionAware()),
          Reason.REASON_EXECUTOR_TERMINATED,
          "Executor terminated");
    }
    executor.completed |= executor.framework.terminating;
    removal.sweep(turn, executor.framework);
  }
}
