package io.meseta.agent;

import static io.meseta.agent.ScriptedMaster.AGENT_ID;
import static io.meseta.agent.ScriptedMaster.FRAMEWORK_ID;
import static io.meseta.agent.ScriptedMaster.framework;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.v1.CommandInfo;
import io.meseta.schema.v1.DurationInfo;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.KillPolicy;
import io.meseta.schema.v1.Task;
import io.meseta.schema.v1.TaskID;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.testing.Scenario;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** An agent with real processes: what a user of one machine sees. */
@EnabledOnOs(OS.LINUX)
class AgentVerticleTest {
  private static final int PATIENCE_SECONDS = 20;

  @TempDir Path workDir;

  private final Vertx vertx =
      Vertx.vertx(
          new VertxOptions()
              .setEventLoopPoolSize(2)
              .setMaxEventLoopExecuteTime(2)
              .setMaxEventLoopExecuteTimeUnit(TimeUnit.SECONDS));
  private ScriptedMaster master = new ScriptedMaster();
  private String deployment = "";

  @BeforeEach
  void start() {
    deployment = deploy(master, Map.of());
  }

  @AfterEach
  void stop() {
    await(vertx.close());
  }

  @Test
  @Scenario({"A-24", "X-2", "X-3"})
  void aTaskRunsAndItsOutputIsInItsSandbox() throws IOException {
    run("t1", "echo hello; echo oops >&2");
    TaskStatus status = master.await("t1", TaskState.TASK_FINISHED);
    assertEquals("Command exited with status 0", status.getMessage());
    assertEquals(
        List.of(TaskState.TASK_STARTING, TaskState.TASK_RUNNING, TaskState.TASK_FINISHED),
        master.states("t1"));
    assertEquals("hello\n", Files.readString(sandbox("t1").resolve("stdout")));
    assertEquals("oops\n", Files.readString(sandbox("t1").resolve("stderr")));
    assertEquals(
        AGENT_ID.getValue(),
        workDir.resolve("slaves/latest").toRealPath().getFileName().toString());
  }

  @Test
  @Scenario("X-3")
  void aFailingTaskFailsWithItsExitStatus() {
    run("t1", "exit 3");
    assertEquals(
        "Command exited with status 3", master.await("t1", TaskState.TASK_FAILED).getMessage());
  }

  @Test
  void aMissingExecutableIsNamedInStderr() throws IOException {
    run(
        framework(),
        task("t1").setCommand(CommandInfo.newBuilder().setShell(false).setValue("/no/such/file")));
    assertEquals(
        "Command exited with status 1", master.await("t1", TaskState.TASK_FAILED).getMessage());
    Path stderr = sandbox("t1").resolve("stderr");
    awaitTrue(() -> Files.exists(stderr) && Files.readString(stderr).contains("/no/such/file"));
  }

  @Test
  @Scenario("A-24")
  void anUnknownUserIsNamed() {
    run(
        framework(),
        task("t1").setCommand(CommandInfo.newBuilder().setValue("true").setUser("no-such-user")));
    TaskStatus status = master.await("t1", TaskState.TASK_DROPPED);
    assertEquals(TaskStatus.Reason.REASON_EXECUTOR_TERMINATED, status.getReason());
    assertTrue(
        status.getMessage().startsWith("Failed to create executor directory '" + workDir),
        status.getMessage());
    assertTrue(status.getMessage().endsWith("No such user 'no-such-user'"), status.getMessage());
  }

  @Test
  @Scenario({"X-4", "S-20"})
  void aTaskIsKilledGently() throws IOException {
    run("t1", "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done");
    master.await("t1", TaskState.TASK_RUNNING);
    awaitOutput("t1", "ready");
    kill("t1", Duration.ofSeconds(20));
    master.await("t1", TaskState.TASK_KILLING);
    TaskStatus status = master.await("t1", TaskState.TASK_KILLED);
    assertEquals("Command exited with status 0", status.getMessage());
    assertEquals("ready\nbye\n", Files.readString(sandbox("t1").resolve("stdout")));
  }

