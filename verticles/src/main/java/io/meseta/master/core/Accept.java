package io.meseta.master.core;

import io.meseta.allocator.AllocatorInput;
import io.meseta.kernel.Principal;
import io.meseta.resources.OperationSyntax;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.scheduler.Call;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** ACCEPT: checks the offers, then does its operations in order on what they hold (6.3). */
final class Accept {
  private final Term term;
  private final Offers offers;
  private final Refusal refusal;
  private final Map<Offer.Operation.Type, OfferOperation> operations =
      new EnumMap<>(Offer.Operation.Type.class);
  private final OfferOperation unsupported;

  Accept(Term term, Offers offers, TaskLedger ledger, Refusal refusal) {
    this.term = term;
    this.offers = offers;
    this.refusal = refusal;
    this.unsupported = new UnsupportedOperation(refusal);
    operations.put(Offer.Operation.Type.LAUNCH, new Launch(term, ledger, refusal));
  }

  void on(FrameworkBook framework, Call.Accept call, Principal principal) {
    countLaunches(call);
    OfferCheck check = OfferCheck.of(call.getOfferIdsList(), framework, term.books());
    check.usable().forEach(offers::take);
    if (check.error().isPresent()) {
      reject(framework, call, check.usable(), check.error().get());
      return;
    }
    OfferBook first = check.usable().getFirst();
    AgentBook agent =
        term.books()
            .agent(first.agentId())
            .orElseThrow(
                () -> new IllegalStateException("offer " + first.id() + " outlived its agent"));
    Resources offered = Resources.sum(check.usable().stream().map(OfferBook::resources).toList());
    Acceptance acceptance = new Acceptance(framework, agent, first.role(), offered, principal);
    for (Offer.Operation operation : call.getOperationsList()) {
      apply(acceptance, operation);
    }
    settle(acceptance, call);
  }

  private void apply(Acceptance acceptance, Offer.Operation operation) {
    if (operation.getType() == Offer.Operation.Type.UNKNOWN) {
      term.out()
          .warn(
              "Ignoring an operation of an unknown type", "framework", acceptance.framework().id());
      return;
    }
    switch (OperationSyntax.check(operation)) {
      case OperationSyntax.Invalid invalid ->
          refusal.invalid(
              acceptance.framework(),
              operation,
              isLaunch(operation)
                  ? invalid.reason()
                  : "Operation attempted with invalid resources: " + invalid.reason());
      case OperationSyntax.Valid valid ->
          operations
              .getOrDefault(operation.getType(), unsupported)
              .apply(acceptance, AllocationInfo.fill(valid.operation(), acceptance.role()));
    }
  }

  /** none of it is done; the valid offers are used up all the same. */
  private void reject(
      FrameworkBook framework, Call.Accept call, List<OfferBook> usable, String reason) {
    for (OfferBook offer : usable) {
      offers.recover(offer.frameworkId(), offer.agentId(), offer.resources(), Optional.empty());
    }
    call.getOperationsList()
        .forEach(operation -> refusal.invalidOffers(framework, operation, reason));
  }

  /** the allocator learns what is in use, and gets back the rest with the filter. */
  private void settle(Acceptance acceptance, Call.Accept call) {
    String agentId = acceptance.agent().id();
    if (!acceptance.launched().isEmpty()) {
      term.out()
          .toAllocator(
              new AllocatorInput.TransitionOfferedToAllocated(agentId, acceptance.launched()));
    }
    offers.recover(
        acceptance.framework().id(),
        agentId,
        acceptance.remaining(),
        Optional.of(RefuseTime.of(call.getFilters())));
  }

  private void countLaunches(Call.Accept call) {
    if (call.getOperationsCount() == 0) {
      term.meters().count("messages_decline_offers");
    }
    call.getOperationsList().stream()
        .filter(Accept::isLaunch)
        .forEach(operation -> term.meters().count("messages_launch_tasks"));
  }

  private static boolean isLaunch(Offer.Operation operation) {
    return operation.getType() == Offer.Operation.Type.LAUNCH
        || operation.getType() == Offer.Operation.Type.LAUNCH_GROUP;
  }
}
