package io.meseta.master.core;

import io.meseta.schema.v1.OfferID;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which offers an ACCEPT names, and the first reason why they cannot be used together (A-1, V-80 to
 * V-84).
 *
 * @param usable the framework's own outstanding offers among the ids, each once; used up even if
 *     there is an error
 */
record OfferCheck(List<OfferBook> usable, Optional<String> error) {
  static OfferCheck of(List<OfferID> ids, FrameworkBook framework, Books books) {
    Set<String> distinct = new LinkedHashSet<>();
    Optional<String> duplicate = Optional.empty();
    for (OfferID id : ids) {
      if (!distinct.add(id.getValue()) && duplicate.isEmpty()) {
        duplicate = Optional.of("Duplicate offer " + id.getValue() + " in offer list");
      }
    }
    List<OfferBook> known = new ArrayList<>();
    Optional<String> stale = Optional.empty();
    for (String id : distinct) {
      Optional<OfferBook> offer = books.offer(id);
      offer.ifPresent(known::add);
      if (offer.isEmpty() && stale.isEmpty()) {
        stale = Optional.of("Offer " + id + " is no longer valid");
      }
    }
    List<OfferBook> own =
        known.stream().filter(offer -> offer.frameworkId().equals(framework.id())).toList();
    if (ids.isEmpty()) {
      return new OfferCheck(own, Optional.of("No offers specified"));
    }
    Optional<String> unusable = duplicate.isPresent() ? duplicate : stale;
    return new OfferCheck(
        own,
        unusable
            .or(() -> foreign(known, framework))
            .or(() -> roles(known))
            .or(() -> agents(known)));
  }

  private static Optional<String> foreign(List<OfferBook> offers, FrameworkBook framework) {
    return offers.stream()
        .filter(offer -> !offer.frameworkId().equals(framework.id()))
        .findFirst()
        .map(
            offer ->
                "Offer "
                    + offer.id()
                    + " has invalid framework "
                    + offer.frameworkId()
                    + " while framework "
                    + framework.id()
                    + " is expected");
  }

  private static Optional<String> roles(List<OfferBook> offers) {
    String role = offers.getFirst().role();
    return offers.stream()
        .filter(offer -> !offer.role().equals(role))
        .findFirst()
        .map(
            offer ->
                "Aggregated offers must be allocated to the same role. Offer "
                    + offer.id()
                    + " uses role '"
                    + offer.role()
                    + "' but another is using role '"
                    + role
                    + "'");
  }

  private static Optional<String> agents(List<OfferBook> offers) {
    String agentId = offers.getFirst().agentId();
    return offers.stream()
        .filter(offer -> !offer.agentId().equals(agentId))
        .findFirst()
        .map(
            offer ->
                "Aggregated offers must belong to one single agent. Offer "
                    + offer.id()
                    + " uses agent "
                    + offer.agentId()
                    + " and agent "
                    + agentId);
  }
}