  @Test
  @Scenario("X-4")
  void aTreeThatIgnoresTheKillIsKilledAfterItsGrace() throws IOException {
    run("t1", "trap '' TERM; (setsid sleep 1000 & echo $!); echo $$; sleep 1000; sleep 1000");
    master.await("t1", TaskState.TASK_RUNNING);
    awaitTrue(() -> lines("t1").size() == 2);
    List<Long> pids = lines("t1").stream().map(Long::valueOf).toList();
    kill("t1", Duration.ofMillis(100));
    assertEquals(
        "Command terminated with signal Killed",
        master.await("t1", TaskState.TASK_KILLED).getMessage());
    awaitTrue(() -> pids.stream().noneMatch(AgentVerticleTest::alive));
  }

  @Test
  @Scenario("X-30")
  void aTaskIsEndedAfterItsMaximalTime() {
    run(
        framework(),
        task("t1")
            .setCommand(CommandInfo.newBuilder().setValue("sleep 1000"))
            .setMaxCompletionTime(
                DurationInfo.newBuilder().setNanoseconds(Duration.ofMillis(200).toNanos())));
    TaskStatus status = master.await("t1", TaskState.TASK_FAILED);
    assertEquals(TaskStatus.Reason.REASON_MAX_COMPLETION_TIME_REACHED, status.getReason());
  }

  @Test
  void stoppingLeavesNoProcess() throws IOException {
    run("t1", "trap '' TERM; setsid sleep 1000 & echo $!; echo $$; sleep 1000; sleep 1000");
    awaitTrue(() -> lines("t1").size() == 2);
    List<Long> pids = lines("t1").stream().map(Long::valueOf).toList();
    long startNanos = System.nanoTime();
    await(vertx.undeploy(deployment));
    assertTrue(
        Duration.ofNanos(System.nanoTime() - startNanos).compareTo(Duration.ofSeconds(6)) < 0);
    assertTrue(pids.stream().noneMatch(AgentVerticleTest::alive));
  }

  @Test
  @Scenario({"SlaveRecoveryTest.RecoverTaskStatusUpdateManager", "U-14", "C-2"})
  void whatWasNotAcknowledgedIsSentAgainAfterARestart() {
    master.acknowledges(false);
    run(
        framework().setCheckpoint(true),
        task("t1").setCommand(CommandInfo.newBuilder().setValue("true")));
    TaskStatus starting = master.await("t1", TaskState.TASK_STARTING);
    await(vertx.undeploy(deployment));

    master = new ScriptedMaster();
    deployment = deploy(master, Map.of());
    AgentToMaster.Reregister report = master.await(AgentToMaster::hasReregister).getReregister();
    assertEquals(AGENT_ID, report.getAgentInfo().getId());
    assertEquals(
        List.of("t1"),
        report.getTasksList().stream().map(Task::getTaskId).map(TaskID::getValue).toList());
    assertEquals(starting, master.await("t1", TaskState.TASK_STARTING), "the very same update");
    master.await(
        message ->
            message.hasStatusUpdate()
                && !message.getStatusUpdate().getStatus().hasReason()
                && message.getStatusUpdate().getStatus().getState() != TaskState.TASK_STARTING);
  }

  @Test
  @Scenario("SlaveRecoveryTest.NonCheckpointingFramework")
  void nothingIsKnownOfOthersAfterARestart() {
    run("t1", "sleep 1000");
    master.await("t1", TaskState.TASK_RUNNING);
    await(vertx.undeploy(deployment));
    master = new ScriptedMaster();
    deployment = deploy(master, Map.of());
    assertEquals(0, master.await(AgentToMaster::hasReregister).getReregister().getTasksCount());
  }

  @Test
  @Scenario("C-19")
  void twoAgentsCannotShareAWorkDirectory() {
    Exception failure = assertThrows(Exception.class, () -> deploy(new ScriptedMaster(), Map.of()));
    AgentStartException start = assertInstanceOf(AgentStartException.class, cause(failure));
    assertTrue(start.getMessage().contains("--work_dir"), start.getMessage());
    assertTrue(start.getMessage().contains("in use"), start.getMessage());
  }

