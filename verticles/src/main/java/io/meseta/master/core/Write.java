package io.meseta.master.core;

import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.v1.AgentInfo;

/**
 * What a change of the registry that is being written was for; decides what happens when it is
 * durable.
 */
sealed interface Write {
  /** Nothing waits for it: the framework goes on at once. */
  record FrameworkChange(String frameworkId) implements Write {}

  /** A new agent, registered only when this is durable. */
  record Admission(String session, AgentInfo info, AgentToMaster.Register request)
      implements Write {}

  /** An agent with an id is taken back, or goes on with a changed description. */
  record Readmission(String session, AgentToMaster.Reregister request, Origin origin)
      implements Write {}

  /** A registered agent goes; its tasks are reported only when this is durable (P-1). */
  record Loss(String agentId, AgentLoss.Kind kind, String message, long sinceNanos)
      implements Write {}

  /** An agent that never came back since this term began. */
  record RecoveredLoss(String agentId, long sinceNanos) implements Write {}

  /** An agent that went before it learned its id. */
  record Withdrawal(String agentId) implements Write {}

  /** What the master knew of an agent that came back. */
  enum Origin {
    /** It is registered. */
    REGISTERED,
    /** The registry knows it; this master had not seen it yet. */
    RECOVERED,
    UNREACHABLE,
    /** Nobody knows it any more. */
    UNKNOWN
  }
}
