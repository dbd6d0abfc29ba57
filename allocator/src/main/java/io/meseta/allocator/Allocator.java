package io.meseta.allocator;

import io.meseta.kernel.Core;
import io.meseta.kernel.Effects;
import io.meseta.kernel.LogLine;
import io.meseta.kernel.Rng;
import io.meseta.kernel.Timers;
import io.meseta.resources.Resources;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides who is offered what: hierarchical dominant resource fairness (allocator.md).
 *
 * <p>Inputs change the books and may ask for a run; the run happens at the next {@link #onTime}, so
 * that inputs which arrive together are answered together. Besides, all agents are looked at
 * once per allocation interval. Everything offered counts as held by the framework until it
 * is recovered.
 *
 * <p>Inputs about frameworks and agents that are gone are ignored, since answers to old offers may
 * be under way. Adding one that is there is a programming error.
 */
public final class Allocator implements Core<AllocatorInput, AllocatorEffect> {
  private static final Alarm BATCH = new Alarm.Batch();

  private final AllocatorOptions options;
  private final Rng rng;
  private final Timers<Alarm> timers = new Timers<>();
  private final Books books;
  private final OfferFilters filters;
  private final Candidates candidates = new Candidates();
  private final Set<String> pauses = new LinkedHashSet<>();
  private final List<AllocationStage> stages;
  private boolean started;
  private long nowNanos;
  private long runs;

  /**
   * @param rng decides in which order agents are looked at
   */
  public Allocator(AllocatorOptions options, Rng rng) {
    this.options = options;
    this.rng = rng;
    this.books = new Books(options, rng);
    this.filters = new OfferFilters(timers, options.allocationInterval());
    this.stages = List.of(new FairShareStage(books, filters, new Eligibility(options), options));
  }

  @Override
  public void on(AllocatorInput input, long nowNanos, Effects<? super AllocatorEffect> effects) {
    advance(nowNanos);
    switch (input) {
      case AllocatorInput.AddFramework add -> addFramework(add);
      case AllocatorInput.RemoveFramework(String id) -> removeFramework(id);
      case AllocatorInput.ActivateFramework(String id) -> setActive(id, true);
      case AllocatorInput.DeactivateFramework(String id) -> setActive(id, false);
      case AllocatorInput.UpdateFramework update -> updateFramework(update);
      case AllocatorInput.AddAgent add -> addAgent(add);
      case AllocatorInput.RemoveAgent(String id) -> removeAgent(id);
      case AllocatorInput.UpdateAgent update -> updateAgent(update);
      case AllocatorInput.ActivateAgent(String id) -> setAgentActive(id, true);
      case AllocatorInput.DeactivateAgent(String id) -> setAgentActive(id, false);
      case AllocatorInput.AddResourceProvider add -> addResourceProvider(add);
      case AllocatorInput.UpdateAllocation update -> updateAllocation(update, effects);
      case AllocatorInput.TransitionOfferedToAllocated(String id, Resources resources) ->
          transition(id, resources);
      case AllocatorInput.RecoverResources recover -> recover(recover, effects);
      case AllocatorInput.SuppressOffers(String id, Set<String> roles) -> suppress(id, roles);
      case AllocatorInput.ReviveOffers(String id, Set<String> roles) -> revive(id, roles);
      case AllocatorInput.UpdateWeights(Map<String, Double> weights) ->
          weights.forEach(books::setWeight);
      case AllocatorInput.UpdateWhitelist(Optional<Set<String>> hostnames) ->
          candidates.setWhitelist(hostnames);
      case AllocatorInput.Pause(String reason) -> pauses.add(reason);
      case AllocatorInput.Resume(String reason) -> pauses.remove(reason);
      case AllocatorInput.RunBatch() -> requestBatch();
    }
  }

  @Override
  public void onTime(long nowNanos, Effects<? super AllocatorEffect> effects) {
    advance(nowNanos);
    runIfRequested(effects);
    Optional<Alarm> due = timers.pollDue(nowNanos);
    while (due.isPresent()) {
      switch (due.get()) {
        case OfferFilter filter -> filters.expire(filter);
        case Alarm.Batch() -> {
          requestBatch();
          runIfRequested(effects);
          // After the run: a filter as long as the interval, made from now on, outlives a batch.
          armBatch();
        }
      }
      due = timers.pollDue(nowNanos);
    }
  }

  /** The time of the last call when a run is waiting; nothing is waiting before the first input. */
  @Override
  public long wakeUpNanos() {
    return pauses.isEmpty() && !candidates.isEmpty() ? nowNanos : timers.nextNanos();
  }

  // Reading, for tests and explanations

  Books books() {
    return books;
  }

  OfferFilters filters() {
    return filters;
  }

  long runs() {
    return runs;
  }

  // Runs

  private void advance(long now) {
    nowNanos = now;
    if (!started) {
      started = true;
      armBatch();
    }
  }

  private void armBatch() {
    timers.set(BATCH, nowNanos + options.allocationInterval().toNanos());
  }

  private void requestBatch() {
    filters.endHolds();
    candidates.addAll();
  }

  private void runIfRequested(Effects<? super AllocatorEffect> effects) {
    if (pauses.isEmpty() && !candidates.isEmpty()) {
      runs++;
      new AllocationRun(books).run(candidates.take(books), stages, rng, effects);
    }
  }

  // Frameworks

  private void addFramework(AllocatorInput.AddFramework add) {
    Framework framework = new Framework(add.frameworkId(), add.info(), add.active());
    framework.suppressed.addAll(add.suppressedRoles());
    framework.suppressed.retainAll(framework.roles());
    books.addFramework(framework, add.used());
    if (add.active()) {
      candidates.addAll();
    }
  }

  private void removeFramework(String id) {
    Framework framework = books.framework(id);
    if (framework != null) {
      filters.clear(framework);
      books.removeFramework(framework);
    }
  }

  private void setActive(String id, boolean active) {
    Framework framework = books.framework(id);
    if (framework == null) {
      return;
    }
    framework.active = active;
    if (active) {
      candidates.addAll();
    } else {
      filters.clear(framework);
    }
    books.refreshActivity(framework);
  }

  /** */
  private void updateFramework(AllocatorInput.UpdateFramework update) {
    Framework framework = books.framework(update.frameworkId());
    if (framework == null) {
      return;
    }
    Set<String> before = Set.copyOf(framework.roles());
    Set<String> suppressedBefore = Set.copyOf(framework.suppressed);
    books.updateFramework(framework, update.info());
    for (String role : before) {
      boolean revived = suppressedBefore.contains(role) && !update.suppressedRoles().contains(role);
      if (revived || !framework.roles().contains(role)) {
        filters.clear(framework, role);
      }
    }
    framework.suppressed.clear();
    framework.suppressed.addAll(update.suppressedRoles());
    framework.suppressed.retainAll(framework.roles());
    books.refreshActivity(framework);
  }

  private void suppress(String id, Set<String> roles) {
    Framework framework = books.framework(id);
    if (framework != null) {
      framework.suppressed.addAll(roles.isEmpty() ? framework.roles() : roles);
      framework.suppressed.retainAll(framework.roles());
      books.refreshActivity(framework);
    }
  }

  private void revive(String id, Set<String> roles) {
    Framework framework = books.framework(id);
    if (framework == null) {
      return;
    }
    for (String role : roles.isEmpty() ? framework.roles() : roles) {
      filters.clear(framework, role);
      framework.suppressed.remove(role);
    }
    books.refreshActivity(framework);
    candidates.addAll();
  }

  // Agents

  private void addAgent(AllocatorInput.AddAgent add) {
    Agent agent = new Agent(add.agentId(), add.info(), add.capabilities(), add.total());
    books.addAgent(agent, add.used());
    candidates.add(agent);
  }

  private void removeAgent(String id) {
    Agent agent = books.agent(id);
    if (agent != null) {
      filters.clear(agent);
      candidates.remove(agent);
      books.removeAgent(agent);
    }
  }

  /** */
  private void updateAgent(AllocatorInput.UpdateAgent update) {
    Agent agent = books.agent(update.agentId());
    if (agent == null) {
      return;
    }
    boolean changed = !agent.info().equals(update.info());
    if (changed && !agent.hasSameAttributes(update.info().getAttributesList())) {
      filters.clear(agent);
    }
    agent.setInfo(update.info());
    if (update.capabilities().isPresent()) {
      changed |= agent.setCapabilities(update.capabilities().get());
    }
    if (update.total().isPresent() && !update.total().get().equals(agent.total())) {
      books.setTotal(agent, update.total().get());
      changed = true;
    }
    if (changed) {
      candidates.add(agent);
    }
  }

  private void setAgentActive(String id, boolean active) {
    Agent agent = books.agent(id);
    if (agent != null) {
      agent.active = active;
      if (active) {
        agent.touch();
      }
    }
  }

  /** */
  private void addResourceProvider(AllocatorInput.AddResourceProvider add) {
    Agent agent = books.agent(add.agentId());
    if (agent != null) {
      books.setTotal(agent, agent.total().plus(add.total()));
      add.used().forEach((frameworkId, resources) -> books.holdUsed(agent, frameworkId, resources));
    }
  }

  // Resources

  private void updateAllocation(
      AllocatorInput.UpdateAllocation update, Effects<? super AllocatorEffect> effects) {
    Agent agent = books.agent(update.agentId());
    Framework framework = books.framework(update.frameworkId());
    if (agent != null && framework != null) {
      books
          .convert(agent, framework, update.offered(), update.conversions())
          .ifPresent(
              reason ->
                  warn(
                      effects,
                      "conversion ignored",
                      update.frameworkId(),
                      update.agentId(),
                      reason));
    }
  }

  private void transition(String agentId, Resources resources) {
    Agent agent = books.agent(agentId);
    if (agent != null) {
      resources.allocations().forEach((role, part) -> books.use(agent, role, part.unallocate()));
    }
  }

  private void recover(
      AllocatorInput.RecoverResources recover, Effects<? super AllocatorEffect> effects) {
    Agent agent = books.agent(recover.agentId());
    if (agent == null) {
      return;
    }
    recover
        .resources()
        .allocations()
        .forEach((role, part) -> recover(recover, agent, role, part.unallocate(), effects));
  }

  private void recover(
      AllocatorInput.RecoverResources recover,
      Agent agent,
      String role,
      Resources resources,
      Effects<? super AllocatorEffect> effects) {
    String frameworkId = recover.frameworkId();
    if (!agent.held().containsKey(frameworkId)) {
      return;
    }
    Resources held = agent.held(frameworkId, role);
    if (!held.contains(resources)) {
      warn(effects, "recovery ignored", frameworkId, agent.id, resources + " not in " + held);
      return;
    }
    books.release(agent, frameworkId, role, resources);
    if (recover.allocated()) {
      books.unuse(agent, role, resources);
    }
    Framework framework = books.framework(frameworkId);
    if (framework != null && recover.refuse().isPresent()) {
      refuse(framework, role, agent, resources, recover.refuse().get());
    }
    if (options.allocateOnRecover()) {
      candidates.add(agent);
    }
  }

  private void refuse(
      Framework framework, String role, Agent agent, Resources resources, Duration refuse) {
    Optional<Duration> clamped = OfferFilters.clamp(refuse);
    if (clamped.isPresent()) {
      filters.add(framework, role, agent, resources, clamped.get(), nowNanos);
    } else if (options.allocateOnRecover()) {
      filters.holdUntilBatch(framework, role, agent);
    }
  }

  private static void warn(
      Effects<? super AllocatorEffect> effects,
      String what,
      String frameworkId,
      String agentId,
      String why) {
    effects.emit(
        new AllocatorEffect.Log(
            LogLine.warn(what, "framework", frameworkId, "agent", agentId, "reason", why)));
  }
}
