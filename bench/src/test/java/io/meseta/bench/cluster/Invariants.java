package io.meseta.bench.cluster;

import com.google.protobuf.ByteString;
import io.meseta.agent.core.AgentEffect;
import io.meseta.agent.core.AgentInput;
import io.meseta.allocator.AllocatorEffect;
import io.meseta.allocator.AllocatorInput;
import io.meseta.allocator.AllocatorProbe;
import io.meseta.master.core.MasterEffect;
import io.meseta.master.core.MasterInput;
import io.meseta.master.core.MasterProbe;
import io.meseta.resources.Resources;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What must be true of a cluster after every step, and when it has come to rest. */
final class Invariants {
  private final Cluster cluster;
  private final Refusals refusals = new Refusals();
  private boolean booksTouched;

  Invariants(Cluster cluster) {
    this.cluster = cluster;
  }

  // After every step.

  /** Books balance: within the master, within the allocator, and between the two. */
  void afterStep() {
    if (!booksTouched || !cluster.master.leads()) {
      return;
    }
    booksTouched = false;
    MasterProbe.audit(cluster.master.master());
    Map<String, Map<String, Resources>> held = AllocatorProbe.held(cluster.master.allocator());
    AllocatorProbe.totals(cluster.master.allocator())
        .forEach(
            (agentId, total) -> {
              Resources sum = Resources.sum(held.getOrDefault(agentId, Map.of()).values());
              if (!total.contains(sum)) {
                throw new AssertionError(
                    "the allocator has given away "
                        + sum
                        + " of "
                        + agentId
                        + ", which has "
                        + total);
              }
            });
    if (cluster.master.allocatorIsCurrent()) {
      Map<String, Map<String, Resources>> taken = MasterProbe.taken(cluster.master.master());
      if (!taken.equals(held)) {
        throw new AssertionError("the master counts " + taken + ", the allocator " + held);
      }
    }
  }

  void termBegins() {
    booksTouched = false;
    refusals.clear();
  }

  /** A framework is told of a task: it must be true. */
  void told(ModelFramework framework, ModelTask task, TaskStatus status) {
    if (status.getState() != TaskState.TASK_FINISHED) {
      return;
    }
    Optional<Integer> waitStatus =
        framework
            .id()
            .flatMap(id -> cluster.truth.run(new Truth.Key(id, task.id)))
            .flatMap(run -> run.waitStatus);
    if (waitStatus.isEmpty() || waitStatus.get() != 0) {
      throw new AssertionError("task " + task.id + " is said to have finished, but: " + waitStatus);
    }
  }

  Tampered.Witness<MasterInput, MasterEffect> ofMaster() {
    return new Toucher<>();
  }

  /**
   * What a checkpointing framework is told by an agent outlives that agent.
   *
   * @param durable whether the agent's disk has an update, by its uuid
   */
  Tampered.Witness<AgentInput, AgentEffect> ofAgent(Predicate<ByteString> durable) {
    return new Tampered.Witness<>() {
      @Override
      public void input(AgentInput input) {
        // Agents are judged by what they say and do.
      }

      @Override
      public void effect(AgentEffect effect) {
        if (effect instanceof AgentEffect.ToMaster message && message.message().hasStatusUpdate()) {
          leaves(message.message().getStatusUpdate(), durable);
        }
      }

      @Override
      public void done() {
        // As above.
      }
    };
  }

  private void leaves(AgentToMaster.StatusUpdate update, Predicate<ByteString> durable) {
    TaskStatus status = update.getStatus();
    // Of a task that it does not know, an agent does not know either whether its framework
    // checkpoints; it is asked again after a crash.
    boolean mustBeDurable =
        status.getReason() != TaskStatus.Reason.REASON_RECONCILIATION
            && cluster.frameworks.stream()
                .anyMatch(
                    framework ->
                        framework.checkpoints()
                            && framework
                                .id()
                                .equals(Optional.of(update.getFrameworkId().getValue())));
    if (mustBeDurable && !durable.test(status.getUuid())) {
      throw new AssertionError(
          status.getTaskId().getValue() + " " + status.getState() + " leaves before it is durable");
    }
  }