  @Test
  @Scenario("A-5")
  void wrongFlagsAreNamed(@TempDir Path other) {
    for (String flag : List.of("resources", "attributes")) {
      Exception failure =
          assertThrows(
              Exception.class,
              () ->
                  deploy(
                      new ScriptedMaster(),
                      Map.of(flag, "no-value", "work_dir", other.toString())));
      AgentStartException start = assertInstanceOf(AgentStartException.class, cause(failure));
      assertTrue(start.getMessage().startsWith("--" + flag + ": "), start.getMessage());
    }
  }

  @Test
  void manyTasksAtOnce() {
    int count = 100;
    for (int i = 0; i < count; i++) {
      run(
          framework().setCheckpoint(true),
          task("t" + i).setCommand(CommandInfo.newBuilder().setValue("exit 0")));
    }
    for (int i = 0; i < count; i++) {
      master.await("t" + i, TaskState.TASK_FINISHED);
      assertEquals(
          List.of(TaskState.TASK_STARTING, TaskState.TASK_RUNNING, TaskState.TASK_FINISHED),
          master.states("t" + i));
    }
  }

  private String deploy(ScriptedMaster link, Map<String, String> flags) {
    Map<String, String> texts = new HashMap<>();
    texts.put("work_dir", workDir.toString());
    texts.put("hostname", "agent1.example.org");
    texts.put("registration_backoff_factor", "1ms");
    texts.put("executor_shutdown_grace_period", "3secs");
    texts.putAll(flags);
    AgentVerticle verticle = new AgentVerticle(AgentOptions.of(texts), link);
    String id = await(vertx.deployVerticle(verticle));
    assertEquals(AGENT_ID.getValue(), await(verticle.registered()));
    return id;
  }

  private void run(String taskId, String command) {
    run(framework(), task(taskId).setCommand(CommandInfo.newBuilder().setValue(command)));
  }

  private void run(FrameworkInfo.Builder framework, TaskInfo.Builder task) {
    master.say(
        MasterToAgent.newBuilder()
            .setRunTask(
                MasterToAgent.RunTask.newBuilder()
                    .setFramework(framework)
                    .setTask(task)
                    .setLaunchExecutor(true)));
  }

  private static TaskInfo.Builder task(String taskId) {
    return TaskInfo.newBuilder()
        .setName("task")
        .setTaskId(TaskID.newBuilder().setValue(taskId))
        .setAgentId(AGENT_ID);
  }

  private void kill(String taskId, Duration grace) {
    master.say(
        MasterToAgent.newBuilder()
            .setKillTask(
                MasterToAgent.KillTask.newBuilder()
                    .setFrameworkId(FRAMEWORK_ID)
                    .setTaskId(TaskID.newBuilder().setValue(taskId))
                    .setKillPolicy(
                        KillPolicy.newBuilder()
                            .setGracePeriod(
                                DurationInfo.newBuilder().setNanoseconds(grace.toNanos())))));
  }

  private Path sandbox(String taskId) {
    return workDir.resolve(
        Path.of(
            "slaves",
            AGENT_ID.getValue(),
            "frameworks",
            FRAMEWORK_ID.getValue(),
            "executors",
            taskId,
            "runs",
            "latest"));
  }

  private void awaitOutput(String taskId, String text) {
    awaitTrue(() -> Files.readString(sandbox(taskId).resolve("stdout")).contains(text));
  }

  private List<String> lines(String taskId) throws IOException {
    Path stdout = sandbox(taskId).resolve("stdout");
    return Files.exists(stdout) ? Files.readAllLines(stdout) : List.of();
  }

  private interface Check {
    boolean holds() throws IOException;
  }

  /** Files and processes cannot be waited for in another way than by looking. */
  private static void awaitTrue(Check check) {
    long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < endNanos) {
      try {
        if (check.holds()) {
          return;
        }
      } catch (IOException e) {
        // Not there yet.
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("did not come true");
  }

  /** A process that is dead but not reaped counts as dead: its parent may be anybody. */
  private static boolean alive(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException e) {
      return false;
    }
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof AgentStartException || failure.getCause() == null
        ? failure
        : cause(failure.getCause());
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
