package io.meseta.master.core;

import io.meseta.schema.v1.OfferID;
import io.meseta.schema.v1.scheduler.Call;
import java.util.Optional;

/** DECLINE: the framework's own offers go back with a filter; other ids are skipped. */
final class Decline {
  private final Term term;
  private final Offers offers;

  Decline(Term term, Offers offers) {
    this.term = term;
    this.offers = offers;
  }

  void on(FrameworkBook framework, Call.Decline call) {
    for (OfferID id : call.getOfferIdsList()) {
      Optional<OfferBook> offer = term.books().offer(id.getValue());
      if (offer.isEmpty()) {
        continue; // Rescinded meanwhile, most likely.
      }
      if (!offer.get().frameworkId().equals(framework.id())) {
        term.out()
            .warn(
                "Ignoring the decline of another framework's offer",
                "framework",
                framework.id(),
                "offer",
                id.getValue());
        continue;
      }
      offers.take(offer.get());
      offers.recover(
          framework.id(),
          offer.get().agentId(),
          offer.get().resources(),
          Optional.of(RefuseTime.of(call.getFilters())));
    }
  }
}
