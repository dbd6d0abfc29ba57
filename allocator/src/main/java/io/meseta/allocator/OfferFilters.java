package io.meseta.allocator;

import io.meseta.kernel.Timers;
import io.meseta.resources.Resources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What frameworks have refused (A-40 … A-45): by framework, role and agent. Several filters of one
 * place coexist; one match suffices.
 *
 * <p>Also knows who refused with a time of zero and waits for the next batch while others are
 * served at once (D-25): a hold is no filter, it ends with the next batch and blocks any size.
 */
final class OfferFilters {
  /** When a framework has this many filters on one agent in one role, the first to end goes. */
  static final int MAX_PER_PLACE = 64;

  static final Duration MAX_REFUSAL = Duration.ofDays(365);
  static final Duration DEFAULT_REFUSAL = Duration.ofSeconds(5);

  private record Hold(Framework framework, String role, Agent agent) {}

  private final Timers<Alarm> timers;
  private final Duration shortest;
  private final Map<Framework, Map<String, Map<Agent, List<OfferFilter>>>> filters =
      new HashMap<>();
  private final Map<String, Integer> countByRole = new HashMap<>();
  private final Set<Hold> holds = new HashSet<>();

  /**
   * @param shortest no filter is shorter: the allocation interval
   */
  OfferFilters(Timers<Alarm> timers, Duration shortest) {
    this.timers = timers;
    this.shortest = shortest;
  }

  /** The time that a refusal really means; empty if it is none. */
  static Optional<Duration> clamp(Duration refuse) {
    if (refuse.isZero()) {
      return Optional.empty();
    }
    if (refuse.isNegative()) {
      return Optional.of(DEFAULT_REFUSAL);
    }
    return Optional.of(refuse.compareTo(MAX_REFUSAL) > 0 ? MAX_REFUSAL : refuse);
  }

  /**
   * @param refuse as {@link #clamp} gives it
   */
  void add(
      Framework framework,
      String role,
      Agent agent,
      Resources refused,
      Duration refuse,
      long nowNanos) {
    Duration life = refuse.compareTo(shortest) < 0 ? shortest : refuse;
    OfferFilter filter =
        new OfferFilter(framework, role, agent, refused, nowNanos + life.toNanos());
    List<OfferFilter> here =
        filters
            .computeIfAbsent(framework, _ -> new HashMap<>(2))
            .computeIfAbsent(role, _ -> new HashMap<>())
            .computeIfAbsent(agent, _ -> new ArrayList<>(1));
    for (OfferFilter old : List.copyOf(here)) {
      if (filter.subsumes(old)) {
        here.remove(old);
        forget(old);
      }
    }
    if (here.size() == MAX_PER_PLACE) {
      OfferFilter first =
          here.stream().min(Comparator.comparingLong(old -> old.endNanos)).orElseThrow();
      here.remove(first);
      forget(first);
    }
    here.add(filter);
    countByRole.merge(role, 1, Integer::sum);
    timers.set(filter, filter.endNanos);
  }

  /** The framework is not served in this role by this agent before the next batch. */
  void holdUntilBatch(Framework framework, String role, Agent agent) {
    holds.add(new Hold(framework, role, agent));
  }

  /** The batch has come. */
  void endHolds() {
    holds.forEach(hold -> hold.agent.touch());
    holds.clear();
  }

  boolean blocks(Framework framework, String role, Agent agent, Resources offer) {
    if (!holds.isEmpty() && holds.contains(new Hold(framework, role, agent))) {
      return true;
    }
    Map<String, Map<Agent, List<OfferFilter>>> ofFramework = filters.get(framework);
    if (ofFramework == null) {
      return false;
    }
    Map<Agent, List<OfferFilter>> ofRole = ofFramework.get(role);
    List<OfferFilter> here = ofRole == null ? null : ofRole.get(agent);
    if (here != null) {
      for (OfferFilter filter : here) {
        if (filter.refused.contains(offer)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Its time is over. */
  void expire(OfferFilter filter) {
    Map<String, Map<Agent, List<OfferFilter>>> ofFramework = filters.get(filter.framework);
    Map<Agent, List<OfferFilter>> ofRole =
        ofFramework == null ? null : ofFramework.get(filter.role);
    List<OfferFilter> here = ofRole == null ? null : ofRole.get(filter.agent);
    if (here != null && here.remove(filter)) {
      forget(filter);
      if (here.isEmpty()) {
        ofRole.remove(filter.agent);
      }
    }
  }

  void clear(Framework framework) {
    Map<String, Map<Agent, List<OfferFilter>>> gone = filters.remove(framework);
    if (gone != null) {
      gone.values().forEach(this::forgetAll);
    }
    endHolds(hold -> hold.framework == framework);
  }

  void clear(Framework framework, String role) {
    Map<Agent, List<OfferFilter>> gone =
        filters.getOrDefault(framework, new HashMap<>(0)).remove(role);
    if (gone != null) {
      forgetAll(gone);
    }
    endHolds(hold -> hold.framework == framework && hold.role.equals(role));
  }

  /** All frameworks'. */
  void clear(Agent agent) {
    for (Map<String, Map<Agent, List<OfferFilter>>> ofFramework : filters.values()) {
      for (Map<Agent, List<OfferFilter>> ofRole : ofFramework.values()) {
        List<OfferFilter> gone = ofRole.remove(agent);
        if (gone != null) {
          gone.forEach(this::forget);
        }
      }
    }
    endHolds(hold -> hold.agent == agent);
  }

  /** How many filters are in force in a role, over all frameworks and agents. */
  int count(String role) {
    return countByRole.getOrDefault(role, 0);
  }

  private void endHolds(Predicate<Hold> which) {
    holds.removeIf(
        hold -> {
          if (which.test(hold)) {
            hold.agent.touch();
            return true;
          }
          return false;
        });
  }

  private void forgetAll(Map<Agent, List<OfferFilter>> ofRole) {
    ofRole.values().forEach(here -> here.forEach(this::forget));
  }

  private void forget(OfferFilter filter) {
    timers.cancel(filter);
    filter.agent.touch();
    countByRole.computeIfPresent(filter.role, (_, count) -> count == 1 ? null : count - 1);
  }
}
