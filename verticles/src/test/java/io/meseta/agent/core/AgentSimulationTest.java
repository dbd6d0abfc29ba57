package io.meseta.agent.core;

import com.google.protobuf.ByteString;
import io.meseta.kernel.Rng;
import io.meseta.schema.internal.v1.AgentJournalRecord;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.internal.v1.SupervisorCall;
import io.meseta.schema.internal.v1.SupervisorEvent;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.TaskID;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.tasks.TaskStates;
import io.meseta.testing.Scenario;
import io.meseta.testing.sim.Seeds;
import io.meseta.testing.sim.SimNetwork;
import io.meseta.testing.sim.SimNode;
import io.meseta.testing.sim.World;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * An agent, a supervisor and a model master in one seeded world (D-22): the link breaks and loses
 * messages, the agent and its supervisor crash, tasks end, fail to start, are killed. Whatever
 * happens, every task that the agent was told of comes to one end that is acknowledged, its states
 * arrive in order, and nothing is left.
 */
class AgentSimulationTest {
  private static final int SEEDS = 200;
  private static final int TASKS = 12;
  private static final long TROUBLE_NANOS = Duration.ofMinutes(3).toNanos();

  /** An agent that is down comes back within 20 seconds. */
  private static final long LEFTOVER_NANOS = Duration.ofSeconds(45).toNanos();

  private static final long PATIENCE_NANOS = Duration.ofHours(3).toNanos();

  @Test
  @Scenario({"D-22", "U-1", "U-3", "U-8", "U-14"})
  void everyTaskComesToAnEndThatIsAcknowledged() {
    Seeds.run(1, SEEDS, world -> new Simulation(world).run());
  }

  private static final class Simulation implements ModelSupervisor.Behaviour {
    private final World world;
    private final SimNetwork network;
    private final SimNode<AgentInput, AgentEffect> agent;

    /** What is on the agent's disk; records are there as soon as they are written or never. */
    private final List<AgentJournalRecord> disk = new ArrayList<>();

    private ModelSupervisor supervisor = new ModelSupervisor(this);
    private final MasterModel master = new MasterModel();
    private int sessions;
    private String session = "";

    Simulation(World world) {
      this.world = world;
      // A session keeps its order and drops what comes twice (D-9), but it may lose messages.
      network = new SimNetwork(world, new SimNetwork.Faults(0.02, 0, 50_000_000L, true));
      agent =
          new SimNode<>(
              world,
              "agent",
              () -> new Agent(AgentFixture.config(), Rng.seeded(world.rng().nextLong())),
              this::carryOut);
    }

    void run() {
      world.invariant(this::endedTasksHaveNoProcess);
      boot();
      for (int i = 0; i < TASKS; i++) {
        String id = "t" + i;
        world.after(
            world.rng().nextLong(TROUBLE_NANOS), "run " + id, () -> master.run(id, framework()));
        if (world.rng().chance(0.4)) {
          world.after(world.rng().nextLong(TROUBLE_NANOS), "kill " + id, () -> master.kill(id));
        }
      }
      for (int i = 0; i < 3; i++) {
        world.after(world.rng().nextLong(TROUBLE_NANOS), "break the link", this::breakLink);
        if (world.rng().chance(0.5)) {
          world.after(world.rng().nextLong(TROUBLE_NANOS), "crash", this::crash);
        }
      }
      for (long at = 0; at < TROUBLE_NANOS; at += Duration.ofSeconds(5).toNanos()) {
        world.after(at, "a process ends", this::endOne);
      }
      world.runFor(TROUBLE_NANOS);
      network.setFaults(SimNetwork.Faults.NONE);
      breakLink();
      for (int i = 0; i < 4 * TASKS; i++) {
        world.after(Duration.ofSeconds(60L + 10L * i).toNanos(), "a process ends", this::endOne);
      }
      world.runUntil("all tasks have ended", PATIENCE_NANOS, this::settled);
    }

    /** What has ended for its framework must not go on for long, whoever is down meanwhile. */
    private void endedTasksHaveNoProcess() {
      supervisor
          .processes()
          .forEach(
              (containerId, process) -> {
                String directory = process.launch.getWorkingDirectory();
                String task = directory.substring(directory.lastIndexOf('/') + 1);
                Long endNanos = master.ended.get(task);
                if (endNanos != null && world.nowNanos() - endNanos > LEFTOVER_NANOS) {
                  throw new AssertionError(task + " has ended and its container is still there");
                }
              });
    }

    private FrameworkInfo.Builder framework() {
      return AgentFixture.framework(
              FrameworkInfo.Capability.Type.PARTITION_AWARE,
              FrameworkInfo.Capability.Type.TASK_KILLING_STATE)
          .setCheckpoint(true);
    }

