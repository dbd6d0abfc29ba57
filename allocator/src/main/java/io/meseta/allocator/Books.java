package io.meseta.allocator;

import io.meseta.kernel.Rng;
import io.meseta.resources.ApplyResult;
import io.meseta.resources.ResourceConversion;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.FrameworkInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who has what. Keeps four views of the same holdings consistent: the agents' books, the role tree,
 * the role sorter and the framework sorter of each role (allocator.md, section 4.1).
 *
 * <p>Agents may be known before the frameworks that use them: such holdings are on the agent's book
 * at once and in the other views when the framework comes.
 */
final class Books {
  private final AllocatorOptions options;
  private final Rng rng;
  private final ResourceNames names = new ResourceNames();
  private final Footprints footprints = new Footprints(names);
  private final ClusterTotals totals;
  private final RoleTree roles = new RoleTree();
  private final Sorter<Role> roleSorter;
  private final Map<String, Agent> agents = new LinkedHashMap<>();
  private final Map<String, Framework> frameworks = new LinkedHashMap<>();

  /** Where frameworks that are not known yet hold something. */
  private final Map<String, Set<Agent>> strangers = new LinkedHashMap<>();

  private long epoch;

  Books(AllocatorOptions options, Rng rng) {
    this.options = options;
    this.rng = rng;
    this.totals = new ClusterTotals(names, options.fairSharingExcludedNames());
    this.roleSorter = newSorter(options.roleSorter(), true);
  }

  // Reading

  Iterable<Agent> agents() {
    return agents.values();
  }

  @Nullable Agent agent(String id) {
    return agents.get(id);
  }

  Iterable<Framework> frameworks() {
    return frameworks.values();
  }

  @Nullable Framework framework(String id) {
    return frameworks.get(id);
  }

  Sorter<Role> roleSorter() {
    return roleSorter;
  }

  RoleTree roles() {
    return roles;
  }

  ResourceNames names() {
    return names;
  }

  ClusterTotals totals() {
    return totals;
  }

  /** Changes whenever a framework may want what it did not want before. */
  long epoch() {
    return epoch;
  }

  /** Makes every agent worth another look. */
  void newEpoch() {
    epoch++;
  }

  // Frameworks

  void addFramework(Framework framework, Map<String, Resources> used) {
    if (frameworks.putIfAbsent(framework.id, framework) != null) {
      throw new IllegalStateException("framework " + framework.id + " was added before");
    }
    newEpoch();
    framework.roles().forEach(role -> track(framework, role));
    Set<Agent> known = strangers.remove(framework.id);
    if (known != null) {
      for (Agent agent : known) {
        Map<String, Resources> held = agent.held().getOrDefault(framework.id, Map.of());
        held.forEach((role, resources) -> charge(framework, role, agent, resources));
      }
    }
    used.forEach(
        (agentId, resources) -> {
          Agent agent = agents.get(agentId);
          if (agent != null && (known == null || !known.contains(agent))) {
            holdUsed(agent, framework.id, resources);
          }
        });
  }

  void removeFramework(Framework framework) {
    for (String role : List.copyOf(framework.holdings.keySet())) {
      for (Agent agent : List.copyOf(framework.holdings.getOrDefault(role, Set.of()))) {
        release(agent, framework.id, role, agent.held(framework.id, role));
        capInUse(agent, role);
      }
    }
    frameworks.remove(framework.id);
    framework.roles().forEach(role -> untrack(framework, role));
    newEpoch();
  }

  /** Takes over what {@code info} says, and tracks the framework under its new roles. */
  void updateFramework(Framework framework, FrameworkInfo info) {
    Set<String> before = new HashSet<>(framework.roles());
    framework.replaceInfo(info);
    framework.suppressed.retainAll(framework.roles());
    framework.roles().forEach(role -> track(framework, role));
    for (String role : before) {
      if (!framework.roles().contains(role)) {
        refreshActivity(framework, role);
        untrackIfUnused(framework, role);
      }
    }
    newEpoch();
  }

  /** Puts the framework in or out of the sort of its roles, as its state now says. */
  void refreshActivity(Framework framework) {
    framework.roles().forEach(role -> refreshActivity(framework, role));
    newEpoch();
  }

  private void refreshActivity(Framework framework, String roleName) {
    Role role = roles.find(roleName);
    if (role != null && role.sorter != null && role.sorter.contains(framework.id)) {
      if (framework.wants(roleName)) {
        role.sorter.activate(framework.id);
      } else {
        role.sorter.deactivate(framework.id);
      }
    }
  }

