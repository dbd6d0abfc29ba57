package io.meseta.master.core;

import io.meseta.allocator.AllocatorEffect;
import io.meseta.allocator.AllocatorInput;
import io.meseta.resources.ReservationFormat;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.AgentInfo;
import io.meseta.schema.v1.ExecutorInfo;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.FrameworkInfo.Capability;
import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.OfferID;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The only one that makes offers and takes them back (O-1 to O-8, O-20). */
final class Offers {
  /** Offers in one event; a larger allocation makes several events. */
  static final int MAX_OFFERS_PER_EVENT = 1000;

  private final Term term;
  private long nextNumber;

  Offers(Term term) {
    this.term = term;
  }

  /**
   * What the allocator has given to a framework becomes offers, unless somebody has gone since
   * (O-5).
   */
  void make(AllocatorEffect.Offers allocation) {
    Optional<FrameworkBook> found = term.books().framework(allocation.frameworkId());
    if (found.isEmpty()) {
      return; // Removed since: the allocator has dropped everything of it.
    }
    FrameworkBook framework = found.get();
    List<Offer> made = new ArrayList<>();
    allocation
        .offers()
        .forEach(
            (role, byAgent) ->
                byAgent.forEach(
                    (agentId, resources) ->
                        make(framework, role, agentId, resources).ifPresent(made::add)));
    for (int from = 0; from < made.size(); from += MAX_OFFERS_PER_EVENT) {
      int to = Math.min(made.size(), from + MAX_OFFERS_PER_EVENT);
      term.out().send(framework, Events.offers(made.subList(from, to)));
    }
  }

  private Optional<Offer> make(
      FrameworkBook framework, String role, String agentId, Resources resources) {
    Optional<AgentBook> found = term.books().agent(agentId);
    if (found.isEmpty()) {
      return Optional.empty(); // Removed since: the allocator has dropped everything on it.
    }
    AgentBook agent = found.get();
    if (!framework.isActive()
        || !framework.roles().contains(role)
        || !agent.isActive()
        || !hasRoom(agent, resources)) {
      recover(framework.id(), agentId, resources, Optional.empty());
      return Optional.empty();
    }
    OfferBook offer =
        new OfferBook(
            term.masterId() + "-O" + nextNumber++, framework.id(), agentId, role, resources);
    term.books().offers.put(offer.id(), offer);
    framework.offers.add(offer.id());
    agent.offers.add(offer.id());
    term.options()
        .offerTimeout()
        .ifPresent(
            timeout ->
                term.timers()
                    .set(new Alarm.OfferTimeout(offer.id()), term.now() + timeout.toNanos()));
    return Optional.of(describe(offer, framework, agent));
  }

  /** The agent may have come back smaller, or with more tasks, since the allocator looked. */
  private boolean hasRoom(AgentBook agent, Resources wanted) {
    List<Resources> taken = new ArrayList<>(agent.used().values());
    agent.offers.forEach(id -> taken.add(term.books().offers.get(id).resources()));
    taken.add(wanted);
    return agent.total().contains(Resources.sum(taken).nonShared().unallocate());
  }

  private static Offer describe(OfferBook book, FrameworkBook framework, AgentBook agent) {
    AgentInfo info = agent.info();
    boolean multiRole = framework.has(Capability.Type.MULTI_ROLE);
    Offer.Builder offer =
        Offer.newBuilder()
            .setId(OfferID.newBuilder().setValue(book.id()))
            .setFrameworkId(FrameworkID.newBuilder().setValue(framework.id()))
            .setAgentId(Statuses.agentId(agent.id()))
            .setHostname(info.getHostname())
            .setUrl(
                URL.newBuilder().setScheme("http").setAddress(agent.address()).setPath("/slave(1)"))
            .addAllAttributes(info.getAttributesList())
            .addAllResources(
                shown(
                    book.resources(),
                    framework.has(Capability.Type.RESERVATION_REFINEMENT),
                    multiRole));
    if (info.hasDomain()) {
      offer.setDomain(info.getDomain());
    }
    if (multiRole) {
      offer.setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole(book.role()));
    }
    for (ExecutorInfo executor : framework.executorsOn(agent.id())) {
      offer.addExecutorIds(executor.getExecutorId());
    }
    return offer.build();
  }

  /** Resources as the framework's capabilities let it understand them (O-3, O-4). */
  private static List<Resource> shown(Resources resources, boolean refinement, boolean multiRole) {
    List<Resource> shown = new ArrayList<>();
    for (Resource resource : resources.toProto()) {
      if (resource.getName().equals("ephemeral_ports")) {
        continue;
      }
      // A framework without the capability is never given refined reservations; if the allocator
      // erred, the newest form
      // tells at least the truth.
      Resource formatted =
          refinement ? resource : ReservationFormat.downgrade(resource).orElse(resource);
      shown.add(multiRole ? formatted : formatted.toBuilder().clearAllocationInfo().build());
    }
    return shown;
  }

  /**
   * The offer is used or declined: it leaves the books, its resources are the caller's business.
   */
  void take(OfferBook offer) {
    term.books().offers.remove(offer.id());
    term.books()
        .framework(offer.frameworkId())
        .ifPresent(framework -> framework.offers.remove(offer.id()));
    term.books().agent(offer.agentId()).ifPresent(agent -> agent.offers.remove(offer.id()));
    term.timers().cancel(new Alarm.OfferTimeout(offer.id()));
  }

  /** Takes the offer back without a word; its resources go to whoever is next. */
  void withdraw(OfferBook offer) {
    take(offer);
    recover(offer.frameworkId(), offer.agentId(), offer.resources(), Optional.empty());
  }

  /** Takes the offer back and tells the framework. */
  void rescind(OfferBook offer) {
    term.books()
        .framework(offer.frameworkId())
        .ifPresent(f -> term.out().send(f, Events.rescind(offer.id())));
    withdraw(offer);
  }

  /** The offer's time is over (O-7). */
  void expire(String offerId) {
    term.books().offer(offerId).ifPresent(this::rescind);
  }

  void withdrawAllOf(FrameworkBook framework) {
    of(framework).forEach(this::withdraw);
  }

  void rescindAllOf(AgentBook agent) {
    List.copyOf(agent.offers).forEach(id -> term.books().offer(id).ifPresent(this::rescind));
  }

  /** A copy, so that the caller may take them while it walks. */
  List<OfferBook> of(FrameworkBook framework) {
    return framework.offers.stream().map(id -> term.books().offers.get(id)).toList();
  }

  /**
   * Offered resources go back to the allocator, which hears nothing of agents and frameworks that
   * it has dropped as a whole.
   */
  void recover(String frameworkId, String agentId, Resources resources, Optional<Duration> refuse) {
    Map<String, AgentBook> agents = term.books().agents;
    if (!resources.isEmpty()
        && agents.containsKey(agentId)
        && term.books().frameworks.containsKey(frameworkId)) {
      term.out()
          .toAllocator(
              new AllocatorInput.RecoverResources(frameworkId, agentId, resources, refuse, false));
    }
  }
}
