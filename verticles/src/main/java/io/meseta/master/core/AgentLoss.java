package io.meseta.master.core;

import io.meseta.allocator.AllocatorInput;
import io.meseta.schema.internal.v1.MarkAgentGone;
import io.meseta.schema.internal.v1.MarkAgentUnreachable;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.internal.v1.RegistryOperation;
import io.meseta.schema.internal.v1.RemoveAgent;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.schema.v1.TaskStatus.Reason;
import io.meseta.tasks.TaskStates;
import java.time.Duration;
import java.util.List;

/**
 * How the master loses agents, and what frameworks are told about it (scheduler-api section 10).
 */
final class AgentLoss {
  /** How an agent is lost. */
  enum Kind {
    /** It does not answer; it may come back with its tasks. */
    UNREACHABLE,
    /** It said that it goes, or its place was taken: its tasks are dead. */
    REMOVED,
    /** An operator has said that it will never come back. */
    GONE
  }

  private final Term term;
  private final Offers offers;
  private final TaskLedger ledger;
  private final Registry registry;

  AgentLoss(Term term, Offers offers, TaskLedger ledger, Registry registry) {
    this.term = term;
    this.offers = offers;
    this.ledger = ledger;
    this.registry = registry;
  }

  /**
   * The link broke: offers go at once, and so do the tasks of frameworks that do not checkpoint
   * (F-40).
   */
  void disconnect(AgentBook agent) {
    if (agent.isActive()) {
      term.out().toAllocator(new AllocatorInput.DeactivateAgent(agent.id()));
    }
    agent.session().ifPresent(session -> term.books().agentOfSession.remove(session));
    agent.disconnect();
    offers.rescindAllOf(agent);
    for (FrameworkBook framework : term.books().frameworks.values()) {
      if (!framework.info().getCheckpoint()) {
        loseTasksOf(framework, agent);
      }
    }
    if (!agent.isLeaving()) {
      term.timers()
          .set(
              new Alarm.AgentReturn(agent.id()),
              term.now() + term.options().agentReregisterTimeout().toNanos());
    }
    term.out()
        .info("Agent disconnected", "agent", agent.id(), "hostname", agent.info().getHostname());
    term.views().agent(agent);
  }

  private void loseTasksOf(FrameworkBook framework, AgentBook agent) {
    String message = "Agent " + agent.info().getHostname() + " disconnected";
    for (TaskBook task : TaskLedger.tasksOn(agent, framework)) {
      if (TaskStates.isTerminal(task.state())) {
        ledger.complete(framework, agent, task);
        continue;
      }
      TaskStatus status =
          Statuses.of(
                  task, TaskState.TASK_LOST, Reason.REASON_AGENT_DISCONNECTED, message, term.now())
              .build();
      ledger.end(framework, agent, task, status);
      term.out().send(framework, Events.update(status));
    }
    removeExecutors(framework, agent);
  }

  private void removeExecutors(FrameworkBook framework, AgentBook agent) {
    List<String> executors =
        framework.executorsOn(agent.id()).stream().map(e -> e.getExecutorId().getValue()).toList();
    executors.forEach(id -> ledger.removeExecutor(framework, agent, id));
  }

  /** Has the loss written; nobody hears of it before that is done (P-1). */
  void begin(AgentBook agent, Kind kind, String message) {
    if (agent.isLeaving() || registry.isWritingAgent(agent.id())) {
      return;
    }
    if (agent.isActive()) {
      term.out().toAllocator(new AllocatorInput.DeactivateAgent(agent.id()));
    }
    agent.setLeaving(true);
    offers.rescindAllOf(agent);
    term.out().warn("Losing agent", "agent", agent.id(), "kind", kind, "reason", message);
    registry.append(
        operation(agent.id(), kind), new Write.Loss(agent.id(), kind, message, term.now()));
  }

  private RegistryOperation.Builder operation(String agentId, Kind kind) {
    AgentID id = Statuses.agentId(agentId);
    RegistryOperation.Builder operation = RegistryOperation.newBuilder();
    return switch (kind) {
      case UNREACHABLE ->
          operation.setMarkAgentUnreachable(
              MarkAgentUnreachable.newBuilder().setAgentId(id).setSince(Statuses.time(term.now())));
      case GONE ->
          operation.setMarkAgentGone(
              MarkAgentGone.newBuilder().setAgentId(id).setSince(Statuses.time(term.now())));
      case REMOVED -> operation.setRemoveAgent(RemoveAgent.newBuilder().setAgentId(id));
    };
  }

