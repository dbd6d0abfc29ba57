package io.meseta.allocator;

import io.meseta.kernel.Effects;
import io.meseta.kernel.Rng;
import io.meseta.resources.Resources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One pass over the candidate agents (allocator.md, section 4): each stage visits them in a new
 * random order; in the end every framework that got something hears of it once.
 */
final class AllocationRun {
  private final Books books;
  private final Map<Framework, Map<String, Map<String, Resources>>> gifts = new LinkedHashMap<>();
  private final Set<Agent> givers = new HashSet<>();

  AllocationRun(Books books) {
    this.books = books;
  }

  /**
   * @param candidates put into other orders
   */
  void run(
      List<Agent> candidates,
      List<AllocationStage> stages,
      Rng rng,
      Effects<? super AllocatorEffect> effects) {
    Map<Agent, OpenAgent> open = new HashMap<>();
    List<Agent> agents = new ArrayList<>(candidates);
    for (AllocationStage stage : stages) {
      rng.shuffle(agents);
      for (Agent agent : agents) {
        stage.allocate(open.computeIfAbsent(agent, OpenAgent::new), this);
      }
    }
    for (Agent agent : agents) {
      // A shared resource that was given may be given to somebody else in the next run.
      if (!givers.contains(agent)) {
        agent.settle(books.epoch());
      }
    }
    gifts.forEach(
        (framework, offers) -> effects.emit(new AllocatorEffect.Offers(framework.id, offers)));
  }

  /** The framework is offered this, which is free, and holds it from now on. */
  void give(Framework framework, Role role, OpenAgent agent, Resources resources) {
    books.hold(agent.agent, framework.id, role.name, resources);
    agent.taken(resources);
    givers.add(agent.agent);
    gifts
        .computeIfAbsent(framework, _ -> new LinkedHashMap<>(2))
        .computeIfAbsent(role.name, _ -> new LinkedHashMap<>())
        .merge(agent.agent.id, resources.allocate(role.name), Resources::plus);
  }
}
