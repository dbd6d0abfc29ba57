package io.meseta.isolation.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.isolation.api.SupervisorCalls;
import io.meseta.isolation.linux.LaunchFailure;
import io.meseta.kernel.Rng;
import io.meseta.schema.internal.v1.SupervisorCall;
import io.meseta.schema.internal.v1.SupervisorEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A machine as the supervisor's core sees it, with an agent that asks for anything at any time. It
 * answers effects late and in any order, and checks after each step what must always hold.
 */
final class SupervisorWorld {
  private static final int IDS = 12;

  /** What really is there of a container. */
  private static final class Real {
    boolean spawning = true;
    boolean mainAlive;
    boolean mainReaped;
    boolean startedTold;
    boolean exitedTold;
    int others;
    boolean killAsked;
    boolean destroyAsked;
  }

  private final Rng rng;
  private final SupervisorCore core = new SupervisorCore();
  private final Map<String, Real> real = new HashMap<>();
  private final List<SupervisorEffect> queue = new ArrayList<>();
  private long now = 1_000;
  private int spawning;
  private int stopped;
  private int nextPid = 100;
  private boolean stopping;
  private int launchFailuresTold;

  SupervisorWorld(long seed) {
    rng = Rng.seeded(seed);
  }

  void step() {
    now += rng.nextLong(50_000_000L);
    switch (rng.nextInt(9)) {
      case 0, 1 -> launch(id());
      case 2 -> destroy(id());
      case 3 -> call(SupervisorCalls.signal(id(), 1 + rng.nextInt(64), rng.chance(0.5)));
      case 4 -> call(rng.chance(0.5) ? SupervisorCalls.list() : SupervisorCalls.watch());
      case 5 -> finishSpawn(pick());
      case 6 -> exit(pick());
      case 7 -> fork(pick());
      default -> answerKill(pick());
    }
    check();
  }

  /** Destroys everything and lets the machine run until that is done. */
  void stop() {
    stopping = true;
    real.values().forEach(container -> container.destroyAsked = true);
    input(new SupervisorInput.Stop());
    for (int i = 0; i < 10_000 && stopped == 0; i++) {
      now += 100_000_000L;
      tick();
      for (String id : List.copyOf(real.keySet())) {
        finishSpawn(id);
        answerKill(id);
        if (real.containsKey(id) && real.get(id).destroyAsked) {
          exit(id);
        }
      }
      check();
    }
    assertEquals(1, stopped);
    assertEquals(0, core.size());
    assertTrue(real.isEmpty(), "left: " + real.keySet());
    launch("late");
    assertEquals(0, core.size());
  }

  private String id() {
    return "c" + rng.nextInt(IDS);
  }

  private String pick() {
    List<String> ids = real.keySet().stream().sorted().toList();
    return ids.isEmpty() ? "none" : ids.get(rng.nextInt(ids.size()));
  }

  private void launch(String id) {
    call(
        SupervisorCall.newBuilder()
            .setLaunch(
                SupervisorCall.Launch.newBuilder()
                    .setContainerId(id)
                    .setExecutable("/bin/true")
                    .setWorkingDirectory("/")
                    .setStdoutPath("/out")
                    .setStderrPath("/err"))
            .build());
  }

  private void destroy(String id) {
    Real container = real.get(id);
    if (container != null) {
      container.destroyAsked = true;
    }
    call(SupervisorCalls.destroy(id));
  }

  private void finishSpawn(String id) {
    Real container = real.get(id);
    if (container == null || !container.spawning) {
      return;
    }
    container.spawning = false;
    spawning--;
    if (rng.chance(0.3)) {
      real.remove(id);
      int before = launchFailuresTold;
      input(
          new SupervisorInput.SpawnFailed(
              id, new LaunchFailure(LaunchFailure.Step.EXECUTE, 13, "denied")));
      assertTrue(launchFailuresTold > before);
    } else {
      container.mainAlive = true;
      input(new SupervisorInput.Spawned(id, nextPid++, 7));
      assertTrue(container.startedTold);
    }
  }

