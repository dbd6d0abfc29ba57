package io.meseta.agent.core;

import io.meseta.kernel.LogLine;
import io.meseta.kernel.Rng;
import io.meseta.schema.internal.v1.AgentJournalRecord;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.internal.v1.SupervisorCall;
import io.meseta.schema.internal.v1.SupervisorEvent;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.AgentInfo;
import io.meseta.schema.v1.CommandInfo;
import io.meseta.schema.v1.DurationInfo;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.KillPolicy;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.TaskID;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.schema.v1.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An agent whose journal, sandboxes and supervisor answer at once, unless a test holds them back,
 * and a clock that only {@link #advance} moves. The test plays the master.
 */
final class AgentFixture implements ModelSupervisor.Behaviour {
  static final AgentID AGENT_ID = AgentID.newBuilder().setValue("master-1-S0").build();
  static final FrameworkID FRAMEWORK_ID = FrameworkID.newBuilder().setValue("fw-1").build();
  static final String SESSION = "session-1";
  static final Duration PING_TIMEOUT = Duration.ofSeconds(75);

  final List<AgentJournalRecord> journal = new ArrayList<>();
  final List<AgentEffect> effects = new ArrayList<>();
  final List<SupervisorCall> calls = new ArrayList<>();
  final ModelSupervisor supervisor = new ModelSupervisor(this);

  /** Tasks whose processes ignore SIGTERM. */
  final Set<String> stubborn = new HashSet<>();

  Optional<SupervisorEvent.LaunchFailed.Reason> launchFailure = Optional.empty();
  Optional<String> sandboxFailure = Optional.empty();
  boolean holdJournal;
  boolean holdSandboxes;
  boolean holdSupervisor;

  private final Deque<AgentInput> inputs = new ArrayDeque<>();
  private final List<AgentInput> held = new ArrayList<>();
  private final List<AgentToMaster> sent = new ArrayList<>();
  private final List<LogLine> log = new ArrayList<>();
  private long nowNanos = 1_750_000_000_000_000_000L;
  private Agent agent = new Agent(config(), Rng.seeded(1));

  static AgentConfig config() {
    return new AgentConfig(
        AgentInfo.newBuilder()
            .setHostname("agent1.example.org")
            .setPort(5051)
            .addResources(scalar("cpus", 4))
            .build(),
        "1.12.0",
        List.of(),
        "127.0.0.1",
        "127.0.0.1:5051",
        "boot-1",
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofMinutes(15),
        Duration.ofSeconds(2),
        Map.of("FROM_FLAG", "1"),
        true);
  }

  /** An agent that has recovered from nothing. */
  static AgentFixture recovered() {
    AgentFixture fixture = new AgentFixture();
    fixture.input(new AgentInput.Recovered(new AgentState()));
    return fixture;
  }

  /** An agent that has registered; what it said on the way is forgotten. */
  static AgentFixture registered() {
    AgentFixture fixture = recovered();
    fixture.register();
    return fixture;
  }

  void register() {
    input(new AgentInput.LinkOpened(SESSION));
    advance(Duration.ofSeconds(1));
    master(
        MasterToAgent.newBuilder()
            .setRegistered(
                MasterToAgent.Registered.newBuilder()
                    .setAgentId(AGENT_ID)
                    .setTotalPingTimeoutMillis(PING_TIMEOUT.toMillis())));
    forget();
  }

  Agent agent() {
    return agent;
  }

  long nowNanos() {
    return nowNanos;
  }

  /** What was emitted and sent so far is forgotten. */
  void forget() {
    effects.clear();
    sent.clear();
    calls.clear();
    log.clear();
  }

  void input(AgentInput input) {
    inputs.add(input);
    drain();
  }

  void master(MasterToAgent.Builder message) {
    input(new AgentInput.FromMaster(SESSION, message.build()));
  }

  /** Lets everything that was held back arrive, in order. */
  void release() {
    holdJournal = false;
    holdSandboxes = false;
    holdSupervisor = false;
    inputs.addAll(held);
    held.clear();
    drain();
  }

  void advance(Duration duration) {
    long endNanos = nowNanos + duration.toNanos();
    while (agent.wakeUpNanos() <= endNanos) {
      nowNanos = Math.max(nowNanos, agent.wakeUpNanos());
      agent.onTime(nowNanos, this::carryOut);
      drain();
    }
    nowNanos = endNanos;
  }

  /** The process of a task ends by itself. */
  void exit(String taskId, int waitStatus) {
    supervisor
        .exit(containerOf(taskId), waitStatus)
        .forEach(event -> input(new AgentInput.FromSupervisor(event)));
  }

  /**
   * The agent's process dies and another one is born from the journal.
   *
   * @param supervisorToo whether the processes of tasks die with it
   */
  void restart(boolean supervisorToo) {
    inputs.clear();
    held.clear();
    if (supervisorToo) {
      supervisor.processes().clear();
    }
    agent = new Agent(config(), Rng.seeded(2));
    forget();
    input(new AgentInput.Recovered(AgentState.of(journal)));
  }

  private void drain() {
    while (!inputs.isEmpty()) {
      agent.on(inputs.remove(), nowNanos, this::carryOut);
    }
  }

  private void answer(boolean hold, AgentInput input) {
    if (hold) {
      held.add(input);
    } else {
      inputs.add(input);
    }
  }

  private void carryOut(AgentEffect effect) {
    effects.add(effect);
    switch (effect) {
      case AgentEffect.ToMaster message -> sent.add(message.message());
      case AgentEffect.Persist persist -> {
        journal.add(persist.entry());
        answer(holdJournal, new AgentInput.Persisted(persist.record()));
      }
      case AgentEffect.PrepareSandbox prepare ->
          answer(
              holdSandboxes,
              sandboxFailure.isPresent()
                  ? new AgentInput.SandboxFailed(prepare.containerId(), sandboxFailure.get())
                  : new AgentInput.SandboxReady(
                      prepare.containerId(), Path.of("/sandbox", prepare.executorId())));
      case AgentEffect.ToSupervisor call -> {
        calls.add(call.call());
        supervisor
            .on(call.call())
            .forEach(event -> answer(holdSupervisor, new AgentInput.FromSupervisor(event)));
      }
      case AgentEffect.Log line -> log.add(line.line());
      case AgentEffect.Reconnect _,
          AgentEffect.TellSandbox _,
          AgentEffect.ForgetSandbox _,
          AgentEffect.Stopped _,
          AgentEffect.Failed _ -> {
        // Looked at by the tests.
      }
    }
  }

  @Override
  public Optional<SupervisorEvent.LaunchFailed.Reason> refuses(SupervisorCall.Launch launch) {
    return launchFailure;
  }

  @Override
  public boolean obeysTerm(SupervisorCall.Launch launch) {
    return stubborn.stream().noneMatch(task -> launch.getWorkingDirectory().endsWith("/" + task));
  }

  // What the agent said.

  List<AgentToMaster> sent() {
    return sent;
  }

  List<LogLine> log() {
    return log;
  }

  List<AgentToMaster.StatusUpdate> updates() {
    return sent.stream()
        .filter(AgentToMaster::hasStatusUpdate)
        .map(AgentToMaster::getStatusUpdate)
        .toList();
  }

  List<TaskState> states() {
    return updates().stream().map(update -> update.getStatus().getState()).toList();
  }

  TaskStatus lastUpdate() {
    return updates().getLast().getStatus();
  }

  /** Acknowledges whatever comes until nothing comes any more; gives the states in order. */
  List<TaskState> acknowledgeAll() {
    List<TaskState> states = new ArrayList<>();
    int next = 0;
    while (next < updates().size()) {
      TaskStatus status = updates().get(next++).getStatus();
      states.add(status.getState());
      acknowledge(status);
    }
    return states;
  }

  void acknowledge(TaskStatus status) {
    master(
        MasterToAgent.newBuilder()
            .setStatusUpdateAcknowledgement(
                MasterToAgent.StatusUpdateAcknowledgement.newBuilder()
                    .setFrameworkId(FRAMEWORK_ID)
                    .setTaskId(status.getTaskId())
                    .setUuid(status.getUuid())));
  }

  String containerOf(String taskId) {
    return supervisor.processes().values().stream()
        .map(process -> process.launch)
        .filter(launch -> launch.getWorkingDirectory().endsWith("/" + taskId))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no process of " + taskId))
        .getContainerId();
  }

  // What the master says.

  static FrameworkInfo.Builder framework(FrameworkInfo.Capability.Type... capabilities) {
    FrameworkInfo.Builder framework =
        FrameworkInfo.newBuilder().setUser("nobody").setName("test").setId(FRAMEWORK_ID);
    for (FrameworkInfo.Capability.Type type : capabilities) {
      framework.addCapabilities(FrameworkInfo.Capability.newBuilder().setType(type));
    }
    return framework;
  }

  static TaskInfo.Builder task(String id) {
    return TaskInfo.newBuilder()
        .setName("task")
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setAgentId(AGENT_ID)
        .setCommand(CommandInfo.newBuilder().setValue("sleep 100"))
        .addResources(scalar("cpus", 0.1));
  }

  void run(FrameworkInfo.Builder framework, TaskInfo.Builder task) {
    run(framework, task, true);
  }

  void run(FrameworkInfo.Builder framework, TaskInfo.Builder task, boolean launchExecutor) {
    master(
        MasterToAgent.newBuilder()
            .setRunTask(
                MasterToAgent.RunTask.newBuilder()
                    .setFramework(framework)
                    .setTask(task)
                    .setLaunchExecutor(launchExecutor)));
  }

  void kill(String taskId) {
    kill(taskId, Optional.empty());
  }

  void kill(String taskId, Optional<Duration> grace) {
    MasterToAgent.KillTask.Builder kill =
        MasterToAgent.KillTask.newBuilder()
            .setFrameworkId(FRAMEWORK_ID)
            .setTaskId(TaskID.newBuilder().setValue(taskId));
    grace.ifPresent(
        period ->
            kill.setKillPolicy(
                KillPolicy.newBuilder()
                    .setGracePeriod(DurationInfo.newBuilder().setNanoseconds(period.toNanos()))));
    master(MasterToAgent.newBuilder().setKillTask(kill));
  }

  void shutdownFramework() {
    master(
        MasterToAgent.newBuilder()
            .setShutdownFramework(
                MasterToAgent.ShutdownFramework.newBuilder().setFrameworkId(FRAMEWORK_ID)));
  }

  void reregistered(MasterToAgent.MissingTask... missing) {
    master(
        MasterToAgent.newBuilder()
            .setReregistered(
                MasterToAgent.Reregistered.newBuilder()
                    .setAgentId(AGENT_ID)
                    .setTotalPingTimeoutMillis(PING_TIMEOUT.toMillis())
                    .addAllMissingTasks(List.of(missing))));
  }

  /** The last report to a master. */
  AgentToMaster.Reregister report() {
    return sent.stream()
        .filter(AgentToMaster::hasReregister)
        .reduce((first, second) -> second)
        .orElseThrow(() -> new AssertionError("no report"))
        .getReregister();
  }

  static Resource.Builder scalar(String name, double value) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(value));
  }
}
