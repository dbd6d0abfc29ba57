package io.meseta.agent.core;

/** What an agent waits for. */
sealed interface TimerKey {
  /** The next attempt to register. */
  record Register() implements TimerKey {}

  /** A master that has been silent for so long is gone. */
  record Ping() implements TimerKey {}

  /** A built-in executor wants to be woken. */
  record Wake(String containerId) implements TimerKey {}

  /** An executor that was told to shut down has had its time. */
  record Destroy(String containerId) implements TimerKey {}

  /** Stopping has taken too long. */
  record StopLimit() implements TimerKey {}
}
