package io.meseta.agent.core;

import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.internal.v1.SupervisorEvent;
import java.nio.file.Path;

/** What can happen to an agent. */
public sealed interface AgentInput {
  /** The journal has been read; the agent may now look for a master. */
  record Recovered(AgentState state) implements AgentInput {}

  /** A link to a leading master is open under this session. */
  record LinkOpened(String session) implements AgentInput {}

  record LinkClosed(String session) implements AgentInput {}

  record FromMaster(String session, MasterToAgent message) implements AgentInput {}

  /** The journal record with this number is durable. */
  record Persisted(long record) implements AgentInput {}

  record SandboxReady(String containerId, Path sandbox) implements AgentInput {}

  record SandboxFailed(String containerId, String reason) implements AgentInput {}

  record FromSupervisor(SupervisorEvent event) implements AgentInput {}

  /** Stop in an orderly way: kill what does not outlive the agent, then emit {@code Stopped}. */
  record Stop(boolean unregister) implements AgentInput {}
}