  void setWeight(String role, double weight) {
    roles.setWeight(role, weight);
    roleSorter.setWeight(role, weight);
  }

  // Agents

  void addAgent(Agent agent, Map<String, Resources> used) {
    if (agents.putIfAbsent(agent.id, agent) != null) {
      throw new IllegalStateException("agent " + agent.id + " was added before");
    }
    addTotal(agent);
    used.forEach((frameworkId, resources) -> holdUsed(agent, frameworkId, resources));
  }

  void removeAgent(Agent agent) {
    for (String frameworkId : List.copyOf(agent.held().keySet())) {
      Map<String, Resources> held = agent.held().getOrDefault(frameworkId, Map.of());
      for (String role : List.copyOf(held.keySet())) {
        release(agent, frameworkId, role, agent.held(frameworkId, role));
      }
    }
    subtractTotal(agent);
    agents.remove(agent.id);
  }

  void setTotal(Agent agent, Resources total) {
    subtractTotal(agent);
    agent.setTotal(total);
    addTotal(agent);
  }

  private void addTotal(Agent agent) {
    totals.add(footprints.of(agent.id, agent.total()));
    agent
        .total()
        .reservations()
        .forEach((role, part) -> roles.addReservations(role, footprints.scalarsOf(part)));
  }

  private void subtractTotal(Agent agent) {
    totals.subtract(footprints.of(agent.id, agent.total()));
    agent
        .total()
        .reservations()
        .forEach((role, part) -> roles.subtractReservations(role, footprints.scalarsOf(part)));
  }

  // Holdings

  /** What was in use before we heard of it; {@code resources} carry their allocation roles. */
  void holdUsed(Agent agent, String frameworkId, Resources resources) {
    resources
        .allocations()
        .forEach(
            (role, part) -> {
              Resources plain = part.unallocate();
              hold(agent, frameworkId, role, plain);
              use(agent, role, plain);
            });
  }

  /** From now on the framework holds this, offered or allocated. */
  void hold(Agent agent, String frameworkId, String role, Resources resources) {
    agent.hold(frameworkId, role, resources);
    Framework framework = frameworks.get(frameworkId);
    if (framework == null) {
      strangers.computeIfAbsent(frameworkId, _ -> new LinkedHashSet<>()).add(agent);
    } else {
      charge(framework, role, agent, resources);
    }
  }

  /** The framework gives back a part of what it holds. */
  void release(Agent agent, String frameworkId, String role, Resources resources) {
    agent.release(frameworkId, role, resources);
    Framework framework = frameworks.get(frameworkId);
    if (framework == null) {
      Set<Agent> known = strangers.get(frameworkId);
      if (known != null && !agent.held().containsKey(frameworkId)) {
        known.remove(agent);
        if (known.isEmpty()) {
          strangers.remove(frameworkId);
        }
      }
      return;
    }
    Footprint footprint = footprints.of(agent.id, resources);
    roleSorter.unallocated(role, footprint);
    sorterOf(role).unallocated(framework.id, footprint);
    roles.subtractHeld(role, footprint.unreserved());
    if (agent.held(frameworkId, role).isEmpty()) {
      Set<Agent> there = framework.holdings.get(role);
      if (there != null) {
        there.remove(agent);
        if (there.isEmpty()) {
          framework.holdings.remove(role);
        }
      }
      untrackIfUnused(framework, role);
    }
  }

  private void charge(Framework framework, String role, Agent agent, Resources resources) {
    track(framework, role);
    framework.holdings.computeIfAbsent(role, _ -> new LinkedHashSet<>()).add(agent);
    Footprint footprint = footprints.of(agent.id, resources);
    roleSorter.allocated(role, footprint);
    sorterOf(role).allocated(framework.id, footprint);
    roles.addHeld(role, footprint.unreserved());
  }

