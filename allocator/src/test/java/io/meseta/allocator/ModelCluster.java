package io.meseta.allocator;

import io.meseta.kernel.Rng;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.FrameworkInfo.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A random cluster around an allocator, and a model of what the allocator must respect. The model
 * looks at everything after every run; the allocator must neither offer what is not allowed nor
 * leave in a batch what somebody could have had.
 */
final class ModelCluster {
  private static final List<String> ROLES = List.of("a", "a/b", "a/b/c", "d", "*");
  private static final List<String> TOTALS =
      List.of(
          "cpus:4;mem:512;ports:[1-10]",
          "cpus:1;mem:64;cpus(a):2;mem(a):64",
          "cpus:2;mem:128;cpus(a/b):1;mem(d):64;disk:100",
          "cpus:0.005;mem:8",
          "cpus:8;mem:1024;gpus:1");

  private record Filter(AllocatorDriver.Place place, Resources refused, long endNanos) {}

  private static final class ModelFramework {
    Set<String> roles = new LinkedHashSet<>();
    Set<String> suppressed = new HashSet<>();
    boolean active = true;
    boolean gpus;
    boolean revocable;
  }

  private final AllocatorOptions options;
  private final Allocator allocator;
  private final Rng rng;
  private final Map<String, ModelFramework> frameworks = new LinkedHashMap<>();
  private final Map<String, Resources> totals = new LinkedHashMap<>();
  private final Set<String> inactiveAgents = new HashSet<>();
  private final Map<AllocatorDriver.Place, Resources> held = new LinkedHashMap<>();
  private final List<Filter> filters = new ArrayList<>();
  private final Set<AllocatorDriver.Place> waiting = new HashSet<>();
  private final StringBuilder violations = new StringBuilder();
  private boolean paused;
  private long now = 5_000_000_000L;
  private long nextBatch = Long.MAX_VALUE;
  private int created;
  private int offersSeen;

  ModelCluster(AllocatorOptions options, long seed) {
    this.options = options;
    this.allocator = new Allocator(options, Rng.seeded(seed));
    this.rng = Rng.seeded(seed + 1000);
    for (int i = 0; i < 5; i++) {
      addAgent();
      addFramework();
    }
  }

  Allocator allocator() {
    return allocator;
  }

  int offersSeen() {
    return offersSeen;
  }

  /** What the allocator has done wrong so far; empty if nothing. */
  String violations() {
    return violations.toString();
  }

  Resources held(String framework, String role, String agent) {
    return held.getOrDefault(new AllocatorDriver.Place(framework, role, agent), Resources.EMPTY);
  }

  Quantities unreservedHeld(Footprints footprints) {
    Quantities sum = new Quantities();
    held.values().forEach(part -> sum.add(footprints.scalarsOf(part.unreserved().nonRevocable())));
    return sum;
  }

  Quantities reservations(Footprints footprints) {
    Quantities sum = new Quantities();
    totals.values().forEach(total -> sum.add(footprints.scalarsOf(total.reserved())));
    return sum;
  }

  /** Does something, lets the allocator answer, and says what it was. */
  String randomStep() {
    return switch (rng.nextInt(21)) {
      case 0 -> addAgent();
      case 1, 2 -> addFramework();
      case 3 -> rng.chance(0.3) ? removeAgent() : updateTotal();
      case 4 -> rng.chance(0.3) ? removeFramework() : updateFramework();
      case 5 -> setActive();
      case 6 -> suppress();
      case 7 -> revive();
      case 8, 9, 10, 11, 12, 13 -> recover();
      case 14 -> togglePause();
      case 15 -> toggleAgent();
      case 16 -> weight();
      default -> advance();
    };
  }

  private String addAgent() {
    String id = "A" + created++;
    Resources total = randomTotal();
    totals.put(id, total);
    send(
        new AllocatorInput.AddAgent(
            id,
            AllocatorDriver.agentInfo(id).build(),
            AllocatorDriver.allCapabilities(),
            total,
            Map.of()));
    return "add " + id + " " + total;
  }

