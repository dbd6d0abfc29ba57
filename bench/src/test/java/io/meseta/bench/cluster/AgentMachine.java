package io.meseta.bench.cluster;

import com.google.protobuf.ByteString;
import io.meseta.agent.core.Agent;
import io.meseta.agent.core.AgentConfig;
import io.meseta.agent.core.AgentEffect;
import io.meseta.agent.core.AgentInput;
import io.meseta.agent.core.AgentState;
import io.meseta.kernel.Core;
import io.meseta.resources.Resources;
import io.meseta.schema.internal.v1.AgentJournalRecord;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.v1.AgentInfo;
import io.meseta.testing.sim.SimNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One machine with an agent: its core, journal, sandboxes, processes and its end of the link. */
final class AgentMachine {
  static final String RESOURCES = "cpus:2;mem:1024";

  private static final long LONGEST_PREPARATION_NANOS = 50_000_000;
  private static final long SEARCH_PAUSE_NANOS = 1_000_000_000;
  private static final double SANDBOX_FAILURE = 0.02;

  private record Writing(long number, AgentJournalRecord entry) {}

  final String name;
  private final Cluster cluster;
  private final Processes processes;
  private final SimNode<AgentInput, AgentEffect> node;
  private List<AgentJournalRecord> durable = new ArrayList<>();
  private final Set<ByteString> durableUpdates = new HashSet<>();
  private final List<Writing> writing = new ArrayList<>();
  private int boots = 1;
  private @Nullable Agent agent;
  private @Nullable Link<MasterToAgent> link;
  private long searches;

  AgentMachine(Cluster cluster, String name) {
    this.cluster = cluster;
    this.name = name;
    this.processes =
        new Processes(
            cluster.world,
            name,
            cluster.truth,
            event ->
                toCore(
                    "supervisor of " + name,
                    "supervisor: " + event.getEventCase(),
                    new AgentInput.FromSupervisor(event)));
    this.node = new SimNode<>(cluster.world, name, this::birth, (n, effect) -> carryOut(effect));
  }

  private Core<AgentInput, AgentEffect> birth() {
    Agent born = new Agent(config(), cluster.world.fork());
    agent = born;
    return new Tampered<>(
        born, cluster.mutation.agent(), cluster.invariants.ofAgent(durableUpdates::contains));
  }

  private AgentConfig config() {
    AgentInfo.Builder info = AgentInfo.newBuilder().setHostname(name).setPort(5051);
    Resources.parse(RESOURCES).forEach(info::addResources);
    return new AgentConfig(
        info.build(),
        "1.12.0",
        List.of(
            AgentInfo.Capability.newBuilder()
                .setType(AgentInfo.Capability.Type.MULTI_ROLE)
                .build()),
        "127.0.0.1",
        "127.0.0.1:5051",
        "boot-" + boots,
        Duration.ofMillis(500),
        Duration.ofSeconds(5),
        Duration.ofMinutes(15),
        Duration.ofSeconds(2),
        Map.of(),
        false);
  }

  void start() {
    if (cluster.world.rng().chance(0.3)) {
      durable = new ArrayList<>(AgentState.of(durable).records()); // a snapshot
    }
    node.start();
    node.deliver(
        new AgentInput.Recovered(cluster.mutation.replayed(AgentState.of(durable), durable)));
    searchLater();
  }

  /**
   * The agent's process dies; what was being written is written or not.
   *
   * @param power whether the machine goes down with it
   */
  void crash(boolean power) {
    node.crash();
    agent = null;
    int kept = cluster.world.rng().nextInt(writing.size() + 1);
    writing.subList(0, kept).forEach(written -> keep(written.entry()));
    writing.clear();
    cluster.truth.agentCrashed(name);
    if (power) {
      processes.reboot();
      boots++;
    }
    Link<MasterToAgent> lost = link;
    link = null;
    if (lost != null) {
      cluster.master.farEndGone(lost.session());
    }
  }

  boolean isUp() {
    return node.isUp();
  }

  boolean isRegistered() {
    return agent != null && agent.state() == Agent.State.RUNNING;
  }

  List<Truth.Key> running() {
    return processes.running();
  }

  /** What the journal holds besides the agent's own record; nothing when all is over. */
  List<AgentJournalRecord> unfinished() {
    return AgentState.of(durable).records().stream().filter(record -> !record.hasAgent()).toList();
  }

  // The link.

  private void searchLater() {
    int life = node.incarnation();
    long turn = ++searches;
    cluster.world.after(
        1 + cluster.world.rng().nextLong(SEARCH_PAUSE_NANOS),
        name + " looks for a master",
        () -> {
          if (isSearching(life, turn)) {
            hello(life);
          }
        });
  }

  /** One request at a time; the answer to an older one is not waited for any more. */
  private void hello(int life) {
    searchLater();
    long turn = searches;
    cluster.bus.send(
        name,
        "master",
        "hello",
        () ->
            cluster.master.hello(
                this,
                session ->
                    cluster.bus.send(
                        "master",
                        name,
                        "welcome " + session,
                        () -> welcomed(life, turn, session))));
  }

