package io.meseta.master.core;

import io.meseta.allocator.AllocatorInput;
import io.meseta.resources.Resources;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.v1.ExecutorInfo;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.Task;
import io.meseta.schema.v1.TaskID;
import io.meseta.schema.v1.TaskStatus.Reason;
import io.meseta.tasks.TaskStates;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What an agent that comes back brings, against what the books say (9.2, P-4). */
final class AgentReturn {
  private final Term term;
  private final Offers offers;
  private final TaskLedger ledger;
  private final Subscribe subscribe;

  AgentReturn(Term term, Offers offers, TaskLedger ledger, Subscribe subscribe) {
    this.term = term;
    this.offers = offers;
    this.ledger = ledger;
    this.subscribe = subscribe;
  }

  /** Enters what the agent reports into its new book, before the allocator hears of the agent. */
  void fillNew(AgentBook agent, AgentToMaster.Reregister report) {
    recoverFrameworks(report);
    for (Task task : report.getTasksList()) {
      frameworkOf(task.getFrameworkId()).ifPresent(framework -> adopt(framework, agent, task));
    }
    for (ExecutorInfo executor : report.getExecutorsList()) {
      frameworkOf(executor.getFrameworkId())
          .ifPresent(framework -> ledger.addExecutor(framework, agent, executor));
    }
  }

  /** Answers an agent that was not registered with this master. */
  void newcomer(
      AgentBook agent, String session, AgentToMaster.Reregister report, Write.Origin origin) {
    term.out().toLink(session, reregistered(agent, List.of()));
    switch (origin) {
      case UNREACHABLE -> tellTasksAreBack(agent, "Unreachable agent re-reregistered");
      case UNKNOWN -> tellTasksAreBack(agent, "Unknown agent re-registered");
      case RECOVERED, REGISTERED -> {
        // Nobody was told that they had gone.
      }
    }
    shutDownRemovedFrameworks(agent, report);
    sendChangedFrameworks(agent, report);
  }

  private void tellTasksAreBack(AgentBook agent, String message) {
    for (FrameworkBook framework : term.books().frameworks.values()) {
      TaskLedger.tasksOn(agent, framework)
          .forEach(task -> tellTaskIsBack(framework, task, message));
    }
  }

  private void tellTaskIsBack(FrameworkBook framework, TaskBook task, String message) {
    term.out()
        .send(
            framework,
            Events.update(
                Statuses.withLastKnown(
                        Statuses.of(
                            task,
                            task.state(),
                            Reason.REASON_AGENT_REREGISTERED,
                            message,
                            term.now()),
                        task)
                    .build()));
  }

  /** An agent that is registered comes back after its link broke, or over another link. */
  void backAgain(AgentBook agent, String session, AgentToMaster.Reregister report) {
    boolean wasConnected = agent.isConnected();
    agent
        .session()
        .filter(old -> !old.equals(session))
        .ifPresent(
            old -> {
              term.books().agentOfSession.remove(old);
              term.out().closeLink(old, "the agent has registered again over another link");
            });
    Resources before = agent.total();
    term.books().agentOfSession.put(session, agent.id());
    agent.connect(session);
    if (report.hasAddress()) {
      agent.moveTo(report.getAddress());
    }
    agent.refresh(
        report.getAgentInfo(),
        report.getVersion(),
        report.getCapabilitiesList(),
        Agents.resourceVersion(report.hasResourceVersionUuid(), report.getResourceVersionUuid()),
        AgentResources.total(report.getAgentInfo(), report.getCheckpointedResourcesList())
            .resources(),
        term.now());
    term.timers().cancel(new Alarm.AgentReturn(agent.id()));
    if (!before.equals(agent.total())) {
      offers.rescindAllOf(agent);
    }
    recoverFrameworks(report);
    List<MasterToAgent.MissingTask> missing = missingTasks(agent, report);
    removeMissingExecutors(agent, report);
    List<TaskBook> found = adoptUnknown(agent, report);
    if (found.isEmpty()) {
      term.out()
          .toAllocator(
              new AllocatorInput.UpdateAgent(
                  agent.id(),
                  agent.info(),
                  Optional.of(agent.total()),
                  Optional.of(agent.capabilities())));
      if (!wasConnected) {
        term.out().toAllocator(new AllocatorInput.ActivateAgent(agent.id()));
      }
    } else {
      enterAnew(agent);
    }
    term.out().toLink(session, reregistered(agent, missing));
    for (TaskBook task : found) {
      frameworkOf(FrameworkID.newBuilder().setValue(task.frameworkId()).build())
          .ifPresent(
              framework -> tellTaskIsBack(framework, task, "Agent re-registered with the task"));
    }
    sendPendingKills(agent);
    shutDownRemovedFrameworks(agent, report);
    sendChangedFrameworks(agent, report);
    term.views().agent(agent);
  }

