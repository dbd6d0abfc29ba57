package io.meseta.isolation.supervisor;

import io.meseta.isolation.linux.Processes;
import io.meseta.isolation.supervisor.Container.Phase;
import io.meseta.kernel.Core;
import io.meseta.kernel.Effects;
import io.meseta.kernel.Timers;
import io.meseta.schema.internal.v1.SupervisorCall;
import io.meseta.schema.internal.v1.SupervisorEvent;
import io.meseta.schema.internal.v1.SupervisorEvent.LaunchFailed;
import io.meseta.schema.internal.v1.SupervisorEvent.Refused;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which containers there are and what is due for each. The shell starts, watches and kills; this
 * decides (D-3).
 *
 * <p>A container's first process: WAITING → SPAWNING → RUNNING → EXITED. Destroying it may begin in
 * any of them and ends when the process has ended and a look finds nothing that came from it.
 */
public final class SupervisorCore implements Core<SupervisorInput, SupervisorEffect> {
  /** Containers at a time, those that wait to be started too; further launches fail. */
  public static final int MAX_CONTAINERS = 10_000;

  /** Launches under way at a time; each holds a thread. Further ones wait. */
  public static final int MAX_SPAWNING = 8;

  /** Signals kept for a container that has not started yet; further ones are refused. */
  public static final int MAX_EARLY_SIGNALS = 8;

  /** After this long a Destroy is reported as stuck, and goes on less often (G: 60 s upstream). */
  public static final long STUCK_AFTER_NANOS = 60_000_000_000L;

  private final Map<String, Container> containers = new LinkedHashMap<>();
  private final Deque<Container> waiting = new ArrayDeque<>();
  private final Timers<String> looks = new Timers<>();
  private int spawning;
  private boolean stopping;
  private boolean stopped;

  @Override
  public void on(SupervisorInput input, long nowNanos, Effects<? super SupervisorEffect> effects) {
    switch (input) {
      case SupervisorInput.Called called -> call(called.call(), nowNanos, effects);
      case SupervisorInput.Spawned spawned -> spawned(spawned, nowNanos, effects);
      case SupervisorInput.SpawnFailed failed -> spawnFailed(failed, effects);
      case SupervisorInput.MainExited exited -> mainExited(exited, effects);
      case SupervisorInput.TreeKilled killed -> treeKilled(killed, nowNanos, effects);
      case SupervisorInput.Stop ignored -> stop(nowNanos, effects);
    }
  }

  @Override
  public void onTime(long nowNanos, Effects<? super SupervisorEffect> effects) {
    for (Optional<String> due = looks.pollDue(nowNanos);
        due.isPresent();
        due = looks.pollDue(nowNanos)) {
      Container container = containers.get(due.get());
      if (container != null) {
        look(container, effects);
      }
    }
  }

  @Override
  public long wakeUpNanos() {
    return looks.nextNanos();
  }

  /** How many containers there are. */
  public int size() {
    return containers.size();
  }

  private void call(SupervisorCall call, long now, Effects<? super SupervisorEffect> effects) {
    switch (call.getCallCase()) {
      case LAUNCH -> launch(call.getLaunch(), effects);
      case SIGNAL -> signal(call.getSignal(), effects);
      case DESTROY -> destroy(call.getDestroy().getContainerId(), now, effects);
      case LIST ->
          report(
              effects,
              Events.containers(containers.values().stream().map(Container::view).toList()));
      case WATCH -> {
        for (Container container : containers.values()) {
          if (container.pid != 0) {
            report(effects, Events.started(container));
          }
          container.waitStatus.ifPresent(
              status -> report(effects, Events.exited(container.id(), status)));
        }
        report(effects, Events.watched());
      }
      case CALL_NOT_SET ->
          report(
              effects,
              Events.refused("", Refused.Reason.INVALID_CALL, "the call is of an unknown type"));
    }
  }

