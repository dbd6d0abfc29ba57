package io.meseta.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.isolation.containers.CommandLine;
import io.meseta.isolation.containers.WaitStatus;
import io.meseta.kernel.Rng;
import io.meseta.schema.internal.v1.BuiltInExecutorState;
import io.meseta.schema.internal.v1.BuiltInExecutorState.Phase;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.CheckInfo;
import io.meseta.schema.v1.CheckStatusInfo;
import io.meseta.schema.v1.CommandInfo;
import io.meseta.schema.v1.DurationInfo;
import io.meseta.schema.v1.KillPolicy;
import io.meseta.schema.v1.TaskID;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.testing.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** states, messages and the escalation of kills. */
class CommandExecutorTest {
  private static final int SIGTERM = 15;
  private static final int SIGKILL = 9;

  private final List<ExecutorEffect> effects = new ArrayList<>();
  private long nowNanos = 1_750_000_000_000_000_000L;
  private CommandExecutor executor = executor(task().build(), true);

  @Test
  @Scenario("X-2")
  void aTaskIsStartingAndRunningAsSoonAsItsProcessExists() {
    launch();
    assertEquals(List.of(), states());
    assertEquals(List.of("sh", "-c", "sleep 100"), spawned().argv());
    started();
    assertEquals(List.of(TaskState.TASK_STARTING, TaskState.TASK_RUNNING), states());
    assertEquals(Phase.RUNNING, executor.phase());
  }

  @Test
  @Scenario("X-3")
  void exitZeroIsFinished() {
    running();
    exited(WaitStatus.ofExit(0));
    TaskStatus status = lastStatus();
    assertEquals(TaskState.TASK_FINISHED, status.getState());
    assertEquals("Command exited with status 0", status.getMessage());
    assertFalse(status.hasReason());
    assertTrue(effects.contains(new ExecutorEffect.Done("")));
  }

  @Test
  @Scenario("X-3")
  void anotherExitStatusOrASignalIsFailed() {
    running();
    exited(WaitStatus.ofExit(3));
    assertEquals(TaskState.TASK_FAILED, lastStatus().getState());
    assertEquals("Command exited with status 3", lastStatus().getMessage());

    executor = executor(task().build(), true);
    running();
    exited(WaitStatus.ofSignal(SIGKILL));
    assertEquals(TaskState.TASK_FAILED, lastStatus().getState());
    assertEquals("Command terminated with signal Killed", lastStatus().getMessage());
  }

  @Test
  @Scenario({"X-4", "CommandExecutorTest.TaskKillingCapability"})
  void aKillIsAnnouncedToFrameworksThatKnowTheState() {
    running();
    kill(Optional.empty());
    assertEquals(List.of(TaskState.TASK_KILLING), states());
    assertEquals(List.of(SIGTERM), signals());
    exited(WaitStatus.ofExit(0));
    assertEquals(TaskState.TASK_KILLED, lastStatus().getState(), "whatever the exit status");
  }

  @Test
  @Scenario({"X-4", "CommandExecutorTest.NoTaskKillingCapability"})
  void aKillIsNotAnnouncedToOthers() {
    executor = executor(task().build(), false);
    running();
    kill(Optional.empty());
    assertEquals(List.of(), states());
    exited(WaitStatus.ofSignal(SIGTERM));
    assertEquals(List.of(TaskState.TASK_KILLED), states());
    assertEquals("Command terminated with signal Terminated", lastStatus().getMessage());
  }

  @Test
  @Scenario("X-4")
  void theGracePeriodIsTheCallsOrElseTheTasksOrElseThreeSeconds() {
    running();
    kill(Optional.empty());
    assertEquals(nowNanos + seconds(3), executor.wakeUpNanos());

    executor = executor(task().setKillPolicy(grace(7)).build(), true);
    running();
    kill(Optional.empty());
    assertEquals(nowNanos + seconds(7), executor.wakeUpNanos());

    executor = executor(task().setKillPolicy(grace(7)).build(), true);
    running();
    kill(Optional.of(Duration.ofSeconds(1)));
    assertEquals(nowNanos + seconds(1), executor.wakeUpNanos());
  }

  @Test
  @Scenario("X-4")
  void whenTheGraceIsOverEverythingIsKilled() {
    running();
    kill(Optional.of(Duration.ofSeconds(1)));
    effects.clear();
    advance(Duration.ofMillis(999));
    assertEquals(List.of(), signals());
    advance(Duration.ofMillis(1));
    assertEquals(List.of(SIGKILL), signals());
    assertEquals(Phase.ESCALATED, executor.phase());
    advance(Duration.ofHours(1));
    assertEquals(List.of(SIGKILL), signals(), "once");
    exited(WaitStatus.ofSignal(SIGKILL));
    assertEquals("Command terminated with signal Killed", lastStatus().getMessage());
    assertEquals(TaskState.TASK_KILLED, lastStatus().getState());
  }