  /** The only way to tell the allocator of resources in use that it takes for free. */
  private void enterAnew(AgentBook agent) {
    offers.rescindAllOf(agent);
    term.out().toAllocator(new AllocatorInput.RemoveAgent(agent.id()));
    term.out()
        .toAllocator(
            new AllocatorInput.AddAgent(
                agent.id(), agent.info(), agent.capabilities(), agent.total(), agent.used()));
  }

  private void recoverFrameworks(AgentToMaster.Reregister report) {
    for (FrameworkInfo info : report.getFrameworksList()) {
      String id = info.getId().getValue();
      if (!id.isEmpty() && !term.books().isRemoved(id) && term.books().framework(id).isEmpty()) {
        subscribe.recoverFromAgent(info);
      }
    }
  }

  private Optional<FrameworkBook> frameworkOf(FrameworkID id) {
    return term.books().framework(id.getValue());
  }

  private Optional<TaskBook> adopt(FrameworkBook framework, AgentBook agent, Task task) {
    if (framework.tasks.containsKey(task.getTaskId().getValue())) {
      // The framework has used the id again meanwhile: two tasks of one id cannot both be kept.
      term.out()
          .warn(
              "Killing a task whose id is in use on another agent",
              "framework",
              framework.id(),
              "task",
              task.getTaskId().getValue(),
              "agent",
              agent.id());
      agent
          .pendingKills
          .computeIfAbsent(framework.id(), id -> new HashSet<>())
          .add(task.getTaskId().getValue());
      return Optional.empty();
    }
    return Optional.of(ledger.add(framework, agent, task));
  }

  /** the agent answers for those that it does not know. */
  private List<MasterToAgent.MissingTask> missingTasks(
      AgentBook agent, AgentToMaster.Reregister report) {
    Map<String, Set<String>> reported = new HashMap<>();
    for (Task task : report.getTasksList()) {
      reported
          .computeIfAbsent(task.getFrameworkId().getValue(), id -> new HashSet<>())
          .add(task.getTaskId().getValue());
    }
    List<MasterToAgent.MissingTask> missing = new ArrayList<>();
    agent.tasks.forEach(
        (frameworkId, tasks) -> {
          boolean aware =
              term.books()
                  .framework(frameworkId)
                  .filter(FrameworkBook::isPartitionAware)
                  .isPresent();
          for (TaskBook task : tasks.values()) {
            if (!reported.getOrDefault(frameworkId, Set.of()).contains(task.id())) {
              missing.add(
                  MasterToAgent.MissingTask.newBuilder()
                      .setFrameworkId(FrameworkID.newBuilder().setValue(frameworkId))
                      .setTaskId(TaskID.newBuilder().setValue(task.id()))
                      .setPartitionAware(aware)
                      .build());
            }
          }
        });
    return missing;
  }

  /** */
  private void removeMissingExecutors(AgentBook agent, AgentToMaster.Reregister report) {
    Set<List<String>> reported = new HashSet<>();
    for (ExecutorInfo executor : report.getExecutorsList()) {
      reported.add(
          List.of(executor.getFrameworkId().getValue(), executor.getExecutorId().getValue()));
    }
    for (FrameworkBook framework : term.books().frameworks.values()) {
      for (ExecutorInfo executor : framework.executorsOn(agent.id())) {
        String id = executor.getExecutorId().getValue();
        if (!reported.contains(List.of(framework.id(), id))) {
          ledger.removeExecutor(framework, agent, id);
        }
      }
    }
  }