  private Resources randomTotal() {
    Resources total = Resources.parse(TOTALS.get(rng.nextInt(TOTALS.size())));
    return rng.chance(0.2) ? total.plus(Volumes.revocable(Resources.parse("cpus:2"))) : total;
  }

  private String removeAgent() {
    if (totals.isEmpty()) {
      return "nothing";
    }
    String id = pick(totals.keySet());
    totals.remove(id);
    inactiveAgents.remove(id);
    held.keySet().removeIf(place -> place.agent().equals(id));
    filters.removeIf(filter -> filter.place.agent().equals(id));
    waiting.removeIf(place -> place.agent().equals(id));
    send(new AllocatorInput.RemoveAgent(id));
    return "remove " + id;
  }

  private String updateTotal() {
    if (totals.isEmpty()) {
      return "nothing";
    }
    String id = pick(totals.keySet());
    Resources total = randomTotal();
    totals.put(id, total);
    send(
        new AllocatorInput.UpdateAgent(
            id, AllocatorDriver.agentInfo(id).build(), Optional.of(total), Optional.empty()));
    return "total " + id + " " + total;
  }

  private String toggleAgent() {
    if (totals.isEmpty()) {
      return "nothing";
    }
    String id = pick(totals.keySet());
    if (inactiveAgents.remove(id)) {
      send(new AllocatorInput.ActivateAgent(id));
      return "activate " + id;
    }
    inactiveAgents.add(id);
    send(new AllocatorInput.DeactivateAgent(id));
    return "deactivate " + id;
  }

  private String addFramework() {
    String id = "F" + created++;
    ModelFramework framework = new ModelFramework();
    framework.gpus = rng.chance(0.5);
    framework.revocable = rng.chance(0.5);
    framework.active = rng.chance(0.9);
    framework.roles = randomRoles();
    frameworks.put(id, framework);
    send(
        new AllocatorInput.AddFramework(
            id, info(framework), Map.of(), framework.active, framework.suppressed));
    return "add " + id + " " + framework.roles;
  }

  private String updateFramework() {
    if (frameworks.isEmpty()) {
      return "nothing";
    }
    String id = pick(frameworks.keySet());
    ModelFramework framework = frameworks.get(id);
    Set<String> roles = randomRoles();
    Set<String> suppressed = new HashSet<>();
    if (rng.chance(0.3)) {
      suppressed.add(roles.iterator().next());
    }
    Set<String> cleared = new HashSet<>(framework.roles);
    cleared.removeIf(
        role ->
            roles.contains(role)
                && (!framework.suppressed.contains(role) || suppressed.contains(role)));
    unblock(id, cleared);
    framework.roles = roles;
    framework.suppressed = suppressed;
    send(new AllocatorInput.UpdateFramework(id, info(framework), suppressed));
    return "update " + id + " " + roles + " suppressed " + suppressed;
  }

  private String removeFramework() {
    if (frameworks.isEmpty()) {
      return "nothing";
    }
    String id = pick(frameworks.keySet());
    unblock(id, Set.copyOf(ROLES));
    frameworks.remove(id);
    held.keySet().removeIf(place -> place.framework().equals(id));
    send(new AllocatorInput.RemoveFramework(id));
    return "remove " + id;
  }

  private String setActive() {
    if (frameworks.isEmpty()) {
      return "nothing";
    }
    String id = pick(frameworks.keySet());
    ModelFramework framework = frameworks.get(id);
    framework.active = !framework.active || rng.chance(0.5);
    if (framework.active) {
      send(new AllocatorInput.ActivateFramework(id));
    } else {
      unblock(id, Set.copyOf(ROLES));
      send(new AllocatorInput.DeactivateFramework(id));
    }
    return id + " active " + framework.active;
  }

