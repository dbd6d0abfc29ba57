package io.meseta.master.core;

import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.v1.scheduler.Call;

/**
 * ACKNOWLEDGE: on to the agent; of a terminal update it lets the task leave memory (S-12 to S-14).
 */
final class Acknowledge {
  private final Term term;
  private final TaskLedger ledger;

  Acknowledge(Term term, TaskLedger ledger) {
    this.term = term;
    this.ledger = ledger;
  }

  void on(FrameworkBook framework, Call.Acknowledge call) {
    AgentBook agent = term.books().agents.get(call.getAgentId().getValue());
    if (agent == null || !agent.isConnected()) {
      drop(framework, call, "the agent is not connected");
      return;
    }
    TaskBook task = agent.tasksOf(framework.id()).get(call.getTaskId().getValue());
    if (task != null && task.statusUpdateUuid().isEmpty()) {
      drop(framework, call, "no update of this task has been sent yet");
      return;
    }
    if (task != null && task.endsWith(call.getUuid())) {
      ledger.complete(framework, agent, task);
    }
    term.meters().count("valid_status_update_acknowledgements");
    term.out()
        .toAgent(
            agent,
            MasterToAgent.newBuilder()
                .setStatusUpdateAcknowledgement(
                    MasterToAgent.StatusUpdateAcknowledgement.newBuilder()
                        .setFrameworkId(framework.info().getId())
                        .setTaskId(call.getTaskId())
                        .setUuid(call.getUuid()))
                .build());
  }

  /** The agent will send the update again, and the framework can acknowledge that. */
  private void drop(FrameworkBook framework, Call.Acknowledge call, String reason) {
    term.meters().count("invalid_status_update_acknowledgements");
    term.out()
        .warn(
            "Dropping an acknowledgement",
            "framework",
            framework.id(),
            "task",
            call.getTaskId().getValue(),
            "agent",
            call.getAgentId().getValue(),
            "reason",
            reason);
  }
}
