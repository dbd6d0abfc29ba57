package io.meseta.isolation.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.isolation.api.SupervisorCalls;
import io.meseta.schema.internal.v1.SupervisorCall;
import io.meseta.schema.internal.v1.SupervisorEvent;
import io.meseta.schema.internal.v1.SupervisorEvent.LaunchFailed;
import io.meseta.schema.internal.v1.SupervisorEvent.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The supervisor's decisions: single rules, then any order of anything. */
final class SupervisorCoreTest {
  private static final int SEEDS = 300;
  private static final int STEPS = 400;
  private static final long SECOND = 1_000_000_000L;

  private final SupervisorCore core = new SupervisorCore();
  private final List<SupervisorEffect> effects = new ArrayList<>();
  private long now = SECOND;

  @Test
  void holdsInAnyOrderOfEvents() {
    for (long seed = 0; seed < SEEDS; seed++) {
      SupervisorWorld world = new SupervisorWorld(seed);
      try {
        for (int i = 0; i < STEPS; i++) {
          world.step();
        }
        world.stop();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  @Test
  void launchesBeyondTheBoundWaitTheirTurn() {
    for (int i = 0; i <= SupervisorCore.MAX_SPAWNING; i++) {
      on(launch("c" + i));
    }
    assertEquals(SupervisorCore.MAX_SPAWNING, count(SupervisorEffect.Spawn.class));

    on(new SupervisorInput.Spawned("c0", 100, 7));

    assertEquals(SupervisorCore.MAX_SPAWNING + 1, count(SupervisorEffect.Spawn.class));
  }

  @Test
  void containersBeyondTheBoundFail() {
    IntStream.range(0, SupervisorCore.MAX_CONTAINERS).forEach(i -> on(launch("c" + i)));
    effects.clear();

    on(launch("one-more"));

    SupervisorEvent.LaunchFailed failed = reported().getLaunchFailed();
    assertEquals(LaunchFailed.Reason.EXHAUSTED, failed.getReason());
    assertEquals("there are already 10000 containers", failed.getMessage());
    assertEquals(SupervisorCore.MAX_CONTAINERS, core.size());
  }

  @Test
  void signalsBeyondTheBoundBeforeTheStartAreRefused() {
    on(launch("a"));
    for (int i = 0; i < SupervisorCore.MAX_EARLY_SIGNALS; i++) {
      on(SupervisorCalls.signal("a", 10, false));
    }
    effects.clear();

    on(SupervisorCalls.signal("a", 10, false));

    assertEquals("a", reported().getRefused().getContainerId());
    on(new SupervisorInput.Spawned("a", 100, 7));
    assertEquals(SupervisorCore.MAX_EARLY_SIGNALS, count(SupervisorEffect.SignalMain.class));
  }

  @Test
  void anIdInUseIsRefusedAndTheFirstOneKept() {
    on(launch("a"));
    effects.clear();

    on(launch("a"));

    assertEquals(Refused.Reason.CONTAINER_IN_USE, reported().getRefused().getReason());
    assertEquals(1, core.size());
  }

  @Test
  void aContainerDestroyedWhileItWaitsNeverStarts() {
    for (int i = 0; i <= SupervisorCore.MAX_SPAWNING; i++) {
      on(launch("c" + i));
    }
    String last = "c" + SupervisorCore.MAX_SPAWNING;
    effects.clear();

    on(SupervisorCalls.destroy(last));

    assertEquals(
        LaunchFailed.Reason.DESTROYED,
        ((SupervisorEffect.Report) effects.get(0)).event().getLaunchFailed().getReason());
    assertEquals(
        last, ((SupervisorEffect.Report) effects.get(1)).event().getDestroyed().getContainerId());
    effects.clear();
    on(new SupervisorInput.Spawned("c0", 100, 7));
    assertEquals(0, count(SupervisorEffect.Spawn.class));
  }

  @Test
  void aContainerDestroyedWhileItStartsIsKilledAsSoonAsItRuns() {
    on(launch("a"));
    on(SupervisorCalls.destroy("a"));
    assertEquals(0, count(SupervisorEffect.KillTree.class));

    on(new SupervisorInput.Spawned("a", 100, 7));

    assertEquals(1, count(SupervisorEffect.KillTree.class));
  }

  @Test
  void aDestroyThatTakesLongIsToldOnceAndGoesOn() {
    on(launch("a"));
    on(new SupervisorInput.Spawned("a", 100, 7));
    on(SupervisorCalls.destroy("a"));
    int looks = 0;
    while (now < 200 * SECOND) {
      on(new SupervisorInput.TreeKilled("a", List.of(100), false));
      now = core.wakeUpNanos();
      core.onTime(now, effects::add);
      looks++;
    }

    List<SupervisorEvent.DestroyStuck> stuck =
        effects.stream()
            .filter(SupervisorEffect.Report.class::isInstance)
            .map(effect -> ((SupervisorEffect.Report) effect).event())
            .filter(SupervisorEvent::hasDestroyStuck)
            .map(SupervisorEvent::getDestroyStuck)
            .toList();
    assertEquals(1, stuck.size());
    assertEquals(List.of(100), stuck.getFirst().getPidsList());
    assertTrue(looks > 500 && looks < 700, "looks: " + looks);
    // It still ends when the process does.
    on(new SupervisorInput.TreeKilled("a", List.of(), true));
    on(new SupervisorInput.MainExited("a", 9));
    core.onTime(now += 100 * SECOND, effects::add);
    on(new SupervisorInput.TreeKilled("a", List.of(), true));
    assertEquals(0, core.size());
  }

  @Test
  void destroyingAnUnknownContainerIsDone() {
    on(SupervisorCalls.destroy("a"));

    assertEquals("a", reported().getDestroyed().getContainerId());
  }

  @ParameterizedTest
  @CsvSource({"a,0", "a,65", "a,-1"})
  void signalsThatDoNotExistAreRefused(String id, int signal) {
    on(launch(id));
    effects.clear();

    on(SupervisorCalls.signal(id, signal, true));

    assertEquals(Refused.Reason.INVALID_CALL, reported().getRefused().getReason());
    assertEquals("'signal' must be 1 to 64, not " + signal, reported().getRefused().getMessage());
  }

  @Test
  void signalsToUnknownContainersAreRefused() {
    on(SupervisorCalls.signal("a", 15, true));

    assertEquals(Refused.Reason.UNKNOWN_CONTAINER, reported().getRefused().getReason());
  }

  @Test
  void wrongCallsNameTheField() {
    assertEquals(
        "'container_id' must not be empty", refusal(valid("").build()).getRefused().getMessage());
    assertEquals(
        "'container_id' must not be longer than 1024 characters",
        refusal(valid("x".repeat(1025)).build()).getRefused().getMessage());
    assertEquals(
        "'executable' must not be empty or contain a NUL character",
        failure(valid("a").setExecutable("")));
    assertEquals(
        "'argv[1]' must not contain a NUL character",
        failure(valid("a").addArgv("x").addArgv("y\0z")));
    assertEquals(
        "'environment' has the invalid name 'A=B'",
        failure(valid("a").addEnvironment(SupervisorFixture.variable("A=B", ""))));
    assertEquals(
        "'environment' variable 'A' must not contain a NUL character",
        failure(valid("a").addEnvironment(SupervisorFixture.variable("A", "\0"))));
    assertEquals(
        "'environment' sets 'A' twice",
        failure(
            valid("a")
                .addEnvironment(SupervisorFixture.variable("A", "1"))
                .addEnvironment(SupervisorFixture.variable("A", "2"))));
    assertEquals(
        "'working_directory' must be an absolute path, not 'tmp'",
        failure(valid("a").setWorkingDirectory("tmp")));
    assertEquals(
        "'stderr_path' must be an absolute path, not ''", failure(valid("a").setStderrPath("")));
    assertEquals(
        "the call is of an unknown type",
        refusal(SupervisorCall.getDefaultInstance()).getRefused().getMessage());
    assertEquals(0, core.size());
    assertFalse(effects.stream().anyMatch(SupervisorEffect.Spawn.class::isInstance));
  }

  private String failure(SupervisorCall.Launch.Builder launch) {
    effects.clear();
    on(SupervisorCall.newBuilder().setLaunch(launch).build());
    assertEquals(LaunchFailed.Reason.INVALID_CALL, reported().getLaunchFailed().getReason());
    return reported().getLaunchFailed().getMessage();
  }

  private SupervisorEvent refusal(SupervisorCall.Launch launch) {
    return refusal(SupervisorCall.newBuilder().setLaunch(launch).build());
  }

  private SupervisorEvent refusal(SupervisorCall call) {
    effects.clear();
    on(call);
    return reported();
  }

  private static SupervisorCall launch(String id) {
    return SupervisorCall.newBuilder().setLaunch(valid(id)).build();
  }

  private static SupervisorCall.Launch.Builder valid(String id) {
    return SupervisorCall.Launch.newBuilder()
        .setContainerId(id)
        .setExecutable("/bin/true")
        .setWorkingDirectory("/")
        .setStdoutPath("/out")
        .setStderrPath("/err");
  }

  private void on(SupervisorCall call) {
    on(new SupervisorInput.Called(call));
  }

  private void on(SupervisorInput input) {
    core.on(input, now, effects::add);
  }

  private long count(Class<? extends SupervisorEffect> type) {
    return effects.stream().filter(type::isInstance).count();
  }

  private SupervisorEvent reported() {
    assertEquals(1, effects.size(), effects::toString);
    return ((SupervisorEffect.Report) effects.getFirst()).event();
  }
}
