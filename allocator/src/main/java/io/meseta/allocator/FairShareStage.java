package io.meseta.allocator;

import io.meseta.resources.ResourceQuantities;
import io.meseta.resources.Resources;
import java.util.List;

/**
 * Fair sharing (allocator.md, sections 4.3 and 4.5): roles and, within them, frameworks in the
 * order of their sorters; whoever comes first gets everything that it may have on the agent.
 */
final class FairShareStage implements AllocationStage {
  private final Books books;
  private final OfferFilters filters;
  private final Eligibility eligibility;
  private final List<ResourceQuantities> minAllocatable;

  FairShareStage(
      Books books, OfferFilters filters, Eligibility eligibility, AllocatorOptions options) {
    this.books = books;
    this.filters = filters;
    this.eligibility = eligibility;
    this.minAllocatable = options.minAllocatable();
  }

  @Override
  public void allocate(OpenAgent agent, AllocationRun run) {
    for (Role role : books.roleSorter().sort()) {
      if (agent.isEmpty()) {
        return;
      }
      if (role.sorter != null && !agent.forRole(role.name).isEmpty()) {
        allocateTo(role, role.sorter, agent, run);
      }
    }
  }

  private void allocateTo(Role role, Sorter<Framework> sorter, OpenAgent agent, AllocationRun run) {
    for (Framework framework : sorter.sort()) {
      Offerable available = agent.forRole(role.name);
      if (available.isEmpty()) {
        return;
      }
      if (!available.isAllocatable(minAllocatable, framework.minAllocatable(role.name))
          || !eligibility.maySee(framework, role.name, agent.agent)) {
        continue;
      }
      Offerable offer = available.without(framework.lacks());
      Resources resources = offer.resources();
      if (offer.isAllocatable(minAllocatable, framework.minAllocatable(role.name))
          && !filters.blocks(framework, role.name, agent.agent, resources)) {
        run.give(framework, role, agent, resources);
      }
    }
  }
}
