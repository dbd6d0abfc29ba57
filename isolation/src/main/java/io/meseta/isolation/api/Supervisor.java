package io.meseta.isolation.api;

import io.meseta.schema.internal.v1.SupervisorCall;

/**
 * The parent of every process that runs for a task (D-16): starts it, signals it and all that came
 * from it, and tells how it ended. The messages of {@code supervisor.proto} say what each call does
 * and which event answers it.
 *
 * <p>Events go to the consumer that was given to the form's factory, on the executor given there
 * (the owner's context), in the order in which they happened.
 */
public interface Supervisor {
  /**
   * Sends one call; returns at once. Calls of one thread are handled in order. May be called from
   * any thread.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the supervisor is closed or has as
   *     many unhandled calls as it may
   */
  void send(SupervisorCall call);
}
