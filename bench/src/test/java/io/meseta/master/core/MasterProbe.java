package io.meseta.master.core;

import io.meseta.resources.Resources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks into a master's books, for audits of a simulated cluster. */
public final class MasterProbe {
  private MasterProbe() {}

  /**
   * Checks that the books agree with themselves.
   *
   * @throws AssertionError naming what does not
   */
  public static void audit(Master master) {
    Audit.check(master.books());
  }

  /**
   * What is offered or in use, without role: by agent id, then framework id; an entry for every
   * agent, none for frameworks that have nothing.
   */
  public static Map<String, Map<String, Resources>> taken(Master master) {
    Books books = master.books();
    Map<String, Map<String, Resources>> taken = new LinkedHashMap<>();
    for (AgentBook agent : books.agents.values()) {
      Map<String, Resources> here = new LinkedHashMap<>();
      agent
          .used()
          .forEach((id, resources) -> here.merge(id, resources.unallocate(), Resources::plus));
      for (String offerId : agent.offers) {
        OfferBook offer = books.offers.get(offerId);
        here.merge(offer.frameworkId(), offer.resources().unallocate(), Resources::plus);
      }
      taken.put(agent.id(), here);
    }
    return taken;
  }

  /** Ids of the offers that a framework has; none if it is unknown. */
  public static Set<String> offersOf(Master master, String frameworkId) {
    return master
        .books()
        .framework(frameworkId)
        .map(framework -> Set.copyOf(framework.offers))
        .orElse(Set.of());
  }

  /** Ids of frameworks that are not removed. */
  public static Set<String> frameworks(Master master) {
    return Set.copyOf(master.books().frameworks.keySet());
  }

  /** Ids of agents that are registered and connected. */
  public static Set<String> connectedAgents(Master master) {
    Set<String> connected = new LinkedHashSet<>();
    for (AgentBook agent : master.books().agents.values()) {
      if (agent.isActive()) {
        connected.add(agent.id());
      }
    }
    return connected;
  }

  /** Tasks in the books, ended ones that nobody has acknowledged included, for people to read. */
  public static List<String> tasks(Master master) {
    List<String> tasks = new ArrayList<>();
    for (FrameworkBook framework : master.books().frameworks.values()) {
      framework
          .tasks
          .values()
          .forEach(task -> tasks.add(task.id() + " " + task.state() + " on " + task.agentId()));
    }
    return tasks;
  }
}
