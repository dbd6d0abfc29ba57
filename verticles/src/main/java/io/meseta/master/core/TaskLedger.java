package io.meseta.master.core;

import io.meseta.allocator.AllocatorInput;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.ExecutorInfo;
import io.meseta.schema.v1.Task;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.tasks.TaskStates;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The only one that enters tasks and executors into the books, moves them and takes them out; so
 * that what an agent's books say is used is always the sum of its tasks that hold resources and of
 * its executors.
 */
final class TaskLedger {
  private final Term term;
  private long completedNumber;

  TaskLedger(Term term) {
    this.term = term;
  }

  /** Enters a task: launched just now, or reported by its agent. */
  TaskBook add(FrameworkBook framework, AgentBook agent, Task info) {
    TaskBook task = new TaskBook(info);
    if (framework.tasks.containsKey(task.id())) {
      throw new IllegalStateException(
          "task " + task.id() + " of framework " + framework.id() + " is in the books");
    }
    framework.unreachableTasks.remove(task.id()).ifPresent(this::forgetUnreachable);
    framework.tasks.put(task.id(), task);
    agent.tasks.computeIfAbsent(framework.id(), id -> new LinkedHashMap<>()).put(task.id(), task);
    if (TaskStates.holdsResources(task.state())) {
      agent.use(framework.id(), task.resources());
    }
    term.meters().taskEnters(task.state());
    term.views().task(task);
    return task;
  }

  /** Enters an executor that the agent does not have yet; false if it is known. */
  boolean addExecutor(FrameworkBook framework, AgentBook agent, ExecutorInfo executor) {
    Map<String, ExecutorInfo> known =
        framework.executors.computeIfAbsent(agent.id(), id -> new LinkedHashMap<>());
    if (known.putIfAbsent(executor.getExecutorId().getValue(), executor) != null) {
      return false;
    }
    agent.use(framework.id(), Resources.of(executor.getResourcesList()));
    term.views().executor(agent.id(), executor);
    return true;
  }

  /** Takes an executor out and gives its resources back; empty if it is not known. */
  Optional<ExecutorInfo> removeExecutor(
      FrameworkBook framework, AgentBook agent, String executorId) {
    Optional<ExecutorInfo> executor = framework.executor(agent.id(), executorId);
    executor.ifPresent(
        known -> {
          removeEntry(framework.executors, agent.id(), executorId);
          release(framework.id(), agent, Resources.of(known.getResourcesList()));
          term.views().executorRemoved(framework.id(), agent.id(), executorId);
        });
    return executor;
  }

  /**
   * A status that came from the agent.
   *
   * @param latest the task's state on the agent, which may be ahead of the status
   */
  void update(
      FrameworkBook framework,
      AgentBook agent,
      TaskBook task,
      TaskStatus status,
      TaskState latest) {
    task.record(status);
    move(framework, agent, task, latest, status);
    term.views().task(task);
  }

  /** The task's end as the master decides it; it leaves memory for the completed ones. */
  void end(FrameworkBook framework, AgentBook agent, TaskBook task, TaskStatus status) {
    task.keep(status);
    move(framework, agent, task, status.getState(), status);
    term.views().task(task);
    complete(framework, agent, task);
  }

  /** The task's agent cannot be reached; it leaves memory for the remembered ones (P-3). */
  void unreachable(FrameworkBook framework, AgentBook agent, TaskBook task, TaskStatus status) {
    task.keep(status);
    move(framework, agent, task, status.getState(), status);
    forget(framework, agent, task);
    term.views().taskUnreachable(task);
    List<TaskBook> evicted = framework.unreachableTasks.put(task.id(), task);
    evicted.forEach(this::forgetUnreachable);
  }

  /** It is back, or too many are remembered. */
  private void forgetUnreachable(TaskBook task) {
    term.meters().taskLeaves(task.state());
    term.views().unreachableTaskForgotten(task);
  }

  /** The framework knows how the task ended (S-14), or nobody is left to be told. */
  void complete(FrameworkBook framework, AgentBook agent, TaskBook task) {
    forget(framework, agent, task);
    complete(framework, task);
  }

  /** A remembered unreachable task of a framework that goes. */
  void completeUnreachable(FrameworkBook framework, TaskBook task, TaskStatus status) {
    task.keep(status);
    term.meters().taskLeaves(task.state());
    if (!TaskStates.isTerminal(task.state())) {
      term.meters().taskEnded(status.getState(), status);
    }
    task.setState(status.getState());
    framework.unreachableTasks.remove(task.id());
    complete(framework, task);
  }

  private void complete(FrameworkBook framework, TaskBook task) {
    FrameworkBook.CompletedTask completed =
        new FrameworkBook.CompletedTask(completedNumber++, task);
    term.views().taskCompleted(completed);
    framework
        .completedTasks
        .put(completed.number(), completed)
        .forEach(term.views()::completedTaskForgotten);
  }

  /** What a framework holds on all agents, by agent id. */
  Map<String, Resources> usedBy(FrameworkBook framework) {
    Map<String, Resources> used = new LinkedHashMap<>();
    for (AgentBook agent : term.books().agents.values()) {
      Resources here = agent.usedBy(framework.id());
      if (!here.isEmpty()) {
        used.put(agent.id(), here);
      }
    }
    return used;
  }

  /** A copy, so that the caller may change the books while it walks. */
  static List<TaskBook> tasksOn(AgentBook agent, FrameworkBook framework) {
    return new ArrayList<>(agent.tasksOf(framework.id()).values());
  }

  private void move(
      FrameworkBook framework, AgentBook agent, TaskBook task, TaskState next, TaskStatus status) {
    TaskState before = task.state();
    task.setState(next);
    TaskState after = task.state();
    if (before == after) {
      return;
    }
    term.meters().taskLeaves(before);
    term.meters().taskEnters(after);
    if (TaskStates.isTerminal(after)) {
      term.meters().taskEnded(after, status);
    }
    if (TaskStates.holdsResources(before) && !TaskStates.holdsResources(after)) {
      release(framework.id(), agent, task.resources());
    }
  }

  /** From the maps of the living; it holds no resources any more. */
  private static void forget(FrameworkBook framework, AgentBook agent, TaskBook task) {
    framework.tasks.remove(task.id());
    removeEntry(agent.tasks, framework.id(), task.id());
  }

  /** Leaves no empty map behind. */
  private static <V> void removeEntry(
      Map<String, Map<String, V>> maps, String outer, String inner) {
    maps.computeIfPresent(
        outer,
        (key, entries) -> {
          entries.remove(inner);
          return entries.isEmpty() ? null : entries;
        });
  }

  /** The allocator hears of it unless it has dropped the agent or the framework as a whole. */
  private void release(String frameworkId, AgentBook agent, Resources resources) {
    agent.release(frameworkId, resources);
    if (!resources.isEmpty()
        && term.books().agents.containsKey(agent.id())
        && term.books().frameworks.containsKey(frameworkId)) {
      term.out()
          .toAllocator(
              new AllocatorInput.RecoverResources(
                  frameworkId, agent.id(), resources, Optional.empty(), true));
    }
  }
}
