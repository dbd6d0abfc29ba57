package io.meseta.master.core;

import java.util.Optional;
import java.util.function.Supplier;

/** Rules in an order: the first that is broken is reported. */
final class Checks {
  private Checks() {}

  @SafeVarargs
  static Optional<String> first(Supplier<Optional<String>>... rules) {
    for (Supplier<Optional<String>> rule : rules) {
      Optional<String> reason = rule.get();
      if (reason.isPresent()) {
        return reason;
      }
    }
    return Optional.empty();
  }

  /** The reason, unless the condition holds. */
  static Optional<String> require(boolean condition, String reason) {
    return condition ? Optional.empty() : Optional.of(reason);
  }
}
