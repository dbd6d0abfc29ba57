package io.meseta.log.registry;

/** What an operation does to a state (replicated-log 4.4). */
sealed interface Outcome {
  record Changed(RegistryState state) implements Outcome {}

  /** It holds already: nothing to write, and the answer is yes. */
  record Unchanged() implements Outcome {}

  /** It cannot be done; the answer is no. */
  record Refused(String reason) implements Outcome {}

  static Outcome changed(RegistryState state) {
    return new Changed(state);
  }

  static Outcome unchanged() {
    return new Unchanged();
  }

  static Outcome refused(String reason) {
    return new Refused(reason);
  }
}