  @Test
  @Scenario({"X-4", "S-20"})
  void aSecondKillOnlyShortensTheTimeCountedFromTheFirst() {
    running();
    kill(Optional.of(Duration.ofSeconds(10)));
    long firstNanos = nowNanos;
    advance(Duration.ofSeconds(2));
    effects.clear();

    kill(Optional.of(Duration.ofSeconds(20)));
    assertEquals(firstNanos + seconds(10), executor.wakeUpNanos(), "longer is ignored");
    kill(Optional.of(Duration.ofSeconds(5)));
    assertEquals(firstNanos + seconds(5), executor.wakeUpNanos());
    assertEquals(List.of(), signals(), "no second SIGTERM");
    assertEquals(List.of(), states(), "no second TASK_KILLING");
    kill(Optional.of(Duration.ofSeconds(1)));
    assertEquals(List.of(SIGKILL), signals(), "that time is over already");
  }

  @Test
  @Scenario({"X-30", "CommandExecutorTest.MaxCompletionTime"})
  void aTaskThatRunsTooLongFailsWithoutGraceAndWithoutKilling() {
    executor = executor(task().setMaxCompletionTime(nanos(seconds(5))).build(), true);
    running();
    advance(Duration.ofSeconds(5));
    assertEquals(List.of(SIGTERM), signals());
    advance(Duration.ZERO);
    assertEquals(List.of(SIGTERM, SIGKILL), signals());
    assertEquals(List.of(), states());
    exited(WaitStatus.ofSignal(SIGTERM));
    assertEquals(TaskState.TASK_FAILED, lastStatus().getState());
    assertEquals(TaskStatus.Reason.REASON_MAX_COMPLETION_TIME_REACHED, lastStatus().getReason());
  }

  @Test
  @Scenario("X-30")
  void aKillCancelsTheCompletionTimer() {
    executor = executor(task().setMaxCompletionTime(nanos(seconds(5))).build(), true);
    running();
    kill(Optional.of(Duration.ofSeconds(100)));
    advance(Duration.ofSeconds(50));
    assertEquals(List.of(SIGTERM), signals());
    exited(WaitStatus.ofSignal(SIGTERM));
    assertEquals(TaskState.TASK_KILLED, lastStatus().getState());
  }

  @Test
  @Scenario("X-4")
  void aShutdownIsAKillWithTheGivenGrace() {
    running();
    input(new ExecutorInput.Shutdown(Duration.ofSeconds(2)));
    assertEquals(List.of(SIGTERM), signals());
    assertEquals(nowNanos + seconds(2), executor.wakeUpNanos());
  }

  @Test
  void aProgramThatCannotBeExecutedLooksLikeAFailedOne() {
    // Recorded from upstream: task-argv-bad.
    launch();
    input(new ExecutorInput.NotExecutable("Failed to execute '/no/such/file': ENOENT"));
    assertEquals(
        List.of(TaskState.TASK_STARTING, TaskState.TASK_RUNNING, TaskState.TASK_FAILED), states());
    assertEquals("Command exited with status 1", lastStatus().getMessage());
    assertTrue(
        effects.contains(new ExecutorEffect.Tell("Failed to execute '/no/such/file': ENOENT")));
  }

  @Test
  void aCommandWithoutValueEndsTheExecutorAfterItHasBegun() {
    // Recorded from upstream: task-shell-no-value.
    executor = executor(task().setCommand(CommandInfo.getDefaultInstance()).build(), true);
    launch();
    assertEquals(List.of(TaskState.TASK_STARTING), states());
    assertEquals(Phase.TERMINATED, executor.phase());
    assertEquals(
        1,
        effects.stream()
            .filter(e -> e instanceof ExecutorEffect.Done done && !done.abnormal().isEmpty())
            .count());
  }

  @Test
  @Scenario("H-6")
  void theKindOfACheckIsKnownFromTheFirstStatus() {
    executor =
        executor(task().setCheck(CheckInfo.newBuilder().setType(CheckInfo.Type.TCP)).build(), true);
    running();
    exited(WaitStatus.ofExit(0));
    assertEquals(
        CheckStatusInfo.newBuilder()
            .setType(CheckInfo.Type.TCP)
            .setTcp(CheckStatusInfo.Tcp.getDefaultInstance())
            .build(),
        lastStatus().getCheckStatus());
  }

