package io.meseta.bench.cluster;

import io.meseta.kernel.Rng;
import io.meseta.testing.sim.SimNetwork;
import io.meseta.testing.sim.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One cluster in one world: a master, two to four agents, one to three frameworks. Lives through a
 * time of faults, then must come to rest by itself, and be empty when its frameworks have gone.
 */
final class Cluster {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final long FAULTS_SECONDS = 60;
  private static final long REST_SECONDS = 300;
  private static final long QUIET_SECONDS = 15;
  private static final long LONGEST_DOWN_NANOS = 8 * SECOND_NANOS;
  private static final long LONGEST_CUT_NANOS = 40 * SECOND_NANOS;

  /** Loss between machines of one site; it is found out by gaps and silence. */
  private static final double WORST_BUS = 0.03;

  /** Loss of schedulers' requests, each of which has a connection of its own. */
  private static final double WORST_CALLS = 0.15;

  private static final SimNetwork.Faults GOOD_BUS = new SimNetwork.Faults(0, 0, 5_000_000, true);
  private static final SimNetwork.Faults GOOD_CALLS =
      new SimNetwork.Faults(0, 0, 20_000_000, false);

  final World world;
  final Mutation mutation;

  /**
   * What kind of cluster it is and what befalls it. Not the world's own source, whose first draws
   * are alike for neighbouring seeds.
   */
  final Rng rng;

  final Truth truth;
  final Invariants invariants = new Invariants(this);

  /** Agents and master. */
  final SimNetwork bus;

  /** Schedulers' requests. */
  final SimNetwork calls;

  /** Journals, until what is written is durable. */
  final SimNetwork disks;

  /** What does not lose anything: threads and open connections. */
  final SimNetwork wires;

  final MasterMachine master;
  final List<AgentMachine> agents = new ArrayList<>();
  final List<ModelFramework> frameworks = new ArrayList<>();
  private final long faultPauseNanos;
  private boolean faulty = true;
  private long nextStream;

  Cluster(World world, Mutation mutation) {
    this.world = world;
    this.mutation = mutation;
    this.rng = world.fork();
    this.truth = new Truth(world);
    // Each cluster has an environment of its own: some are calm, some are terrible.
    this.faultPauseNanos = (1 + rng.nextInt(8)) * SECOND_NANOS;
    this.bus =
        new SimNetwork(
            world, new SimNetwork.Faults(rng.nextDouble() * WORST_BUS, 0, 30_000_000, true));
    this.calls =
        new SimNetwork(
            world, new SimNetwork.Faults(rng.nextDouble() * WORST_CALLS, 0, 300_000_000, false));
    this.disks = new SimNetwork(world, new SimNetwork.Faults(0, 0, 200_000_000, true));
    this.wires = new SimNetwork(world, new SimNetwork.Faults(0, 0, 10_000_000, true));
    this.master = new MasterMachine(this);
    int agentCount = 2 + rng.nextInt(3);
    for (int i = 1; i <= agentCount; i++) {
      agents.add(new AgentMachine(this, "agent" + i));
    }
    int frameworkCount = 1 + rng.nextInt(3);
    for (int i = 1; i <= frameworkCount; i++) {
      frameworks.add(new ModelFramework(this, "fw" + i));
    }
  }

  /**
   * A whole life.
   *
   * @throws AssertionError if an invariant breaks, or the cluster does not come to rest
   */
  static void live(World world, Mutation mutation) {
    Cluster cluster = new Cluster(world, mutation);
    world.invariant(cluster.invariants::afterStep);
    cluster.start();
    world.runFor(FAULTS_SECONDS * SECOND_NANOS);
    cluster.endFaults();
    cluster.frameworks.forEach(framework -> framework.setMood(ModelFramework.Mood.DRAINING));
    cluster.rest("at rest", cluster.invariants::unsettled);
    // Long enough for everything that is retried or times out in between.
    world.runFor(QUIET_SECONDS * SECOND_NANOS);
    cluster.rest("at rest", cluster.invariants::unsettled);
    cluster.invariants.everyEndIsKnown();
    cluster.frameworks.forEach(framework -> framework.setMood(ModelFramework.Mood.LEAVING));
    cluster.rest("empty", cluster.invariants::leftOver);
  }

  private void start() {
    master.start();
    agents.forEach(AgentMachine::start);
    frameworks.forEach(ModelFramework::start);
    planFault();
  }

  Stream newStream(ModelFramework framework) {
    return new Stream(this, framework, ++nextStream);
  }

  private void rest(String what, Supplier<Optional<String>> obstacle) {
    Optional<String> left = obstacle.get();
    for (long seconds = 0; left.isPresent(); seconds++) {
      if (seconds == REST_SECONDS) {
        throw new AssertionError(
            "not " + what + " within " + REST_SECONDS + " s of virtual time: " + left.get());
      }
      world.runFor(SECOND_NANOS);
      left = obstacle.get();
    }
  }

  // Faults.

  private void planFault() {
    world.after(
        rng.nextLong(faultPauseNanos),
        "chance",
        () -> {
          if (faulty) {
            fault();
            planFault();
          }
        });
  }

  private void fault() {
    AgentMachine agent = agents.get(rng.nextInt(agents.size()));
    switch (rng.nextInt(10)) {
      case 0, 1 -> restartAgent(agent, rng.chance(0.3));
      case 2 -> restartMaster();
      case 3, 4 -> agent.breakLink();
      case 5 -> cut(agent);
      case 6, 7 -> frameworks.get(rng.nextInt(frameworks.size())).breakStream();
      default -> {
        // Peace.
      }
    }
  }

  private void restartAgent(AgentMachine agent, boolean power) {
    if (!agent.isUp()) {
      return;
    }
    world.trace(() -> agent.name + (power ? " loses power" : " is killed"));
    agent.crash(power);
    // Now and then too long for the master to wait.
    long down = rng.nextLong(rng.chance(0.2) ? LONGEST_CUT_NANOS : LONGEST_DOWN_NANOS);
    world.after(down, agent.name + " starts", () -> startAgent(agent));
  }

  private static void startAgent(AgentMachine agent) {
    if (!agent.isUp()) {
      agent.start();
    }
  }

  private void restartMaster() {
    if (!master.isUp()) {
      return;
    }
    world.trace(() -> "the master is killed");
    master.crash();
    world.after(
        rng.nextLong(LONGEST_DOWN_NANOS),
        "master starts",
        () -> {
          if (!master.isUp()) {
            master.start();
          }
        });
  }

  private void cut(AgentMachine agent) {
    bus.cut(agent.name, "master");
    world.after(
        rng.nextLong(LONGEST_CUT_NANOS),
        "the network to " + agent.name + " is back",
        () -> bus.heal(agent.name, "master"));
  }

  private void endFaults() {
    faulty = false;
    world.trace(() -> "faults end");
    bus.setFaults(GOOD_BUS);
    calls.setFaults(GOOD_CALLS);
  }
}
