package io.meseta.agent.core;

import io.meseta.executor.CommandExecutor;
import io.meseta.executor.ExecutorInput;
import io.meseta.isolation.api.SupervisorCalls;
import io.meseta.isolation.containers.WaitStatus;
import io.meseta.schema.internal.v1.BuiltInExecutorState;
import io.meseta.schema.internal.v1.BuiltInExecutorState.Phase;
import io.meseta.schema.internal.v1.ContainerTerminated;
import io.meseta.schema.internal.v1.FrameworkRecord;
import io.meseta.schema.internal.v1.SupervisorEvent;
import io.meseta.schema.internal.v1.TaskRecord;
import io.meseta.schema.v1.TaskStatus.Reason;
import io.meseta.tasks.TaskStates;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * From the journal and what the supervisor still holds back to a working agent (C-7 to C-12):
 * containers that live are adopted, tasks whose processes are gone get their terminal update,
 * containers that nobody knows are destroyed.
 */
final class Recovery {
  private final Books books;
  private final StatusFlow updates;
  private final Containers containers;
  private final Removal removal;

  private final Set<String> seen = new HashSet<>();
  private final Map<String, ContainerTerminated> ends = new HashMap<>();
  private final Set<String> started = new HashSet<>();

  Recovery(Books books, StatusFlow updates, Containers containers, Removal removal) {
    this.books = books;
    this.updates = updates;
    this.containers = containers;
    this.removal = removal;
  }

  /** Takes what the journal says and asks the supervisor what lives. */
  void begin(Turn turn, AgentState state) {
    state.agent().ifPresent(record -> books.agentId = Optional.of(record.getAgentId()));
    for (FrameworkRecord record : state.frameworks()) {
      books.add(new Framework(record.getInfo()));
    }
    state.runs().forEach(this::add);
    updates.replay(state, turn.nowNanos());
    for (TaskKey key : state.streamKeys()) {
      if (books.task(key).isEmpty()) {
        books.framework(key.frameworkId()).ifPresent(it -> it.refused.add(key.taskId()));
      }
    }
    turn.emit(new AgentEffect.ToSupervisor(SupervisorCalls.watch()));
  }

  private void add(AgentState.Run run) {
    TaskRecord task = run.task;
    Optional<Framework> framework = books.framework(run.executor.getFrameworkId().getValue());
    if (framework.isEmpty() || task == null) {
      // The crash came before the task was written: the master never heard of it from us, and
      // will miss it when we report what we hold.
      return;
    }
    String containerId = run.executor.getContainerId().getValue();
    boolean reportsKilling = framework.get().reportsKilling();
    BuiltInExecutorState machine = run.machine;
    Executor executor =
        new Executor(
            framework.get(),
            run.executor.getInfo(),
            containerId,
            new AgentTask(task.getInfo()),
            machine == null
                ? new CommandExecutor(task.getInfo(), reportsKilling, books.rng)
                : CommandExecutor.recovered(task.getInfo(), reportsKilling, books.rng, machine));
    AgentState.lastStatus(run).ifPresent(executor.task::apply);
    if (run.started != null) {
      started.add(containerId);
    }
    if (run.terminated != null) {
      ends.put(containerId, run.terminated);
    }
    books.add(executor);
  }

  /** What the supervisor repeats between Watch and Watched. */
  void on(Turn turn, SupervisorEvent event) {
    switch (event.getEventCase()) {
      case STARTED -> {
        String containerId = event.getStarted().getContainerId();
        seen.add(containerId);
        Optional<Executor> executor = books.container(containerId);
        executor.ifPresent(known -> adopt(turn, known, event));
        if (executor.isEmpty()) {
          containers.on(turn, event); // an orphan
        }
      }
      default -> containers.on(turn, event);
    }
  }

  private void adopt(Turn turn, Executor executor, SupervisorEvent event) {
    executor.held = true;
    switch (executor.machine.phase()) {
      case STARTING, UNKNOWN -> containers.on(turn, event);
      case RUNNING, KILLING, ESCALATED -> {
        executor.state = Executor.State.RUNNING;
        containers.planWakeUp(executor);
      }
      case TERMINATED -> containers.destroy(turn, executor);
    }
  }

  /** The supervisor has told of everything that it holds. */
  void end(Turn turn) {
    for (Executor executor : books.executors()) {
      if (!seen.contains(executor.containerId)) {
        lost(turn, executor);
      }
    }
    for (Framework framework : List.copyOf(books.frameworks())) {
      removal.sweep(turn, framework);
    }
    seen.clear();
    ends.clear();
    started.clear();
  }

  /** The supervisor does not hold it: it ended, or never began. */
  private void lost(Turn turn, Executor executor) {
    ContainerTerminated end = ends.get(executor.containerId);
    if (executor.task.terminal()) {
      executor.completed |= !updates.pending(executor.taskKey());
    } else if (end != null && end.hasWaitStatus() && executor.machine.phase() != Phase.STARTING) {
      // Its end was recorded, its last update was not.
      containers.input(
          turn, executor, new ExecutorInput.Exited(new WaitStatus(end.getWaitStatus())));
    } else {
      boolean partitionAware = executor.framework.partitionAware();
      if (started.contains(executor.containerId)) {
        updates.fromAgent(
            turn,
            executor,
            TaskStates.gone(partitionAware),
            Reason.REASON_EXECUTOR_TERMINATED,
            "The task's processes ended while the agent was down");
      } else {
        updates.fromAgent(
            turn,
            executor,
            TaskStates.dropped(partitionAware),
            Reason.REASON_AGENT_RESTARTED,
            "Task launched during agent restart");
      }
    }
    containers.gone(turn, executor);
  }
}