  /**
   * Applies conversions to what a framework holds and to the agent's total.
   *
   * @return why that is impossible; nothing has changed then
   */
  Optional<String> convert(
      Agent agent, Framework framework, Resources offered, List<ResourceConversion> conversions) {
    if (offered.allocations().size() != 1) {
      return Optional.of("not of exactly one role: " + offered);
    }
    String role = offered.allocations().firstKey();
    List<ResourceConversion> plain = new ArrayList<>();
    for (ResourceConversion step : conversions) {
      plain.add(
          new ResourceConversion(
              step.consumed().unallocate(),
              step.converted().unallocate(),
              step.goneAfter().unallocate()));
    }
    List<ResourceConversion> ofTotal =
        plain.stream().filter(step -> !step.consumed().isEmpty()).toList();
    Resources before = offered.unallocate();
    if (!agent.held(framework.id, role).contains(before)) {
      return Optional.of("holds only " + agent.held(framework.id, role));
    }
    return switch (before.apply(plain)) {
      case ApplyResult.Refused(String reason) -> Optional.of(reason);
      case ApplyResult.Applied(Resources after) ->
          switch (agent.total().apply(ofTotal)) {
            case ApplyResult.Refused(String reason) -> Optional.of(reason);
            case ApplyResult.Applied(Resources total) -> {
              replaceHeld(agent, framework, role, before, after);
              setTotal(agent, total);
              yield Optional.empty();
            }
          };
    };
  }

  private void replaceHeld(
      Agent agent, Framework framework, String role, Resources before, Resources after) {
    if (after.isEmpty()) {
      release(agent, framework.id, role, before);
      return;
    }
    agent.release(framework.id, role, before);
    agent.hold(framework.id, role, after);
    Footprint old = footprints.of(agent.id, before);
    Footprint now = footprints.of(agent.id, after);
    roleSorter.updated(role, old, now);
    sorterOf(role).updated(framework.id, old, now);
    roles.addHeld(role, now.unreserved());
    roles.subtractHeld(role, old.unreserved());
  }

  // What is in use, not only offered

  /** A part of what somebody holds in this role is now in use; without allocation role. */
  void use(Agent agent, String role, Resources resources) {
    Quantities amount = footprints.of(agent.id, resources).unreserved();
    agent.inUse.computeIfAbsent(role, _ -> new Quantities()).add(amount);
  }

  /** It is no longer in use. */
  void unuse(Agent agent, String role, Resources resources) {
    Quantities amount = footprints.of(agent.id, resources).unreserved();
    agent.inUse.computeIfAbsent(role, _ -> new Quantities()).subtract(amount);
    capInUse(agent, role);
  }

  private void capInUse(Agent agent, String role) {
    Quantities inUse = agent.inUse.get(role);
    if (inUse == null) {
      return;
    }
    Quantities held = new Quantities();
    agent
        .held()
        .values()
        .forEach(
            byRole -> {
              Resources part = byRole.get(role);
              if (part != null) {
                held.add(footprints.of(agent.id, part).unreserved());
              }
            });
    inUse.capAt(held);
    if (inUse.isZero()) {
      agent.inUse.remove(role);
    }
  }

  // Membership of frameworks in roles

  private void track(Framework framework, String roleName) {
    Role role = roles.find(roleName);
    if (role == null || !role.frameworks.containsKey(framework.id)) {
      role = roles.addFramework(roleName, framework);
      if (role.sorter == null) {
        role.sorter = newSorter(options.frameworkSorter(), false);
        roleSorter.add(roleName, role);
        roleSorter.activate(roleName);
      }
      role.sorter.add(framework.id, framework);
    }
    refreshActivity(framework, roleName);
  }

  private void untrackIfUnused(Framework framework, String roleName) {
    if (!framework.roles().contains(roleName) && !framework.holdings.containsKey(roleName)) {
      untrack(framework, roleName);
    }
  }

  private void untrack(Framework framework, String roleName) {
    Role role = roles.find(roleName);
    if (role == null || role.sorter == null || !role.sorter.contains(framework.id)) {
      return;
    }
    role.sorter.remove(framework.id);
    if (role.frameworks.size() == 1) {
      roleSorter.remove(roleName);
      role.sorter = null;
    }
    roles.removeFramework(role, framework);
  }

  private Sorter<Framework> sorterOf(String roleName) {
    Role role = roles.find(roleName);
    if (role == null || role.sorter == null) {
      throw new IllegalStateException("nobody is in role " + roleName);
    }
    return role.sorter;
  }

  private <T> Sorter<T> newSorter(AllocatorOptions.SorterKind kind, boolean hierarchical) {
    return switch (kind) {
      case DRF -> new DrfSorter<>(totals, hierarchical);
      case RANDOM -> new RandomSorter<>(rng, hierarchical);
    };
  }
}
