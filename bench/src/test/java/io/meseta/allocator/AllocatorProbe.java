package io.meseta.allocator;

import io.meseta.resources.Resources;
import java.util.LinkedHashMap;
import java.util.Map;

/** Looks into an allocator's books, for audits of a simulated cluster. */
public final class AllocatorProbe {
  private AllocatorProbe() {}

  /**
   * What is offered or allocated, without role: by agent id, then framework id; no empty entries.
   */
  public static Map<String, Map<String, Resources>> held(Allocator allocator) {
    Map<String, Map<String, Resources>> held = new LinkedHashMap<>();
    for (Agent agent : allocator.books().agents()) {
      Map<String, Resources> byFramework = new LinkedHashMap<>();
      agent.held().forEach((id, byRole) -> byFramework.put(id, Resources.sum(byRole.values())));
      held.put(agent.id, byFramework);
    }
    return held;
  }

  /** By agent id. */
  public static Map<String, Resources> totals(Allocator allocator) {
    Map<String, Resources> totals = new LinkedHashMap<>();
    allocator.books().agents().forEach(agent -> totals.put(agent.id, agent.total()));
    return totals;
  }
}