  @Test
  void everyStatusHasItsOwnUuidAndNamesTaskAndExecutor() {
    launch();
    started();
    exited(WaitStatus.ofExit(0));
    List<TaskStatus> statuses = statuses();
    assertEquals(3, statuses.stream().map(TaskStatus::getUuid).distinct().count());
    for (TaskStatus status : statuses) {
      assertEquals(16, status.getUuid().size());
      assertEquals("task-1", status.getExecutorId().getValue());
      assertEquals(TaskStatus.Source.SOURCE_EXECUTOR, status.getSource());
      assertEquals(nowNanos / 1e9, status.getTimestamp());
    }
  }

  @Test
  void aRestartedExecutorKeepsItsDeadlines() {
    TaskInfo task = task().setMaxCompletionTime(nanos(seconds(60))).build();
    executor = executor(task, true);
    running();
    long dueNanos = executor.wakeUpNanos();
    CommandExecutor again = recovered(task);
    assertEquals(dueNanos, again.wakeUpNanos());
    assertEquals(4711, again.pid());

    kill(Optional.of(Duration.ofSeconds(10)));
    again = recovered(task);
    assertEquals(nowNanos + seconds(10), again.wakeUpNanos());
    executor = again;
    effects.clear();
    kill(Optional.of(Duration.ofSeconds(4)));
    assertEquals(nowNanos + seconds(4), executor.wakeUpNanos());
    exited(WaitStatus.ofSignal(SIGTERM));
    assertEquals(TaskState.TASK_KILLED, lastStatus().getState());
  }

  @Test
  void aGracePeriodOfCenturiesDoesNotOverflow() {
    running();
    kill(Optional.of(Duration.ofNanos(Long.MAX_VALUE)));
    advance(Duration.ofDays(365));
    assertEquals(List.of(SIGTERM), signals());
  }

  private CommandExecutor recovered(TaskInfo task) {
    BuiltInExecutorState state =
        effects.stream()
            .filter(ExecutorEffect.Checkpoint.class::isInstance)
            .map(e -> ((ExecutorEffect.Checkpoint) e).state())
            .reduce((first, second) -> second)
            .or(() -> Optional.ofNullable(lastCheckpoint))
            .orElseThrow();
    lastCheckpoint = state;
    return CommandExecutor.recovered(task, true, Rng.seeded(2), state);
  }

  private BuiltInExecutorState lastCheckpoint = BuiltInExecutorState.getDefaultInstance();

  private static CommandExecutor executor(TaskInfo task, boolean reportsKilling) {
    return new CommandExecutor(task, reportsKilling, Rng.seeded(1));
  }

  private static TaskInfo.Builder task() {
    return TaskInfo.newBuilder()
        .setName("task")
        .setTaskId(TaskID.newBuilder().setValue("task-1"))
        .setAgentId(AgentID.newBuilder().setValue("agent"))
        .setCommand(CommandInfo.newBuilder().setValue("sleep 100"));
  }

  private static KillPolicy grace(long seconds) {
    return KillPolicy.newBuilder().setGracePeriod(nanos(seconds(seconds))).build();
  }

  private static DurationInfo nanos(long nanos) {
    return DurationInfo.newBuilder().setNanoseconds(nanos).build();
  }

  private static long seconds(long seconds) {
    return seconds * 1_000_000_000L;
  }

  private void input(ExecutorInput input) {
    executor.on(input, nowNanos, effects::add);
  }

  private void launch() {
    effects.clear();
    input(new ExecutorInput.Launch());
  }

  private void started() {
    input(new ExecutorInput.Started(4711));
  }

  /** Up to RUNNING; what was emitted on the way is forgotten, except for checkpoints. */
  private void running() {
    launch();
    started();
    effects.removeIf(effect -> !(effect instanceof ExecutorEffect.Checkpoint));
  }

  private void kill(Optional<Duration> gracePeriod) {
    input(new ExecutorInput.Kill(gracePeriod));
  }

  private void exited(WaitStatus status) {
    input(new ExecutorInput.Exited(status));
  }

  private void advance(Duration duration) {
    nowNanos += duration.toNanos();
    executor.onTime(nowNanos, effects::add);
  }

  private List<TaskStatus> statuses() {
    return effects.stream()
        .filter(ExecutorEffect.Update.class::isInstance)
        .map(effect -> ((ExecutorEffect.Update) effect).status())
        .toList();
  }

  private TaskStatus lastStatus() {
    return statuses().getLast();
  }

  private List<TaskState> states() {
    return statuses().stream().map(TaskStatus::getState).toList();
  }

  private List<Integer> signals() {
    return effects.stream()
        .filter(ExecutorEffect.Signal.class::isInstance)
        .map(effect -> ((ExecutorEffect.Signal) effect).signal())
        .toList();
  }

  private CommandLine spawned() {
    return effects.stream()
        .filter(ExecutorEffect.Spawn.class::isInstance)
        .map(effect -> ((ExecutorEffect.Spawn) effect).commandLine())
        .findFirst()
        .orElseThrow();
  }
}