  private void exit(String id) {
    Real container = real.get(id);
    if (container != null
        && (container.mainAlive || !container.mainReaped)
        && !container.spawning) {
      container.mainAlive = false;
      container.mainReaped = true;
      input(new SupervisorInput.MainExited(id, rng.nextInt(2) == 0 ? 0 : 9));
      assertTrue(container.exitedTold);
    }
  }

  private void fork(String id) {
    Real container = real.get(id);
    if (container != null && (container.mainAlive || container.others > 0)) {
      container.others++;
    }
  }

  private void answerKill(String id) {
    Real container = real.get(id);
    if (container == null || !container.killAsked) {
      return;
    }
    container.killAsked = false;
    List<Integer> left = new ArrayList<>();
    if (container.mainAlive) {
      left.add(1);
      container.mainAlive = rng.chance(0.2); // a zombie from now on, or not yet dead
    }
    for (int i = 0; i < container.others; i++) {
      left.add(2 + i);
    }
    boolean settled = left.isEmpty() && rng.chance(0.9);
    container.others = rng.chance(0.8) ? 0 : rng.nextInt(container.others + 1);
    input(new SupervisorInput.TreeKilled(id, left, settled));
  }

  private void call(SupervisorCall call) {
    input(new SupervisorInput.Called(call));
  }

  private void input(SupervisorInput input) {
    tick();
    core.on(input, now, queue::add);
    flush();
  }

  private void tick() {
    core.onTime(now, queue::add);
    flush();
  }

  private void flush() {
    List<SupervisorEffect> effects = List.copyOf(queue);
    queue.clear();
    effects.forEach(this::carryOut);
  }

  private void carryOut(SupervisorEffect effect) {
    switch (effect) {
      case SupervisorEffect.Spawn spawn -> {
        String id = spawn.launch().getContainerId();
        assertFalse(real.containsKey(id), "two processes for " + id);
        assertFalse(stopping, "launched while stopping");
        real.put(id, new Real());
        spawning++;
      }
      case SupervisorEffect.WatchExit watch -> assertTrue(real.get(watch.containerId()).mainAlive);
      case SupervisorEffect.KillTree kill -> {
        Real container = real.get(kill.containerId());
        assertNotNull(container);
        assertFalse(container.killAsked, "two looks at once");
        assertTrue(container.destroyAsked || stopping, "killed unasked");
        container.killAsked = true;
      }
      case SupervisorEffect.SignalMain signal ->
          assertTrue(real.get(signal.containerId()).startedTold);
      case SupervisorEffect.SignalTree signal ->
          assertTrue(real.get(signal.containerId()).startedTold);
      case SupervisorEffect.Forget forget -> {
        Real container = real.get(forget.containerId());
        assertTrue(container.mainReaped, "forgotten while it runs");
        assertEquals(0, container.others, "forgotten while something is left");
        assertFalse(container.killAsked, "forgotten during a look");
      }
      case SupervisorEffect.Report report -> reported(report.event());
      case SupervisorEffect.Stopped ignored -> stopped++;
    }
  }

  private void reported(SupervisorEvent event) {
    switch (event.getEventCase()) {
      case STARTED -> {
        Real container = real.get(event.getStarted().getContainerId());
        assertFalse(container.spawning);
        container.startedTold = true;
      }
      case EXITED -> {
        Real container = real.get(event.getExited().getContainerId());
        assertTrue(container.startedTold && container.mainReaped);
        container.exitedTold = true;
      }
      case LAUNCH_FAILED -> {
        launchFailuresTold++;
        assertFalse(real.containsKey(event.getLaunchFailed().getContainerId()));
      }
      case DESTROYED -> {
        String id = event.getDestroyed().getContainerId();
        Real container = real.remove(id);
        assertTrue(container == null || container.exitedTold, "destroyed before exited: " + id);
      }
      case CONTAINERS -> assertEquals(core.size(), event.getContainers().getContainersCount());
      case WATCHED, REFUSED, DESTROY_STUCK -> {}
      case EVENT_NOT_SET -> throw new AssertionError("an event of no type");
    }
  }

  private void check() {
    assertTrue(spawning <= SupervisorCore.MAX_SPAWNING);
    assertTrue(core.size() >= real.size());
  }
}
