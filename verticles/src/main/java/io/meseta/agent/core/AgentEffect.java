package io.meseta.agent.core;

import io.meseta.kernel.LogLine;
import io.meseta.schema.internal.v1.AgentJournalRecord;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.SupervisorCall;
import java.util.Optional;

/** What an agent wants done, in this order. */
public sealed interface AgentEffect {
  record ToMaster(String session, AgentToMaster message) implements AgentEffect {}

  /** The master has been silent for too long: give up the session and look for a master again. */
  record Reconnect(String session, String reason) implements AgentEffect {}

  /**
   * Appends to the agent's journal; {@code Persisted} comes back with the number. Records become
   * durable in the order of their numbers.
   */
  record Persist(long record, AgentJournalRecord entry) implements AgentEffect {}

  /**
   * Makes the sandbox of a new container, owned by {@code user} where given. Answered by {@code
   * SandboxReady} or {@code SandboxFailed}.
   */
  record PrepareSandbox(
      String agentId,
      String frameworkId,
      String executorId,
      String containerId,
      Optional<String> user)
      implements AgentEffect {}

  /** Appends a line to a file in a container's sandbox; nobody waits for it. */
  record TellSandbox(String containerId, String file, String line) implements AgentEffect {}

  /** Nobody will ask for the container's sandbox again; it stays on disk. */
  record ForgetSandbox(String containerId) implements AgentEffect {}

  record ToSupervisor(SupervisorCall call) implements AgentEffect {}

  /** Everything that {@code Stop} asked for is done. */
  record Stopped() implements AgentEffect {}

  /** The agent cannot go on, or was told by the master not to; all its tasks have been ended. */
  record Failed(String reason) implements AgentEffect {}

  record Log(LogLine line) implements AgentEffect {}
}