  private String suppress() {
    if (frameworks.isEmpty()) {
      return "nothing";
    }
    String id = pick(frameworks.keySet());
    ModelFramework framework = frameworks.get(id);
    String role = pick(framework.roles);
    framework.suppressed.add(role);
    send(new AllocatorInput.SuppressOffers(id, Set.of(role)));
    return "suppress " + id + " " + role;
  }

  private String revive() {
    if (frameworks.isEmpty()) {
      return "nothing";
    }
    String id = pick(frameworks.keySet());
    ModelFramework framework = frameworks.get(id);
    unblock(id, framework.roles);
    framework.suppressed.clear();
    send(new AllocatorInput.ReviveOffers(id, Set.of()));
    return "revive " + id;
  }

  private String weight() {
    String role = ROLES.get(rng.nextInt(ROLES.size()));
    send(new AllocatorInput.UpdateWeights(Map.of(role, rng.nextInt(3) + 1.0)));
    return "weight of " + role;
  }

  private String togglePause() {
    paused = !paused && rng.chance(0.3);
    send(paused ? new AllocatorInput.Pause("model") : new AllocatorInput.Resume("model"));
    return paused ? "pause" : "resume";
  }

  private String recover() {
    if (held.isEmpty()) {
      return "nothing";
    }
    AllocatorDriver.Place place = pick(held.keySet());
    Resources all = held.getOrDefault(place, Resources.EMPTY);
    Resources part = all;
    if (rng.chance(0.3)) {
      part = all.get("cpus").isEmpty() ? all : all.get("cpus");
    }
    Resources left = all.minus(part);
    if (left.isEmpty()) {
      held.remove(place);
    } else {
      held.put(place, left);
    }
    Optional<Duration> refuse =
        switch (rng.nextInt(4)) {
          case 0 -> Optional.empty();
          case 1 -> Optional.of(Duration.ZERO);
          default -> Optional.of(Duration.ofMillis(rng.nextInt(4000) + 1));
        };
    if (refuse.isPresent()) {
      block(place, part, refuse.get());
    }
    send(
        new AllocatorInput.RecoverResources(
            place.framework(), place.agent(), part.allocate(place.role()), refuse, false));
    return "recover " + place + " " + part + " refuse " + refuse;
  }

  private void block(AllocatorDriver.Place place, Resources refused, Duration refuse) {
    if (!refuse.isZero()) {
      long life = Math.max(refuse.toNanos(), options.allocationInterval().toNanos());
      filters.add(new Filter(place, refused, now + life));
    } else if (options.allocateOnRecover()) {
      waiting.add(place);
    }
  }

  private void unblock(String framework, Set<String> roles) {
    filters.removeIf(
        filter ->
            filter.place.framework().equals(framework) && roles.contains(filter.place.role()));
    waiting.removeIf(place -> place.framework().equals(framework) && roles.contains(place.role()));
  }

  private String advance() {
    long end = now + Duration.ofMillis(rng.nextInt(1500)).toNanos();
    while (allocator.wakeUpNanos() <= end) {
      now = Math.max(now, allocator.wakeUpNanos());
      boolean batch = now >= nextBatch;
      if (batch) {
        waiting.clear();
        nextBatch = now + options.allocationInterval().toNanos();
      }
      // In a batch, a filter may end just before or just after it: both are fine at one instant.
      filters.removeIf(filter -> filter.endNanos < now);
      allocator.onTime(now, this::take);
      if (batch && !paused) {
        findForgotten();
      }
      filters.removeIf(filter -> filter.endNanos <= now);
    }
    now = end;
    return "advance";
  }

  private void send(AllocatorInput input) {
    if (nextBatch == Long.MAX_VALUE) {
      nextBatch = now + options.allocationInterval().toNanos();
    }
    allocator.on(input, now, this::take);
    if (!paused && allocator.wakeUpNanos() <= now) {
      allocator.onTime(now, this::take);
    }
  }

