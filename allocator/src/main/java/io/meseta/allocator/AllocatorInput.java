package io.meseta.allocator;

import io.meseta.resources.ResourceConversion;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.AgentInfo;
import io.meseta.schema.v1.FrameworkInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the master tells the allocator, in the order in which it happened (allocator.md, section 2).
 * Ids are the text of the v1 ids. Resources carry an allocation role where they are allocated or
 * offered, and none in totals.
 */
public sealed interface AllocatorInput {
  /** A framework that may or may not be connected; {@code used} by agent id. */
  record AddFramework(
      String frameworkId,
      FrameworkInfo info,
      Map<String, Resources> used,
      boolean active,
      Set<String> suppressedRoles)
      implements AllocatorInput {}

  record RemoveFramework(String frameworkId) implements AllocatorInput {}

  record ActivateFramework(String frameworkId) implements AllocatorInput {}

  /** Its filters are forgotten, its allocations stay. */
  record DeactivateFramework(String frameworkId) implements AllocatorInput {}

  record UpdateFramework(String frameworkId, FrameworkInfo info, Set<String> suppressedRoles)
      implements AllocatorInput {}

  /** {@code used} by framework id; {@code info} carries host name, domain and attributes. */
  record AddAgent(
      String agentId,
      AgentInfo info,
      List<AgentInfo.Capability> capabilities,
      Resources total,
      Map<String, Resources> used)
      implements AllocatorInput {}

  record RemoveAgent(String agentId) implements AllocatorInput {}

  /** Absent parts stay as they are. */
  record UpdateAgent(
      String agentId,
      AgentInfo info,
      Optional<Resources> total,
      Optional<List<AgentInfo.Capability>> capabilities)
      implements AllocatorInput {}

  record ActivateAgent(String agentId) implements AllocatorInput {}

  record DeactivateAgent(String agentId) implements AllocatorInput {}

  /**
   * What a framework was offered has become used by tasks: no change of books, only of what counts
   * as consumed.
   */
  record TransitionOfferedToAllocated(String agentId, Resources resources)
      implements AllocatorInput {}

  /**
   * Resources come back. With {@code refuse}, the framework does not want them (or less) again on
   * this agent for so long; {@code allocated} tells whether they had been in use or only offered.
   */
  record RecoverResources(
      String frameworkId,
      String agentId,
      Resources resources,
      Optional<Duration> refuse,
      boolean allocated)
      implements AllocatorInput {}

  /** Empty roles mean all that the framework has. */
  record SuppressOffers(String frameworkId, Set<String> roles) implements AllocatorInput {}

  /** Empty roles mean all that the framework has. */
  record ReviveOffers(String frameworkId, Set<String> roles) implements AllocatorInput {}

  /**
   * Operations changed what a framework was offered, or copies of a shared volume were taken from
   * it; what it holds and the agent's total change alike. Nothing is triggered.
   *
   * @param offered what the framework holds of this agent in one role, before the conversions
   * @param conversions with the allocation role of {@code offered}; one that consumes nothing (a
   *     further copy of a shared volume) leaves the total alone
   */
  record UpdateAllocation(
      String frameworkId, String agentId, Resources offered, List<ResourceConversion> conversions)
      implements AllocatorInput {}

  /** A resource provider of an agent appeared: total and {@code used} (by framework id) grow. */
  record AddResourceProvider(String agentId, Resources total, Map<String, Resources> used)
      implements AllocatorInput {}

  /** Only these hosts are offered; empty means all, an empty set means none. */
  record UpdateWhitelist(Optional<Set<String>> hostnames) implements AllocatorInput {}

  /** Roles that are not named keep their weights. */
  record UpdateWeights(Map<String, Double> weights) implements AllocatorInput {}

  /** Nothing is offered until every reason is gone; candidates are remembered. */
  record Pause(String reason) implements AllocatorInput {}

  record Resume(String reason) implements AllocatorInput {}

  /** Runs a batch for all agents now. */
  record RunBatch() implements AllocatorInput {}
}
