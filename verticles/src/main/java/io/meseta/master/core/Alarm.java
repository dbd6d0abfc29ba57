package io.meseta.master.core;

/** What the master sets timers for; at most one of each runs. */
sealed interface Alarm {
  record Heartbeat(String frameworkId) implements Alarm {}

  record FailoverTimeout(String frameworkId) implements Alarm {}

  record OfferTimeout(String offerId) implements Alarm {}

  record Ping(String agentId) implements Alarm {}

  /** The agent is disconnected, or known only from the registry, and must come back until then. */
  record AgentReturn(String agentId) implements Alarm {}
}
