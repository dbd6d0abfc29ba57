package io.meseta.kernel;

import java.util.Optional;

/** Decides at once whether a principal may do something (D-18: there is no pending state). */
@FunctionalInterface
public interface Authorizer {
  /** Lets everybody do everything. */
  Authorizer PERMISSIVE = (principal, action, object) -> true;

  boolean authorized(Principal principal, Action action, Target object);

  /** What is asked for. */
  enum Action {
    REGISTER_FRAMEWORK,
    TEARDOWN_FRAMEWORK,
    RUN_TASK,
    REGISTER_AGENT,
    VIEW_FRAMEWORK,
    VIEW_TASK,
    VIEW_EXECUTOR
  }

  /**
   * What it is asked for.
   *
   * @param value the object's name in the sense of the action: a role, a user, a principal; empty
   *     means any
   * @param id the id of the framework, agent or task concerned
   */
  record Target(Optional<String> value, Optional<String> id) {
    public static final Target ANY = new Target(Optional.empty(), Optional.empty());

    public static Target of(String value) {
      return new Target(Optional.of(value), Optional.empty());
    }
  }
}