  private void launch(SupervisorCall.Launch launch, Effects<? super SupervisorEffect> effects) {
    String id = launch.getContainerId();
    Optional<String> invalidId = LaunchRules.invalidId(id);
    if (invalidId.isPresent()) {
      report(effects, Events.refused(id, Refused.Reason.INVALID_CALL, invalidId.get()));
      return;
    }
    if (containers.containsKey(id)) {
      report(
          effects,
          Events.refused(
              id, Refused.Reason.CONTAINER_IN_USE, "container '" + id + "' already exists"));
      return;
    }
    Optional<String> invalid = LaunchRules.invalid(launch);
    if (invalid.isPresent()) {
      report(effects, Events.launchFailed(id, LaunchFailed.Reason.INVALID_CALL, invalid.get()));
      return;
    }
    if (stopping) {
      report(
          effects,
          Events.launchFailed(id, LaunchFailed.Reason.DESTROYED, "the supervisor is stopping"));
      return;
    }
    if (containers.size() >= MAX_CONTAINERS) {
      report(
          effects,
          Events.launchFailed(
              id,
              LaunchFailed.Reason.EXHAUSTED,
              "there are already " + MAX_CONTAINERS + " containers"));
      return;
    }
    Container container = new Container(launch);
    containers.put(id, container);
    waiting.add(container);
    spawnNext(effects);
  }

  private void signal(SupervisorCall.Signal signal, Effects<? super SupervisorEffect> effects) {
    String id = signal.getContainerId();
    if (signal.getSignal() < 1 || signal.getSignal() > Processes.MAX_SIGNAL) {
      report(
          effects,
          Events.refused(
              id,
              Refused.Reason.INVALID_CALL,
              "'signal' must be 1 to " + Processes.MAX_SIGNAL + ", not " + signal.getSignal()));
      return;
    }
    Container container = containers.get(id);
    if (container == null) {
      report(
          effects,
          Events.refused(
              id, Refused.Reason.UNKNOWN_CONTAINER, "there is no container '" + id + "'"));
      return;
    }
    switch (container.phase) {
      case WAITING, SPAWNING -> {
        if (container.earlySignals.size() < MAX_EARLY_SIGNALS) {
          container.earlySignals.add(signal);
        } else {
          report(
              effects,
              Events.refused(
                  id,
                  Refused.Reason.INVALID_CALL,
                  "container '" + id + "' has not started and has had enough signals"));
        }
      }
      case RUNNING -> deliver(signal, effects);
      case EXITED -> {
        if (signal.getWholeTree()) {
          deliver(signal, effects);
        }
      }
    }
  }

  private static void deliver(
      SupervisorCall.Signal signal, Effects<? super SupervisorEffect> effects) {
    effects.emit(
        signal.getWholeTree()
            ? new SupervisorEffect.SignalTree(signal.getContainerId(), signal.getSignal())
            : new SupervisorEffect.SignalMain(signal.getContainerId(), signal.getSignal()));
  }

  private void destroy(String id, long now, Effects<? super SupervisorEffect> effects) {
    Container container = containers.get(id);
    if (container == null) {
      report(effects, Events.destroyed(id));
      return;
    }
    if (container.destruction != null) {
      return; // joins the one under way
    }
    container.destruction = new Destruction(now);
    switch (container.phase) {
      case WAITING -> {
        waiting.remove(container);
        containers.remove(id);
        report(
            effects,
            Events.launchFailed(
                id, LaunchFailed.Reason.DESTROYED, "Container destroyed before it was started"));
        report(effects, Events.destroyed(id));
        finishStop(effects);
      }
      case SPAWNING -> {} // goes on when the answer comes
      case RUNNING, EXITED -> look(container, effects);
    }
  }

