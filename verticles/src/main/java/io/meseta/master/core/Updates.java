package io.meseta.master.core;

import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.v1.ExecutorInfo;
import io.meseta.schema.v1.TaskStatus;
import java.util.Optional;

/** What agents tell about tasks and executors, on its way to the frameworks (8.4, E-8, E-10). */
final class Updates {
  private final Term term;
  private final TaskLedger ledger;

  Updates(Term term, TaskLedger ledger) {
    this.term = term;
    this.ledger = ledger;
  }

  /**
   * A status update: into the books, and on to the framework if it is connected; the agent sends it
   * again if not.
   */
  void statusUpdate(AgentBook agent, AgentToMaster.StatusUpdate update) {
    term.meters().count("messages_status_update");
    String frameworkId = update.getFrameworkId().getValue();
    TaskStatus status = update.getStatus();
    Optional<FrameworkBook> found = term.books().framework(frameworkId);
    if (found.isEmpty()) {
      term.meters().count("invalid_status_updates");
      term.out()
          .warn(
              "Dropping a status update for a framework that is not known",
              "framework",
              frameworkId,
              "task",
              status.getTaskId().getValue(),
              "agent",
              agent.id());
      return;
    }
    FrameworkBook framework = found.get();
    TaskStatus complete =
        status.hasAgentId()
            ? status
            : status.toBuilder().setAgentId(Statuses.agentId(agent.id())).build();
    term.meters().count("valid_status_updates");
    term.out().send(framework, Events.update(complete));
    TaskBook task = agent.tasksOf(frameworkId).get(status.getTaskId().getValue());
    if (task != null) {
      ledger.update(framework, agent, task, complete, update.getLatestState());
    }
  }

  /** An update of an agent that is not registered: it must register first (P-7). */
  void strayUpdate(String session) {
    term.meters().count("messages_status_update");
    term.meters().count("invalid_status_updates");
    term.out()
        .warn("Dropping a status update of an agent that is not registered", "session", session);
  }

  /**
   * The executor's resources come back and the framework hears of it, if the master knows the
   * executor (E-10).
   */
  void exitedExecutor(AgentBook agent, AgentToMaster.ExitedExecutor exited) {
    term.meters().count("messages_exited_executor");
    Optional<FrameworkBook> framework = term.books().framework(exited.getFrameworkId().getValue());
    if (framework.isEmpty()) {
      return;
    }
    Optional<ExecutorInfo> executor =
        ledger.removeExecutor(framework.get(), agent, exited.getExecutorId().getValue());
    if (executor.isPresent()) {
      term.out()
          .send(
              framework.get(),
              Events.executorFailure(agent.id(), exited.getExecutorId(), exited.getStatus()));
    }
  }

  void executorMessage(AgentBook agent, AgentToMaster.ExecutorToFramework message) {
    term.meters().count("messages_executor_to_framework");
    Optional<FrameworkBook> framework =
        term.books()
            .framework(message.getFrameworkId().getValue())
            .filter(FrameworkBook::isConnected);
    term.meters()
        .count(
            framework.isPresent()
                ? "valid_executor_to_framework_messages"
                : "invalid_executor_to_framework_messages");
    framework.ifPresent(
        f ->
            term.out()
                .send(f, Events.message(agent.id(), message.getExecutorId(), message.getData())));
  }
}