    private boolean settled() {
      return master.open.isEmpty() && supervisor.processes().isEmpty() && agent.isUp();
    }

    private void boot() {
      agent.start();
      agent.later(1, "recovered", new AgentInput.Recovered(AgentState.of(disk)));
      connect();
    }

    private void connect() {
      session = "session-" + ++sessions;
      String opened = session;
      agent.later(
          1 + world.rng().nextLong(1_000_000_000L), "link", new AgentInput.LinkOpened(opened));
    }

    private void breakLink() {
      if (agent.isUp()) {
        master.disconnected();
        String closed = session;
        session = "";
        agent.deliver(new AgentInput.LinkClosed(closed));
        connect();
      }
    }

    private void crash() {
      if (!agent.isUp()) {
        return;
      }
      agent.crash();
      master.disconnected();
      session = "";
      if (world.rng().chance(0.5)) {
        supervisor = new ModelSupervisor(this);
      }
      world.after(1 + world.rng().nextLong(20_000_000_000L), "boot", this::boot);
    }

    private void endOne() {
      List<String> running =
          supervisor.processes().entrySet().stream()
              .filter(entry -> entry.getValue().running())
              .map(Map.Entry::getKey)
              .toList();
      if (!running.isEmpty()) {
        String containerId = running.get(world.rng().nextInt(running.size()));
        tell(supervisor.exit(containerId, world.rng().chance(0.5) ? 0 : 256));
      }
    }

    private void tell(List<SupervisorEvent> events) {
      for (SupervisorEvent event : events) {
        later(event.getEventCase().name(), new AgentInput.FromSupervisor(event));
      }
    }

    private long lastArrivalNanos;

    /** Answers come later but in order, as from one thread. */
    private void later(String what, AgentInput input) {
      if (agent.isUp()) {
        lastArrivalNanos =
            Math.max(lastArrivalNanos, world.nowNanos() + 1 + world.rng().nextLong(20_000_000L));
        agent.later(lastArrivalNanos - world.nowNanos(), what, input);
      }
    }

    private void carryOut(SimNode<AgentInput, AgentEffect> node, AgentEffect effect) {
      switch (effect) {
        case AgentEffect.ToMaster message -> toMaster(message);
        case AgentEffect.Persist persist -> {
          int incarnation = node.incarnation();
          diskArrivalNanos =
              Math.max(
                  diskArrivalNanos + 1, world.nowNanos() + 1 + world.rng().nextLong(3_000_000L));
          world.at(
              diskArrivalNanos,
              "written " + persist.entry().getRecordCase(),
              () -> {
                if (node.isUp() && node.incarnation() == incarnation) {
                  disk.add(persist.entry());
                  node.deliver(new AgentInput.Persisted(persist.record()));
                }
              });
        }
        case AgentEffect.PrepareSandbox prepare ->
            later(
                "sandbox",
                world.rng().chance(0.05)
                    ? new AgentInput.SandboxFailed(prepare.containerId(), "no space")
                    : new AgentInput.SandboxReady(
                        prepare.containerId(), Path.of("/sandbox", prepare.executorId())));
        case AgentEffect.ToSupervisor call -> tell(supervisor.on(call.call()));
        case AgentEffect.Reconnect _ -> breakLink();
        case AgentEffect.Failed failed -> throw new AssertionError(failed.reason());
        case AgentEffect.Log line -> world.trace(() -> "agent: " + line.line());
        case AgentEffect.TellSandbox _, AgentEffect.ForgetSandbox _, AgentEffect.Stopped _ -> {
          // Nothing to model.
        }
      }
    }

    private long diskArrivalNanos;

    private void toMaster(AgentEffect.ToMaster message) {
      if (!message.session().equals(session)) {
        return;
      }
      network.send(
          "agent",
          "master",
          message.message().getMessageCase().name(),
          () -> {
            if (message.session().equals(session)) {
              master.on(message.message());
            }
          });
    }

    private void say(MasterToAgent.Builder message) {
      String to = session;
      network.send(
          "master",
          "agent",
          message.getMessageCase().name(),
          () -> {
            if (to.equals(session)) {
              agent.deliver(new AgentInput.FromMaster(to, message.build()));
            }
          });
    }

    @Override
    public Optional<SupervisorEvent.LaunchFailed.Reason> refuses(SupervisorCall.Launch launch) {
      return world.rng().chance(0.05)
          ? Optional.of(SupervisorEvent.LaunchFailed.Reason.EXHAUSTED)
          : Optional.empty();
    }

    @Override
    public boolean obeysTerm(SupervisorCall.Launch launch) {
      return world.rng().chance(0.7);
    }

    /** As much of a master as an agent can tell from the real one, and the checks. */
    private final class MasterModel {
      /** Tasks that were launched and have not ended, as the framework knows it. */
      final Map<String, TaskState> open = new LinkedHashMap<>();