  /** The loss is durable. */
  void finish(Write.Loss loss) {
    AgentBook agent = term.books().agents.remove(loss.agentId());
    if (agent == null) {
      throw new IllegalStateException(
          "agent " + loss.agentId() + " left the books while it was being lost");
    }
    // From here on the allocator hears nothing of single resources: it drops the agent as a whole.
    term.out().toAllocator(new AllocatorInput.RemoveAgent(agent.id()));
    term.timers().cancel(new Alarm.Ping(agent.id()));
    term.timers().cancel(new Alarm.AgentReturn(agent.id()));
    remember(loss);
    for (FrameworkBook framework : term.books().frameworks.values()) {
      endTasksOf(framework, agent, loss);
      removeExecutors(framework, agent);
    }
    tellFrameworks(agent.id());
    agent.session().ifPresent(session -> cut(session, loss));
    term.meters().count("slave_removals");
    term.views().agentRemoved(agent);
  }

  private void remember(Write.Loss loss) {
    switch (loss.kind()) {
      case UNREACHABLE -> term.books().unreachableAgents.put(loss.agentId(), loss.sinceNanos());
      case GONE -> term.books().goneAgents.put(loss.agentId(), loss.sinceNanos());
      case REMOVED -> {
        // Forgotten: whoever asks for its tasks is told that they are unknown.
      }
    }
  }

  private void endTasksOf(FrameworkBook framework, AgentBook agent, Write.Loss loss) {
    for (TaskBook task : TaskLedger.tasksOn(agent, framework)) {
      if (TaskStates.isTerminal(task.state())) {
        // The framework may not have heard of its end yet; that remains true
        // (AgentWithTerminalTaskPartitioned).
        ledger.complete(framework, agent, task);
        continue;
      }
      TaskStatus status = status(framework, task, loss);
      if (loss.kind() == Kind.UNREACHABLE) {
        ledger.unreachable(framework, agent, task, status);
      } else {
        ledger.end(framework, agent, task, status);
      }
      term.out().send(framework, Events.update(status));
    }
  }

  private TaskStatus status(FrameworkBook framework, TaskBook task, Write.Loss loss) {
    boolean aware = framework.isPartitionAware();
    return switch (loss.kind()) {
      case UNREACHABLE ->
          Statuses.of(
                  task,
                  aware ? TaskState.TASK_UNREACHABLE : TaskState.TASK_LOST,
                  Reason.REASON_AGENT_REMOVED,
                  loss.message(),
                  term.now())
              .setUnreachableTime(Statuses.time(loss.sinceNanos()))
              .build();
      case REMOVED ->
          Statuses.of(
                  task,
                  TaskState.TASK_LOST,
                  Reason.REASON_AGENT_REMOVED,
                  loss.message(),
                  term.now())
              .build();
      case GONE ->
          Statuses.of(
                  task,
                  aware ? TaskState.TASK_GONE_BY_OPERATOR : TaskState.TASK_LOST,
                  aware ? Reason.REASON_AGENT_REMOVED_BY_OPERATOR : Reason.REASON_AGENT_REMOVED,
                  loss.message(),
                  term.now())
              .build();
    };
  }

  /** E-9: every connected framework hears of it, whether it has anything there or not. */
  private void tellFrameworks(String agentId) {
    for (FrameworkBook framework : term.books().frameworks.values()) {
      term.out().send(framework, Events.agentFailure(agentId));
    }
  }

  /** An agent that does not know that it is lost must register again, or stop. */
  private void cut(String session, Write.Loss loss) {
    term.books().agentOfSession.remove(session);
    if (loss.kind() == Kind.GONE) {
      term.out()
          .toLink(
              session,
              MasterToAgent.newBuilder()
                  .setShutdown(MasterToAgent.Shutdown.newBuilder().setMessage(loss.message()))
                  .build());
    }
    term.out().closeLink(session, loss.message());
  }

  /** An agent's time to come back is over. */
  void returnTimeout(String agentId) {
    Duration limit = term.options().agentReregisterTimeout();
    String message = "agent did not re-register within " + Frameworks.seconds(limit) + " seconds";
    term.books()
        .agent(agentId)
        .filter(agent -> !agent.isConnected())
        .ifPresent(agent -> begin(agent, Kind.UNREACHABLE, message));
    if (term.books().recoveredAgents.containsKey(agentId) && !registry.isWritingAgent(agentId)) {
      term.out()
          .warn("Losing agent", "agent", agentId, "kind", Kind.UNREACHABLE, "reason", message);
      registry.append(
          operation(agentId, Kind.UNREACHABLE), new Write.RecoveredLoss(agentId, term.now()));
    }
  }

  /** An agent that never came back since this term began is durably marked. */
  void finish(Write.RecoveredLoss loss) {
    term.books().recoveredAgents.remove(loss.agentId());
    term.books().unreachableAgents.put(loss.agentId(), loss.sinceNanos());
    tellFrameworks(loss.agentId());
  }
}
