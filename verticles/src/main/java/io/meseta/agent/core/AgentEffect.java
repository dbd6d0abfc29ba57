package io.meseta.agent.core;

import io.meseta.kernel.LogLine;
import io.meseta.schema.internal.v1.AgentRecord;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.SupervisorCall;
import java.util.Optional;

/** What an agent wants done, in this order. */
public sealed interface AgentEffect {
  record ToMaster(String session, AgentToMaster message) implements AgentEffect {}

  /** Appends to the agent's journal; {@code Persisted} comes back with the number. */
  record Persist(long record, AgentRecord entry) implements AgentEffect {}

  /** Makes the sandbox of a new container, owned by {@code user} where given. */
  record PrepareSandbox(
      String frameworkId, String executorId, String containerId, Optional<String> user)
      implements AgentEffect {}

  record ToSupervisor(SupervisorCall call) implements AgentEffect {}

  /** Everything that {@code Stop} asked for is done. */
  record Stopped() implements AgentEffect {}

  record Log(LogLine line) implements AgentEffect {}
}
