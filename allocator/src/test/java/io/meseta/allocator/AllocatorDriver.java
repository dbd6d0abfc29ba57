package io.meseta.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.meseta.kernel.Rng;
import io.meseta.resources.ResourceConversion;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.AgentInfo;
import io.meseta.schema.v1.FrameworkInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Plays a scenario on a real allocator with virtual time. After each step the runs that it
 * triggered are drained, except inside {@link #together}. Remembers what every framework holds, so
 * that offers can be declined by name.
 */
final class AllocatorDriver {
  /** Everything that is offered at once to a framework in a role on an agent. */
  record Place(String framework, String role, String agent) {}

  static final Duration DAY = Duration.ofDays(1);

  final Allocator allocator;
  private final Duration interval;
  private final Map<Place, Resources> sinceExpect = new LinkedHashMap<>();
  private final Map<Place, Resources> outstanding = new LinkedHashMap<>();
  private final Map<String, AgentInfo> agents = new LinkedHashMap<>();
  private final List<String> warnings = new ArrayList<>();
  private int callbacks;
  private long now = 1_000_000_000_000L;
  private boolean together;

  AllocatorDriver() {
    this(scenarioOptions());
  }

  AllocatorDriver(AllocatorOptions options) {
    this(options, 0);
  }

  AllocatorDriver(AllocatorOptions options, long seed) {
    allocator = new Allocator(options, Rng.seeded(seed));
    interval = options.allocationInterval();
    send(new AllocatorInput.UpdateWeights(Map.of()));
  }

  /** Upstream's defaults: what is recovered waits for the batch. */
  static AllocatorOptions scenarioOptions() {
    return AllocatorOptions.defaults().withAllocateOnRecover(false);
  }

  // Agents

  AllocatorDriver addAgent(String id, String resources) {
    return addAgent(id, Resources.parse(resources), Map.of());
  }

  /**
   * @param used framework → role, resources
   */
  AllocatorDriver addAgent(String id, Resources total, Map<String, Resources> used) {
    return addAgent(agentInfo(id).build(), allCapabilities(), total, used);
  }

  AllocatorDriver addAgent(
      AgentInfo info,
      List<AgentInfo.Capability> capabilities,
      Resources total,
      Map<String, Resources> used) {
    String id = info.getId().getValue();
    agents.put(id, info);
    return send(new AllocatorInput.AddAgent(id, info, capabilities, total, used));
  }

  static AgentInfo.Builder agentInfo(String id) {
    AgentInfo.Builder info = AgentInfo.newBuilder().setHostname(id);
    info.getIdBuilder().setValue(id);
    return info;
  }

  static List<AgentInfo.Capability> allCapabilities() {
    List<AgentInfo.Capability> all = new ArrayList<>();
    for (AgentInfo.Capability.Type type : AgentInfo.Capability.Type.values()) {
      all.add(AgentInfo.Capability.newBuilder().setType(type).build());
    }
    return all;
  }

  AllocatorDriver removeAgent(String id) {
    outstanding.keySet().removeIf(place -> place.agent.equals(id));
    return send(new AllocatorInput.RemoveAgent(id));
  }

  AllocatorDriver updateTotal(String id, Resources total) {
    return send(
        new AllocatorInput.UpdateAgent(id, agents.get(id), Optional.of(total), Optional.empty()));
  }

  AllocatorDriver updateInfo(AgentInfo info) {
    return send(
        new AllocatorInput.UpdateAgent(
            info.getId().getValue(), info, Optional.empty(), Optional.empty()));
  }

  // Frameworks

  AllocatorDriver addFramework(String id, String... roles) {
    return addFramework(id, info(roles));
  }

  AllocatorDriver addFramework(String id, FrameworkInfo.Builder info) {
    return addFramework(id, info, Map.of(), true, Set.of());
  }

  AllocatorDriver addFramework(
      String id,
      FrameworkInfo.Builder info,
      Map<String, Resources> used,
      boolean active,
      Set<String> suppressed) {
    return send(new AllocatorInput.AddFramework(id, info.build(), used, active, suppressed));
  }

  AllocatorDriver updateFramework(String id, FrameworkInfo.Builder info, String... suppressed) {
    return send(new AllocatorInput.UpdateFramework(id, info.build(), Set.of(suppressed)));
  }

  AllocatorDriver removeFramework(String id) {
    outstanding.keySet().removeIf(place -> place.framework.equals(id));
    return send(new AllocatorInput.RemoveFramework(id));
  }

  /** MULTI_ROLE and RESERVATION_REFINEMENT, and what is named. */
  static FrameworkInfo.Builder info(String... roles) {
    FrameworkInfo.Builder info =
        FrameworkInfo.newBuilder().setUser("user").setName("framework").addAllRoles(List.of(roles));
    with(info, FrameworkInfo.Capability.Type.MULTI_ROLE);
    return with(info, FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT);
  }

  static FrameworkInfo.Builder with(
      FrameworkInfo.Builder info, FrameworkInfo.Capability.Type... types) {
    for (FrameworkInfo.Capability.Type type : types) {
      info.addCapabilities(FrameworkInfo.Capability.newBuilder().setType(type));
    }
    return info;
  }

  AllocatorDriver suppress(String framework, String... roles) {
    return send(new AllocatorInput.SuppressOffers(framework, Set.of(roles)));
  }

  AllocatorDriver revive(String framework, String... roles) {
    return send(new AllocatorInput.ReviveOffers(framework, Set.of(roles)));
  }

  AllocatorDriver activate(String framework) {
    return send(new AllocatorInput.ActivateFramework(framework));
  }

  AllocatorDriver deactivate(String framework) {
    return send(new AllocatorInput.DeactivateFramework(framework));
  }

  AllocatorDriver weight(String role, double weight) {
    return send(new AllocatorInput.UpdateWeights(Map.of(role, weight)));
  }

  // Resources

  /** All that the framework holds on the agent. */
  AllocatorDriver decline(String framework, String agent, Duration refuse) {
    return recoverAll(framework, agent, Optional.of(refuse));
  }

  /** All that the framework holds on the agent, without filter. */
  AllocatorDriver recover(String framework, String agent) {
    return recoverAll(framework, agent, Optional.empty());
  }

  AllocatorDriver recoverEverything() {
    boolean before = together;
    together = true;
    for (Place place : List.copyOf(outstanding.keySet())) {
      recover(place.framework, place.agent);
    }
    together = before;
    return drain();
  }

  private AllocatorDriver recoverAll(String framework, String agent, Optional<Duration> refuse) {
    List<Place> places =
        outstanding.keySet().stream()
            .filter(place -> place.framework.equals(framework) && place.agent.equals(agent))
            .toList();
    if (places.isEmpty()) {
      fail(framework + " holds nothing on " + agent);
    }
    for (Place place : places) {
      recover(place, outstanding.getOrDefault(place, Resources.EMPTY), refuse, false);
    }
    return this;
  }

  AllocatorDriver recover(
      Place place, Resources plain, Optional<Duration> refuse, boolean allocated) {
    Resources left = outstanding.getOrDefault(place, Resources.EMPTY).minus(plain);
    if (left.isEmpty()) {
      outstanding.remove(place);
    } else {
      outstanding.put(place, left);
    }
    return send(
        new AllocatorInput.RecoverResources(
            place.framework, place.agent, plain.allocate(place.role), refuse, allocated));
  }

  /** Converts a part of what the framework holds; the rest of it stays as it is. */
  AllocatorDriver convert(
      String framework, String role, String agent, Resources from, Resources to) {
    Place place = new Place(framework, role, agent);
    Resources held = outstanding.getOrDefault(place, Resources.EMPTY);
    send(
        new AllocatorInput.UpdateAllocation(
            framework,
            agent,
            held.allocate(role),
            List.of(new ResourceConversion(from.allocate(role), to.allocate(role)))));
    outstanding.put(place, held.minus(from).plus(to));
    return this;
  }

  Resources held(String framework, String role, String agent) {
    return outstanding.getOrDefault(new Place(framework, role, agent), Resources.EMPTY);
  }

  // Time

  /** The clock moves by one allocation interval. */
  AllocatorDriver batch() {
    return advance(interval);
  }

  /** Everything that falls due on the way happens in order. */
  AllocatorDriver advance(Duration duration) {
    long end = now + duration.toNanos();
    while (allocator.wakeUpNanos() <= end) {
      now = Math.max(now, allocator.wakeUpNanos());
      allocator.onTime(now, this::take);
    }
    now = end;
    return this;
  }

  AllocatorDriver together(Runnable steps) {
    together = true;
    steps.run();
    together = false;
    return drain();
  }

  AllocatorDriver send(AllocatorInput input) {
    allocator.on(input, now, this::take);
    return together ? this : drain();
  }

  private AllocatorDriver drain() {
    while (!together && allocator.wakeUpNanos() <= now) {
      allocator.onTime(now, this::take);
    }
    return this;
  }

  private void take(AllocatorEffect effect) {
    switch (effect) {
      case AllocatorEffect.Log log -> warnings.add(log.line().toString());
      case AllocatorEffect.Offers offers -> {
        callbacks++;
        offers
            .offers()
            .forEach(
                (role, byAgent) ->
                    byAgent.forEach(
                        (agent, resources) -> {
                          assertEquals(Set.of(role), resources.allocations().keySet());
                          Place place = new Place(offers.frameworkId(), role, agent);
                          Resources plain = resources.unallocate();
                          sinceExpect.merge(place, plain, Resources::plus);
                          outstanding.merge(place, plain, Resources::plus);
                        }));
      }
    }
  }

  // Expectations

  /** Exactly one offer since the last expectation. */
  AllocatorDriver expect(String framework, String role, String agent, String resources) {
    return expect(framework, role, agent, Resources.parse(resources));
  }

  AllocatorDriver expect(String framework, String role, String agent, Resources resources) {
    return expect(Map.of(new Place(framework, role, agent), resources));
  }

  AllocatorDriver expect(Map<Place, Resources> offers) {
    assertEquals(new LinkedHashMap<>(offers), sinceExpect);
    return forget();
  }

  AllocatorDriver expectNothing() {
    return expect(Map.of());
  }

  /** The framework was offered these agents and nobody was offered anything else. */
  AllocatorDriver expectAgents(String framework, String... ids) {
    Set<String> offered = new LinkedHashSet<>();
    sinceExpect.forEach(
        (place, _) -> {
          assertEquals(framework, place.framework, () -> "unexpected offer " + place);
          offered.add(place.agent);
        });
    assertEquals(Set.of(ids), offered);
    return forget();
  }

  /** How many agents each framework was offered. */
  AllocatorDriver expectCounts(Map<String, Integer> counts) {
    Map<String, Integer> offered = new TreeMap<>();
    sinceExpect.keySet().forEach(place -> offered.merge(place.framework, 1, Integer::sum));
    assertEquals(new TreeMap<>(counts), offered);
    return forget();
  }

  AllocatorDriver expectCallbacks(int expected) {
    assertEquals(expected, callbacks);
    return this;
  }

  AllocatorDriver expectShare(String role, double share) {
    DrfSorter<Role> sorter = (DrfSorter<Role>) allocator.books().roleSorter();
    assertEquals(share, sorter.share(role), 0.0005);
    return this;
  }

  AllocatorDriver expectFilters(String role, int count) {
    assertEquals(count, allocator.filters().count(role));
    return this;
  }

  AllocatorDriver expectWarnings(int count) {
    assertEquals(count, warnings.size(), warnings::toString);
    return this;
  }

  private AllocatorDriver forget() {
    sinceExpect.clear();
    callbacks = 0;
    return this;
  }
}