  /**
   * What runs on the agent although the master took it for lost; a link can break without anything
   * having died.
   */
  private List<TaskBook> adoptUnknown(AgentBook agent, AgentToMaster.Reregister report) {
    List<TaskBook> found = new ArrayList<>();
    for (Task task : report.getTasksList()) {
      Optional<FrameworkBook> framework = frameworkOf(task.getFrameworkId());
      boolean known =
          agent.tasksOf(task.getFrameworkId().getValue()).containsKey(task.getTaskId().getValue());
      if (framework.isPresent() && !known && TaskStates.holdsResources(task.getState())) {
        adopt(framework.get(), agent, task).ifPresent(found::add);
      }
    }
    if (found.isEmpty()) {
      return found;
    }
    for (ExecutorInfo executor : report.getExecutorsList()) {
      frameworkOf(executor.getFrameworkId())
          .ifPresent(framework -> ledger.addExecutor(framework, agent, executor));
    }
    return found;
  }

  /** S-21: without the policy of the call. */
  private void sendPendingKills(AgentBook agent) {
    agent.pendingKills.forEach(
        (frameworkId, tasks) ->
            tasks.forEach(taskId -> sendPendingKill(agent, frameworkId, taskId)));
    agent.pendingKills.clear();
  }

  private void sendPendingKill(AgentBook agent, String frameworkId, String taskId) {
    TaskBook task = agent.tasksOf(frameworkId).get(taskId);
    if (task == null || !TaskStates.isTerminal(task.state())) {
      term.out()
          .toAgent(
              agent,
              MasterToAgent.newBuilder()
                  .setKillTask(
                      MasterToAgent.KillTask.newBuilder()
                          .setFrameworkId(FrameworkID.newBuilder().setValue(frameworkId))
                          .setTaskId(TaskID.newBuilder().setValue(taskId)))
                  .build());
    }
  }

  private void shutDownRemovedFrameworks(AgentBook agent, AgentToMaster.Reregister report) {
    sendPendingKills(agent);
    Set<String> ids = new HashSet<>();
    report.getFrameworksList().forEach(info -> ids.add(info.getId().getValue()));
    report.getTasksList().forEach(task -> ids.add(task.getFrameworkId().getValue()));
    for (String id : ids) {
      if (term.books().framework(id).isEmpty()) {
        term.out()
            .toAgent(
                agent,
                MasterToAgent.newBuilder()
                    .setShutdownFramework(
                        MasterToAgent.ShutdownFramework.newBuilder()
                            .setFrameworkId(FrameworkID.newBuilder().setValue(id)))
                    .build());
      }
    }
  }

  /** The framework may have subscribed again while the agent was away. */
  private void sendChangedFrameworks(AgentBook agent, AgentToMaster.Reregister report) {
    for (FrameworkInfo reported : report.getFrameworksList()) {
      frameworkOf(reported.getId())
          .filter(FrameworkBook::isConnected)
          .ifPresent(
              framework ->
                  term.out()
                      .toAgent(
                          agent,
                          MasterToAgent.newBuilder()
                              .setUpdateFramework(
                                  MasterToAgent.UpdateFramework.newBuilder()
                                      .setFramework(framework.info()))
                              .build()));
    }
  }

  private MasterToAgent reregistered(AgentBook agent, List<MasterToAgent.MissingTask> missing) {
    return MasterToAgent.newBuilder()
        .setReregistered(
            MasterToAgent.Reregistered.newBuilder()
                .setAgentId(Statuses.agentId(agent.id()))
                .setTotalPingTimeoutMillis(term.options().totalPingTimeout().toMillis())
                .addAllMissingTasks(missing))
        .build();
  }
}