  private void spawned(
      SupervisorInput.Spawned spawned, long now, Effects<? super SupervisorEffect> effects) {
    Container container = containers.get(spawned.containerId());
    if (container == null || container.phase != Phase.SPAWNING) {
      return;
    }
    spawning--;
    container.phase = Phase.RUNNING;
    container.pid = spawned.pid();
    container.startTicks = spawned.startTicks();
    effects.emit(
        new SupervisorEffect.WatchExit(container.id(), spawned.pid(), spawned.startTicks()));
    report(effects, Events.started(container));
    container.earlySignals.forEach(signal -> deliver(signal, effects));
    container.earlySignals.clear();
    if (container.destruction != null) {
      container.destruction = new Destruction(now);
      look(container, effects);
    }
    spawnNext(effects);
  }

  private void spawnFailed(
      SupervisorInput.SpawnFailed failed, Effects<? super SupervisorEffect> effects) {
    Container container = containers.get(failed.containerId());
    if (container == null || container.phase != Phase.SPAWNING) {
      return;
    }
    spawning--;
    containers.remove(container.id());
    report(effects, Events.launchFailed(container.id(), failed.failure()));
    if (container.destruction != null) {
      report(effects, Events.destroyed(container.id()));
    }
    spawnNext(effects);
    finishStop(effects);
  }

  private void mainExited(
      SupervisorInput.MainExited exited, Effects<? super SupervisorEffect> effects) {
    Container container = containers.get(exited.containerId());
    if (container == null || container.phase != Phase.RUNNING) {
      return;
    }
    container.phase = Phase.EXITED;
    container.waitStatus = OptionalInt.of(exited.waitStatus());
    report(effects, Events.exited(container.id(), exited.waitStatus()));
    if (container.destruction != null) {
      if (container.destruction.settled && !container.destruction.looking) {
        finishDestroy(container, effects);
      } else {
        look(container, effects);
      }
    }
  }

  private void treeKilled(
      SupervisorInput.TreeKilled killed, long now, Effects<? super SupervisorEffect> effects) {
    Container container = containers.get(killed.containerId());
    if (container == null || container.destruction == null) {
      return;
    }
    Destruction destruction = container.destruction;
    destruction.looking = false;
    destruction.settled = killed.settled();
    if (killed.settled() && container.phase == Phase.EXITED) {
      finishDestroy(container, effects);
      return;
    }
    if (!destruction.stuck && now - destruction.startNanos >= STUCK_AFTER_NANOS) {
      destruction.becomeStuck();
      report(effects, Events.destroyStuck(container.id(), killed.left()));
    }
    looks.set(container.id(), now + destruction.nextPause());
  }

  private void stop(long now, Effects<? super SupervisorEffect> effects) {
    stopping = true;
    for (String id : List.copyOf(containers.keySet())) {
      destroy(id, now, effects);
    }
    finishStop(effects);
  }

  private void look(Container container, Effects<? super SupervisorEffect> effects) {
    Destruction destruction = container.destruction;
    if (destruction != null && !destruction.looking) {
      destruction.looking = true;
      looks.cancel(container.id());
      effects.emit(new SupervisorEffect.KillTree(container.id()));
    }
  }

  private void finishDestroy(Container container, Effects<? super SupervisorEffect> effects) {
    looks.cancel(container.id());
    containers.remove(container.id());
    effects.emit(new SupervisorEffect.Forget(container.id()));
    report(effects, Events.destroyed(container.id()));
    finishStop(effects);
  }

  private void finishStop(Effects<? super SupervisorEffect> effects) {
    if (stopping && !stopped && containers.isEmpty()) {
      stopped = true;
      effects.emit(new SupervisorEffect.Stopped());
    }
  }

  private void spawnNext(Effects<? super SupervisorEffect> effects) {
    while (spawning < MAX_SPAWNING && !waiting.isEmpty()) {
      Container next = waiting.remove();
      next.phase = Phase.SPAWNING;
      spawning++;
      effects.emit(new SupervisorEffect.Spawn(next.launch));
    }
  }

  private static void report(Effects<? super SupervisorEffect> effects, SupervisorEvent event) {
    effects.emit(new SupervisorEffect.Report(event));
  }
}