  private void take(AllocatorEffect effect) {
    switch (effect) {
      case AllocatorEffect.Log log -> violations.append(log.line()).append('\n');
      case AllocatorEffect.Offers offers ->
          offers
              .offers()
              .forEach(
                  (role, byAgent) ->
                      byAgent.forEach(
                          (agent, resources) ->
                              take(
                                  new AllocatorDriver.Place(offers.frameworkId(), role, agent),
                                  resources.unallocate())));
    }
  }

  private void take(AllocatorDriver.Place place, Resources offer) {
    offersSeen++;
    String refusal = paused ? "paused" : whyNot(place, offer, false);
    if (!refusal.isEmpty()) {
      violations.append(place).append(' ').append(offer).append(": ").append(refusal).append('\n');
    }
    held.merge(place, offer, Resources::plus);
  }

  private Resources free(String agent) {
    Resources sum = Resources.EMPTY;
    for (Map.Entry<AllocatorDriver.Place, Resources> part : held.entrySet()) {
      if (part.getKey().agent().equals(agent)) {
        sum = sum.plus(part.getValue());
      }
    }
    return totals.getOrDefault(agent, Resources.EMPTY).minus(sum);
  }

  /** After a batch nobody can be left whom nothing kept from getting what is still free. */
  private void findForgotten() {
    for (String agent : totals.keySet()) {
      for (Map.Entry<String, ModelFramework> framework : frameworks.entrySet()) {
        for (String role : framework.getValue().roles) {
          AllocatorDriver.Place place = new AllocatorDriver.Place(framework.getKey(), role, agent);
          Resources offer = free(agent).allocatableTo(role);
          if (!framework.getValue().revocable) {
            offer = offer.nonRevocable();
          }
          if (whyNot(place, offer, true).isEmpty()) {
            violations.append("forgotten: ").append(place).append(' ').append(offer).append('\n');
          }
        }
      }
    }
  }

  private String whyNot(AllocatorDriver.Place place, Resources offer, boolean anyFilterCounts) {
    ModelFramework framework = frameworks.get(place.framework());
    if (framework == null || !framework.active || !framework.roles.contains(place.role())) {
      return "not there, inactive or not in the role";
    }
    if (framework.suppressed.contains(place.role())) {
      return "suppressed";
    }
    Resources total = totals.get(place.agent());
    if (total == null || inactiveAgents.contains(place.agent())) {
      return "no such agent, or inactive";
    }
    if (!free(place.agent()).contains(offer)) {
      return "not free: " + free(place.agent());
    }
    if (!offer.allocatableTo(place.role()).equals(offer)) {
      return "reserved for others";
    }
    if (offer.isEmpty() || options.minAllocatable().stream().noneMatch(offer::contains)) {
      return "too little";
    }
    if (!framework.gpus && total.gpus().isPresent()) {
      return "gpus";
    }
    if (!framework.revocable && !offer.revocable().isEmpty()) {
      return "revocable";
    }
    if (waiting.contains(place)) {
      return "waits for the batch";
    }
    for (Filter filter : filters) {
      boolean ending = filter.endNanos == now && !anyFilterCounts;
      if (filter.place.equals(place) && !ending && filter.refused.contains(offer)) {
        return "filtered";
      }
    }
    return "";
  }

  private Set<String> randomRoles() {
    Set<String> roles = new LinkedHashSet<>();
    roles.add(ROLES.get(rng.nextInt(ROLES.size())));
    if (rng.chance(0.4)) {
      roles.add(ROLES.get(rng.nextInt(ROLES.size())));
    }
    return roles;
  }

  private static FrameworkInfo info(ModelFramework framework) {
    FrameworkInfo.Builder info = AllocatorDriver.info(framework.roles.toArray(String[]::new));
    if (framework.gpus) {
      AllocatorDriver.with(info, Capability.Type.GPU_RESOURCES);
    }
    if (framework.revocable) {
      AllocatorDriver.with(info, Capability.Type.REVOCABLE_RESOURCES);
    }
    return info.build();
  }

  private <T> T pick(Set<T> from) {
    return List.copyOf(from).get(rng.nextInt(from.size()));
  }
}
