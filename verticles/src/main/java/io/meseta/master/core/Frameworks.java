package io.meseta.master.core;

import io.meseta.allocator.AllocatorInput;
import io.meseta.schema.internal.v1.DisconnectFramework;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.internal.v1.RegistryOperation;
import io.meseta.schema.internal.v1.RemoveFramework;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.schema.v1.TaskStatus.Reason;
import io.meseta.tasks.TaskStates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How frameworks lose their stream and how they end (F-20 to F-34). */
final class Frameworks {
  private final Term term;
  private final Offers offers;
  private final TaskLedger ledger;
  private final Registry registry;

  Frameworks(Term term, Offers offers, TaskLedger ledger, Registry registry) {
    this.term = term;
    this.offers = offers;
    this.ledger = ledger;
    this.registry = registry;
  }

  /** The stream is gone: no offers, tasks go on, and the failover time runs (F-20, D-10). */
  void disconnect(FrameworkBook framework, MasterInput.CloseCause cause) {
    term.out().toAllocator(new AllocatorInput.DeactivateFramework(framework.id()));
    detach(framework);
    framework.disconnect(term.now());
    offers.withdrawAllOf(framework);
    long timeoutNanos = failoverNanos(framework, cause);
    term.timers()
        .set(new Alarm.FailoverTimeout(framework.id()), saturatedAdd(term.now(), timeoutNanos));
    if (timeoutNanos > 0) {
      registry.append(
          RegistryOperation.newBuilder()
              .setDisconnectFramework(
                  DisconnectFramework.newBuilder()
                      .setFrameworkId(framework.info().getId())
                      .setSince(Statuses.time(term.now()))),
          new Write.FrameworkChange(framework.id()));
    }
    term.out()
        .info(
            "Framework disconnected",
            "framework",
            framework.id(),
            "cause",
            cause,
            "failoverSeconds",
            timeoutNanos / 1e9);
    term.views().framework(framework);
  }

  /** Forgets the framework's stream; whoever calls has closed it or was told that it is closed. */
  void detach(FrameworkBook framework) {
    framework.stream().ifPresent(stream -> term.books().frameworkOfStream.remove(stream.address()));
    term.timers().cancel(new Alarm.Heartbeat(framework.id()));
  }

  /** Lets a framework that is known from before this term be away for so long. */
  void awaitReturn(FrameworkBook framework) {
    term.timers()
        .set(
            new Alarm.FailoverTimeout(framework.id()),
            saturatedAdd(term.now(), failoverNanos(framework, MasterInput.CloseCause.SHUTDOWN)));
  }

  private long failoverNanos(FrameworkBook framework, MasterInput.CloseCause cause) {
    long own = FailoverTimeout.nanos(framework.info());
    return switch (cause) {
      case CLIENT -> own;
      case OVERFLOW, API_LOST, SHUTDOWN ->
          Math.max(own, term.options().ownFaultFailoverTimeout().toNanos());
    };
  }

  /** The failover time is over and the framework has not come back (F-21). */
  void failoverTimeout(String frameworkId) {
    term.books()
        .framework(frameworkId)
        .filter(framework -> !framework.isConnected())
        .ifPresent(
            framework -> {
              term.out()
                  .info(
                      "Framework did not come back within its failover time",
                      "framework",
                      frameworkId);
              remove(framework);
            });
  }

  /** The end of a framework: its tasks are killed, its id is refused from now on (F-30, F-31). */
  void remove(FrameworkBook framework) {
    if (framework.isActive()) {
      term.out().toAllocator(new AllocatorInput.DeactivateFramework(framework.id()));
    }
    offers.of(framework).forEach(offers::take);
    for (AgentBook agent : term.books().agents.values()) {
      term.out()
          .toAgent(
              agent,
              MasterToAgent.newBuilder()
                  .setShutdownFramework(
                      MasterToAgent.ShutdownFramework.newBuilder()
                          .setFrameworkId(framework.info().getId()))
                  .build());
      agent.pendingKills.remove(framework.id());
    }
    // From here on the allocator hears nothing of single resources: it drops the framework as a
    // whole.
    term.books().frameworks.remove(framework.id());
    endTasks(framework);
    framework.stream().ifPresent(stream -> term.out().closeStream(stream.address()));
    detach(framework);
    framework.disconnect(term.now());
    term.timers().cancel(new Alarm.FailoverTimeout(framework.id()));
    term.out().toAllocator(new AllocatorInput.RemoveFramework(framework.id()));
    term.books().removedFrameworks.put(framework.id(), true);
    registry.append(
        RegistryOperation.newBuilder()
            .setRemoveFramework(
                RemoveFramework.newBuilder()
                    .setFrameworkId(framework.info().getId())
                    .setSince(Statuses.time(term.now()))),
        new Write.FrameworkChange(framework.id()));
    term.out()
        .info("Framework removed", "framework", framework.id(), "name", framework.info().getName());
    term.views().frameworkCompleted(framework);
    term.books()
        .completedFrameworks
        .put(framework.id(), framework)
        .forEach(term.views()::completedFrameworkForgotten);
  }

  private void endTasks(FrameworkBook framework) {
    for (TaskBook task : new ArrayList<>(framework.tasks.values())) {
      AgentBook agent = term.books().agents.get(task.agentId());
      if (agent == null) {
        throw new IllegalStateException(
            "task " + task.id() + " is on the unknown agent " + task.agentId());
      }
      if (TaskStates.isTerminal(task.state())) {
        ledger.complete(framework, agent, task);
      } else {
        ledger.end(framework, agent, task, removed(task));
      }
    }
    for (TaskBook task : new ArrayList<>(framework.unreachableTasks.values())) {
      ledger.completeUnreachable(framework, task, removed(task));
    }
    for (AgentBook agent : term.books().agents.values()) {
      List<String> executors =
          framework.executorsOn(agent.id()).stream()
              .map(e -> e.getExecutorId().getValue())
              .toList();
      executors.forEach(id -> ledger.removeExecutor(framework, agent, id));
    }
  }

  private TaskStatus removed(TaskBook task) {
    String message = "Framework " + task.frameworkId() + " removed";
    return Statuses.of(
            task, TaskState.TASK_KILLED, Reason.REASON_FRAMEWORK_REMOVED, message, term.now())
        .build();
  }

  private static long saturatedAdd(long nowNanos, long delayNanos) {
    long due = nowNanos + delayNanos;
    return due < nowNanos ? Long.MAX_VALUE : due;
  }

  /** For messages: a duration of the options in seconds. */
  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
