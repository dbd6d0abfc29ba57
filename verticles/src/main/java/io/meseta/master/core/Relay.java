package io.meseta.master.core;

import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.v1.scheduler.Call;
import java.util.Optional;

/**
 * Calls that the master only passes on: MESSAGE and SHUTDOWN to the agent. Best effort, no answer.
 */
final class Relay {
  private final Term term;

  Relay(Term term) {
    this.term = term;
  }

  void message(FrameworkBook framework, Call.Message call) {
    boolean sent =
        toAgent(
            call.getAgentId().getValue(),
            MasterToAgent.newBuilder()
                .setFrameworkToExecutor(
                    MasterToAgent.FrameworkToExecutor.newBuilder()
                        .setFrameworkId(framework.info().getId())
                        .setExecutorId(call.getExecutorId())
                        .setData(call.getData()))
                .build());
    term.meters()
        .count(
            sent
                ? "valid_framework_to_executor_messages"
                : "invalid_framework_to_executor_messages");
  }

  void shutdown(FrameworkBook framework, Call.Shutdown call) {
    boolean sent =
        toAgent(
            call.getAgentId().getValue(),
            MasterToAgent.newBuilder()
                .setShutdownExecutor(
                    MasterToAgent.ShutdownExecutor.newBuilder()
                        .setFrameworkId(framework.info().getId())
                        .setExecutorId(call.getExecutorId()))
                .build());
    if (!sent) {
      term.out()
          .warn(
              "Cannot shut an executor down: its agent is not connected",
              "framework",
              framework.id(),
              "executor",
              call.getExecutorId().getValue(),
              "agent",
              call.getAgentId().getValue());
    }
  }

  private boolean toAgent(String agentId, MasterToAgent message) {
    Optional<AgentBook> agent = term.books().agent(agentId);
    return agent.isPresent() && term.out().toAgent(agent.get(), message);
  }
}
