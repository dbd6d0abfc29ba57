package io.meseta.bench.cluster;

import io.meseta.testing.sim.World;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What really happened to tasks, as no node of the cluster can know it. */
final class Truth {
  /** A task's name in the whole cluster. */
  record Key(String frameworkId, String taskId) {}

  /** The one run of a task's process. */
  static final class Run {
    final String agent;

    /** How its process ended, as wait(2) gives it. */
    Optional<Integer> waitStatus = Optional.empty();

    /** The agent that started it has crashed since. */
    boolean agentCrashed;

    Run(String agent) {
      this.agent = agent;
    }
  }

  private final World world;
  private final Map<Key, Run> runs = new LinkedHashMap<>();

  Truth(World world) {
    this.world = world;
  }

  /**
   * A task's process starts.
   *
   * @throws AssertionError if it did so before: no task runs twice
   */
  Run started(Key key, String agent) {
    Run run = new Run(agent);
    Run before = runs.putIfAbsent(key, run);
    if (before != null) {
      throw new AssertionError(
          "task " + key.taskId() + " runs twice: on " + before.agent + ", then on " + agent);
    }
    world.trace(() -> "process of " + key.taskId() + " starts on " + agent);
    return run;
  }

  Optional<Run> run(Key key) {
    return Optional.ofNullable(runs.get(key));
  }

  void agentCrashed(String agent) {
    for (Run run : runs.values()) {
      run.agentCrashed |= run.agent.equals(agent);
    }
  }
}
