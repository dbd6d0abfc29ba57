package io.meseta.master.core;

import io.meseta.schema.v1.AgentInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that the master knows in one term. Plain maps; {@code TaskLedger}, {@code Offers},
 * {@code Frameworks} and {@code Agents} are the only ones that change them, so that sums stay
 * right.
 */
final class Books {
  /**
   * Ids of removed frameworks that are refused for good (F-31); the oldest are forgotten beyond
   * this.
   */
  static final int MAX_TOMBSTONES = 100_000;

  /** Agents remembered as unreachable, and as gone; as upstream's registry keeps them. */
  static final int MAX_LOST_AGENTS = 102_400;

  final Map<String, FrameworkBook> frameworks = new LinkedHashMap<>();
  final BoundedMap<String, FrameworkBook> completedFrameworks;
  final BoundedMap<String, Boolean> removedFrameworks = new BoundedMap<>(MAX_TOMBSTONES);
  final Map<StreamAddress, String> frameworkOfStream = new LinkedHashMap<>();

  /** Registered agents. */
  final Map<String, AgentBook> agents = new LinkedHashMap<>();

  final Map<String, String> agentOfSession = new LinkedHashMap<>();

  /** Agents that the registry knows and that have not come back since this term began. */
  final Map<String, AgentInfo> recoveredAgents = new LinkedHashMap<>();

  /** By agent id: when it was marked, nanoseconds since the epoch. */
  final BoundedMap<String, Long> unreachableAgents = new BoundedMap<>(MAX_LOST_AGENTS);

  final BoundedMap<String, Long> goneAgents = new BoundedMap<>(MAX_LOST_AGENTS);
  final Map<String, OfferBook> offers = new LinkedHashMap<>();

  Books(MasterOptions options) {
    this.completedFrameworks = new BoundedMap<>(options.maxCompletedFrameworks());
  }

  Optional<FrameworkBook> framework(String id) {
    return Optional.ofNullable(frameworks.get(id));
  }

  Optional<FrameworkBook> frameworkOf(StreamAddress stream) {
    return Optional.ofNullable(frameworkOfStream.get(stream)).flatMap(this::framework);
  }

  Optional<AgentBook> agent(String id) {
    return Optional.ofNullable(agents.get(id));
  }

  Optional<AgentBook> agentOf(String session) {
    return Optional.ofNullable(agentOfSession.get(session)).flatMap(this::agent);
  }

  Optional<OfferBook> offer(String id) {
    return Optional.ofNullable(offers.get(id));
  }

  boolean isRemoved(String frameworkId) {
    return removedFrameworks.contains(frameworkId);
  }
}