  private boolean isSearching(int life, long turn) {
    return node.isUp() && node.incarnation() == life && link == null && searches == turn;
  }

  private void welcomed(int life, long turn, String session) {
    if (isSearching(life, turn)) {
      searches++;
      link = new Link<>(session);
      node.deliver(new AgentInput.LinkOpened(session));
    }
  }

  /** Something arrives for a session. */
  void receive(Link.Envelope<MasterToAgent> envelope) {
    Link<MasterToAgent> open = link;
    if (open == null || !open.session().equals(envelope.session())) {
      cluster.master.farEndGone(envelope.session());
      return;
    }
    open.receive(
        envelope,
        new Link.Receiver<>() {
          @Override
          public void next(MasterToAgent message) {
            node.deliver(new AgentInput.FromMaster(open.session(), message));
          }

          @Override
          public void over(boolean missing) {
            if (missing) {
              toMaster(open.end(), "end");
            }
            lose(open);
          }
        });
  }

  /** The connection breaks; the master hears of it by itself. */
  void breakLink() {
    Link<MasterToAgent> open = link;
    if (open != null) {
      lose(open);
      cluster.master.farEndGone(open.session());
    }
  }

  /** The master is gone, and this agent notices. */
  void breakLinkIf(String session) {
    Link<MasterToAgent> open = link;
    if (open != null && open.session().equals(session)) {
      lose(open);
    }
  }

  private void lose(Link<MasterToAgent> lost) {
    link = null;
    node.deliver(new AgentInput.LinkClosed(lost.session()));
    searchLater();
  }

  private void toMaster(Link.Envelope<AgentToMaster> envelope, String what) {
    cluster.bus.send(name, "master", what, () -> cluster.master.receive(this, envelope));
  }

  // What the core wants.

  private void carryOut(AgentEffect effect) {
    switch (effect) {
      case AgentEffect.ToMaster message -> {
        Link<MasterToAgent> open = link;
        if (open != null && open.session().equals(message.session())) {
          toMaster(open.wrap(message.message()), Describe.message(message.message()));
        }
      }
      case AgentEffect.Reconnect reconnect -> {
        Link<MasterToAgent> open = link;
        if (open != null && open.session().equals(reconnect.session())) {
          toMaster(open.end(), "end");
          node.later(0, "link closed", new AgentInput.LinkClosed(open.session()));
          link = null;
          searchLater();
        }
      }
      case AgentEffect.Persist persist -> persist(new Writing(persist.record(), persist.entry()));
      case AgentEffect.PrepareSandbox prepare ->
          node.later(
              cluster.world.rng().nextLong(LONGEST_PREPARATION_NANOS),
              "sandbox",
              cluster.world.rng().chance(SANDBOX_FAILURE)
                  ? new AgentInput.SandboxFailed(prepare.containerId(), "disk full")
                  : new AgentInput.SandboxReady(
                      prepare.containerId(),
                      Processes.sandbox(
                          prepare.frameworkId(), prepare.executorId(), prepare.containerId())));
      case AgentEffect.ToSupervisor call -> {
        int life = node.incarnation();
        cluster.wires.send(
            name,
            "supervisor of " + name,
            name + " calls " + call.call().getCallCase(),
            () -> {
              // The call of an agent that has died since may not have left its process.
              if (node.isUp() && node.incarnation() == life) {
                processes.on(call.call());
              }
            });
      }
      case AgentEffect.TellSandbox _, AgentEffect.ForgetSandbox _ -> {
        // Files that nobody reads here.
      }
      case AgentEffect.Log(var line) ->
          cluster.world.trace(() -> name + ": " + line.message() + " " + line.fields());
      case AgentEffect.Stopped _ -> throw new AssertionError(name + " has stopped unasked");
      case AgentEffect.Failed(String reason) ->
          throw new AssertionError(name + " failed: " + reason);
    }
  }

  private void keep(AgentJournalRecord entry) {
    durable.add(entry);
    if (entry.hasUpdate()) {
      durableUpdates.add(entry.getUpdate().getUpdate().getUuid());
    }
  }

  private void persist(Writing write) {
    writing.add(write);
    if (cluster.mutation.answersBeforeDurable(write.entry())) {
      node.later(0, "persisted early", new AgentInput.Persisted(write.number()));
    }
    int life = node.incarnation();
    cluster.disks.send(
        name,
        "disk of " + name,
        name + " writes " + write.entry().getRecordCase(),
        () -> {
          if (node.isUp() && node.incarnation() == life) {
            writing.remove(write);
            keep(write.entry());
            node.deliver(new AgentInput.Persisted(write.number()));
          }
        });
  }

  /** In order, but to this incarnation only. */
  private void toCore(String from, String what, AgentInput input) {
    int life = node.incarnation();
    cluster.wires.send(
        from,
        name,
        what,
        () -> {
          if (node.isUp() && node.incarnation() == life) {
            node.deliver(input);
          }
        });
  }
}