  Tampered.Witness<AllocatorInput, AllocatorEffect> ofAllocator() {
    return new Tampered.Witness<>() {
      @Override
      public void input(AllocatorInput input) {
        refusals.heard(input, cluster.world.nowNanos());
      }

      @Override
      public void effect(AllocatorEffect effect) {
        if (effect instanceof AllocatorEffect.Offers offers) {
          refusals.check(offers, cluster.world.nowNanos());
        }
      }

      @Override
      public void done() {
        booksTouched = true;
      }
    };
  }

  private final class Toucher<I, E> implements Tampered.Witness<I, E> {
    @Override
    public void input(I input) {
      // The books are looked at when the step is over.
    }

    @Override
    public void effect(E effect) {
      // As above.
    }

    @Override
    public void done() {
      booksTouched = true;
    }
  }

  // At rest.

  /**
   * Why the cluster has not settled yet: every task has ended, and nobody holds on to anything of
   * it.
   */
  Optional<String> unsettled() {
    Optional<String> down = down();
    if (down.isPresent()) {
      return down;
    }
    for (ModelFramework framework : cluster.frameworks) {
      if (framework.isGone()) {
        continue;
      }
      if (!framework.isSubscribed()) {
        return Optional.of(framework.name + " is not subscribed");
      }
      for (ModelTask task : framework.tasks()) {
        if (!task.isSettled() && !task.isUnreachable()) {
          return Optional.of("task " + task.id + " is " + task.state());
        }
      }
      if (!framework.hasAcknowledgedAll()) {
        return Optional.of(framework.name + " has not acknowledged all");
      }
      // The master may have offers whose answer was lost, but not the other way round.
      if (!MasterProbe.offersOf(cluster.master.master(), framework.id().orElseThrow())
          .containsAll(framework.offerIds())) {
        return Optional.of(framework.name + " has offers that are void");
      }
    }
    if (!MasterProbe.tasks(cluster.master.master()).isEmpty()) {
      return Optional.of("the master holds on to " + MasterProbe.tasks(cluster.master.master()));
    }
    return agentsAreFree();
  }

  /** What remains when every framework has gone. */
  Optional<String> leftOver() {
    Optional<String> down = down();
    if (down.isPresent()) {
      return down;
    }
    if (!MasterProbe.frameworks(cluster.master.master()).isEmpty()) {
      return Optional.of("frameworks are left: " + MasterProbe.frameworks(cluster.master.master()));
    }
    Map<String, Map<String, Resources>> held =
        new LinkedHashMap<>(AllocatorProbe.held(cluster.master.allocator()));
    held.values().removeIf(Map::isEmpty);
    if (!held.isEmpty()) {
      return Optional.of("the allocator holds on to " + held);
    }
    return agentsAreFree();
  }

  private Optional<String> down() {
    if (!cluster.master.leads()) {
      return Optional.of("no master leads");
    }
    for (AgentMachine agent : cluster.agents) {
      if (!agent.isRegistered()) {
        return Optional.of(agent.name + " is not registered");
      }
    }
    if (MasterProbe.connectedAgents(cluster.master.master()).size() != cluster.agents.size()) {
      return Optional.of("the master does not see all agents");
    }
    return Optional.empty();
  }

  private Optional<String> agentsAreFree() {
    for (AgentMachine agent : cluster.agents) {
      if (!agent.running().isEmpty()) {
        return Optional.of(agent.name + " has processes of " + agent.running());
      }
      if (!agent.unfinished().isEmpty()) {
        return Optional.of(agent.name + " has unfinished business: " + agent.unfinished());
      }
    }
    return Optional.empty();
  }

  /**
   * Every task that ran is known by its framework to have ended, by its agent's own word, unless
   * what its agent knew went down with it.
   *
   * @throws AssertionError naming a task that is not
   */
  void everyEndIsKnown() {
    for (ModelFramework framework : cluster.frameworks) {
      if (framework.isGone()) {
        continue;
      }
      for (ModelTask task : framework.tasks()) {
        Optional<Truth.Run> run =
            cluster.truth.run(new Truth.Key(framework.id().orElseThrow(), task.id));
        boolean remembered =
            run.isPresent() && (framework.checkpoints() || !run.get().agentCrashed);
        if (remembered && task.end().isEmpty()) {
          throw new AssertionError(
              "task "
                  + task.id
                  + " ran on "
                  + run.get().agent
                  + ", and its framework never heard how it ended");
        }
      }
    }
  }
}
