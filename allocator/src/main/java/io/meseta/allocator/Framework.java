package io.meseta.allocator;

import io.meseta.resources.ResourceQuantities;
import io.meseta.resources.Scalars;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.FrameworkInfo.Capability;
import io.meseta.schema.v1.OfferFilters;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A framework as the allocator knows it. Only {@link Books} and {@link Allocator} change it. */
final class Framework {
  final String id;
  boolean active;
  final Set<String> suppressed = new LinkedHashSet<>();

  /** Where it holds something, by role; no empty sets. */
  final Map<String, Set<Agent>> holdings = new HashMap<>();

  /** The traits of resources that it cannot take, as bits of {@link Offerable}. */
  private int lacks;

  private Set<String> roles = Set.of();
  private EnumSet<Capability.Type> capabilities = EnumSet.noneOf(Capability.Type.class);
  private Map<String, List<ResourceQuantities>> minAllocatable = Map.of();

  Framework(String id, FrameworkInfo info, boolean active) {
    this.id = id;
    this.active = active;
    replaceInfo(info);
  }

  void replaceInfo(FrameworkInfo info) {
    capabilities = EnumSet.noneOf(Capability.Type.class);
    info.getCapabilitiesList().forEach(capability -> capabilities.add(capability.getType()));
    roles =
        has(Capability.Type.MULTI_ROLE)
            ? new LinkedHashSet<>(info.getRolesList())
            : Set.of(singleRole(info));
    lacks =
        (has(Capability.Type.SHARED_RESOURCES) ? 0 : Offerable.SHARED)
            | (has(Capability.Type.REVOCABLE_RESOURCES) ? 0 : Offerable.REVOCABLE)
            | (has(Capability.Type.RESERVATION_REFINEMENT) ? 0 : Offerable.REFINED);
    minAllocatable = new HashMap<>();
    info.getOfferFiltersMap()
        .forEach(
            (role, filters) -> {
              if (filters.hasMinAllocatableResources()) {
                minAllocatable.put(role, quantities(filters.getMinAllocatableResources()));
              }
            });
  }

  boolean has(Capability.Type capability) {
    return capabilities.contains(capability);
  }

  int lacks() {
    return lacks;
  }

  Set<String> roles() {
    return roles;
  }

  /** May be offered resources in this role. */
  boolean wants(String role) {
    return active && roles.contains(role) && !suppressed.contains(role);
  }

  /** Its own sets for the role, or null if the general ones hold. */
  @Nullable List<ResourceQuantities> minAllocatable(String role) {
    return minAllocatable.get(role);
  }

  // The field is deprecated, but it is what frameworks without MULTI_ROLE use.
  @SuppressWarnings("deprecation")
  private static String singleRole(FrameworkInfo info) {
    return info.getRole();
  }

  private static List<ResourceQuantities> quantities(
      OfferFilters.MinAllocatableResources resources) {
    List<ResourceQuantities> sets = new ArrayList<>();
    resources
        .getQuantitiesList()
        .forEach(
            set -> {
              Map<String, Long> millis = new HashMap<>();
              set.getQuantitiesMap()
                  .forEach((name, scalar) -> millis.put(name, Scalars.toMillis(scalar.getValue())));
              sets.add(ResourceQuantities.of(millis));
            });
    return sets;
  }
}