      private final Map<String, List<TaskState>> history = new HashMap<>();

      /** When tasks ended, as the framework knows it. */
      final Map<String, Long> ended = new HashMap<>();

      private final Set<ByteString> seen = new HashSet<>();
      private Optional<AgentID> known = Optional.empty();
      private boolean registered;

      void disconnected() {
        registered = false;
      }

      void run(String id, FrameworkInfo.Builder framework) {
        if (!registered) {
          world.after(1_000_000_000L, "run " + id, () -> run(id, framework));
          return;
        }
        open.put(id, TaskState.TASK_STAGING);
        if (world.rng().chance(0.2)) {
          world.after(world.rng().nextLong(60_000_000L), "kill at once", () -> kill(id));
        }
        say(
            MasterToAgent.newBuilder()
                .setRunTask(
                    MasterToAgent.RunTask.newBuilder()
                        .setFramework(framework)
                        .setTask(task(id))
                        .setLaunchExecutor(true)));
      }

      private TaskInfo.Builder task(String id) {
        return AgentFixture.task(id);
      }

      void kill(String id) {
        if (registered && open.containsKey(id)) {
          say(
              MasterToAgent.newBuilder()
                  .setKillTask(
                      MasterToAgent.KillTask.newBuilder()
                          .setFrameworkId(AgentFixture.FRAMEWORK_ID)
                          .setTaskId(TaskID.newBuilder().setValue(id))));
        }
      }

      void on(AgentToMaster message) {
        switch (message.getMessageCase()) {
          case REGISTER -> {
            known = Optional.of(AgentFixture.AGENT_ID);
            registered = true;
            say(
                MasterToAgent.newBuilder()
                    .setRegistered(
                        MasterToAgent.Registered.newBuilder()
                            .setAgentId(AgentFixture.AGENT_ID)
                            .setTotalPingTimeoutMillis(3_600_000)));
          }
          case REREGISTER -> reregister(message.getReregister());
          case STATUS_UPDATE -> update(message.getStatusUpdate().getStatus());
          case PONG, EXITED_EXECUTOR, EXECUTOR_TO_FRAMEWORK, UNREGISTER, MESSAGE_NOT_SET -> {
            // Nothing to model.
          }
        }
      }

      private void reregister(AgentToMaster.Reregister report) {
        registered = true;
        MasterToAgent.Reregistered.Builder answer =
            MasterToAgent.Reregistered.newBuilder()
                .setAgentId(known.orElse(AgentFixture.AGENT_ID))
                .setTotalPingTimeoutMillis(3_600_000);
        Set<String> reported = new HashSet<>();
        report.getTasksList().forEach(task -> reported.add(task.getTaskId().getValue()));
        for (String id : open.keySet()) {
          if (!reported.contains(id)) {
            answer.addMissingTasks(
                MasterToAgent.MissingTask.newBuilder()
                    .setFrameworkId(AgentFixture.FRAMEWORK_ID)
                    .setTaskId(TaskID.newBuilder().setValue(id))
                    .setPartitionAware(true));
          }
        }
        say(MasterToAgent.newBuilder().setReregistered(answer));
      }

      private void update(TaskStatus status) {
        String id = status.getTaskId().getValue();
        if (seen.add(status.getUuid())) {
          List<TaskState> states = history.computeIfAbsent(id, key -> new ArrayList<>());
          check(id, states, status.getState());
          states.add(status.getState());
          open.computeIfPresent(id, (key, before) -> status.getState());
        }
        if (TaskStates.isTerminal(status.getState())) {
          open.remove(id);
        }
        say(
            MasterToAgent.newBuilder()
                .setStatusUpdateAcknowledgement(
                    MasterToAgent.StatusUpdateAcknowledgement.newBuilder()
                        .setFrameworkId(AgentFixture.FRAMEWORK_ID)
                        .setTaskId(status.getTaskId())
                        .setUuid(status.getUuid())));
      }

      private void check(String id, List<TaskState> before, TaskState state) {
        if (TaskStates.isTerminal(state)) {
          if (ended.put(id, world.nowNanos()) != null) {
            throw new AssertionError(id + " ended twice: " + before + ", " + state);
          }
          return;
        }
        if (ended.containsKey(id)) {
          throw new AssertionError(id + " went on after its end: " + before + ", " + state);
        }
        List<TaskState> order =
            List.of(TaskState.TASK_STARTING, TaskState.TASK_RUNNING, TaskState.TASK_KILLING);
        if (!before.isEmpty() && order.indexOf(state) <= order.indexOf(before.getLast())) {
          throw new AssertionError(id + " went back: " + before + ", " + state);
        }
      }
    }
  }
}
