package io.meseta.master.core;

import io.meseta.kernel.Principal;
import io.meseta.resources.Resources;

/**
 * One ACCEPT on its way through its operations: what is left of the offers, and what tasks
 * have taken.
 */
final class Acceptance {
  private final FrameworkBook framework;
  private final AgentBook agent;
  private final String role;
  private final Principal principal;
  private Resources remaining;
  private Resources launched = Resources.EMPTY;

  Acceptance(
      FrameworkBook framework,
      AgentBook agent,
      String role,
      Resources offered,
      Principal principal) {
    this.framework = framework;
    this.agent = agent;
    this.role = role;
    this.remaining = offered;
    this.principal = principal;
  }

  FrameworkBook framework() {
    return framework;
  }

  AgentBook agent() {
    return agent;
  }

  /** The role that the offers were made to. */
  String role() {
    return role;
  }

  Principal principal() {
    return principal;
  }

  /** What operations can still use. */
  Resources remaining() {
    return remaining;
  }

  /** What tasks and executors have taken. */
  Resources launched() {
    return launched;
  }

  /** A task, or a task and its new executor, takes these. */
  void launch(Resources resources) {
    if (!remaining.contains(resources)) {
      throw new IllegalStateException(resources + " are not left in " + remaining);
    }
    remaining = remaining.minus(resources);
    launched = launched.plus(resources);
  }
}
