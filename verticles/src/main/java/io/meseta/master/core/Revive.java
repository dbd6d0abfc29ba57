package io.meseta.master.core;

import io.meseta.allocator.AllocatorInput;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** REVIVE and SUPPRESS: whether a framework wants offers for its roles. */
final class Revive {
  private final Term term;

  Revive(Term term) {
    this.term = term;
  }

  void revive(FrameworkBook framework, List<String> roles) {
    if (subscribed(framework, roles, "revive")) {
      term.out()
          .toAllocator(new AllocatorInput.ReviveOffers(framework.id(), new LinkedHashSet<>(roles)));
    }
  }

  void suppress(FrameworkBook framework, List<String> roles) {
    if (subscribed(framework, roles, "suppress")) {
      term.out()
          .toAllocator(
              new AllocatorInput.SuppressOffers(framework.id(), new LinkedHashSet<>(roles)));
    }
  }

  /** One role that the framework does not have, and the whole call is dropped. */
  private boolean subscribed(FrameworkBook framework, List<String> roles, String call) {
    Set<String> foreign = new LinkedHashSet<>(roles);
    foreign.removeAll(framework.roles());
    if (!foreign.isEmpty()) {
      term.out()
          .warn(
              "Dropping a call that names roles the framework is not subscribed to",
              "call",
              call,
              "framework",
              framework.id(),
              "roles",
              foreign);
    }
    return foreign.isEmpty();
  }
}
