package io.meseta.agent.core;

import static io.meseta.agent.core.AgentFixture.framework;
import static io.meseta.agent.core.AgentFixture.scalar;
import static io.meseta.agent.core.AgentFixture.task;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.meseta.schema.v1.CommandInfo;
import io.meseta.schema.v1.DurationInfo;
import io.meseta.schema.v1.Environment;
import io.meseta.schema.v1.ExecutorInfo;
import io.meseta.schema.v1.KillPolicy;
import io.meseta.schema.v1.Label;
import io.meseta.schema.v1.Labels;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.testing.Scenario;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** the executor that the agent makes up. */
class CommandTaskTest {
  @Test
  @Scenario({"X-1", "SlaveTest.GetExecutorInfo"})
  @SuppressWarnings("deprecation") // 'source' is deprecated, but existing readers look for it.
  void itHasTheTasksIdAndItsOwnResources() {
    TaskInfo task =
        task("t1")
            .clearResources()
            .addResources(
                scalar("cpus", 1)
                    .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole("web")))
            .setLabels(Labels.newBuilder().addLabels(Label.newBuilder().setKey("a").setValue("b")))
            .setCommand(
                CommandInfo.newBuilder()
                    .setValue("sleep 100")
                    .setUser("daemon")
                    .setEnvironment(Environment.getDefaultInstance()))
            .build();
    ExecutorInfo executor = executor(task);
    assertEquals("t1", executor.getExecutorId().getValue());
    assertEquals("t1", executor.getSource());
    assertEquals("Command Executor (Task: t1) (Command: sh -c 'sleep 100')", executor.getName());
    assertEquals(
        List.of("cpus=0.1 web", "mem=32.0 web"),
        executor.getResourcesList().stream()
            .map(
                it ->
                    it.getName()
                        + "="
                        + it.getScalar().getValue()
                        + " "
                        + it.getAllocationInfo().getRole())
            .toList());
    assertEquals("daemon", executor.getCommand().getUser());
    assertEquals(task.getLabels(), executor.getLabels());
  }

  @Test
  @Scenario("X-1")
  void longCommandsAreCutInItsName() {
    assertEquals("sh -c '123456789012345'", shown(shell("123456789012345")));
    assertEquals("sh -c '123456789012...'", shown(shell("1234567890123456")));
    assertEquals(
        "[/bin/echo, echo, hi]",
        shown(
            CommandInfo.newBuilder()
                .setShell(false)
                .setValue("/bin/echo")
                .addArguments("echo")
                .addArguments("hi")));
    assertEquals("NO EXECUTABLE", shown(CommandInfo.newBuilder().setShell(false)));
  }

  @Test
  @Scenario({"E-7", "SlaveTest.CommandTaskWithKillPolicy"})
  void itsGracePeriodLeavesTwoSecondsToReport() {
    TaskInfo.Builder task = task("t1");
    assertEquals(Duration.ofSeconds(5), grace(executor(task.build())));
    task.setKillPolicy(
        KillPolicy.newBuilder()
            .setGracePeriod(
                DurationInfo.newBuilder().setNanoseconds(Duration.ofSeconds(20).toNanos())));
    assertEquals(Duration.ofSeconds(22), grace(executor(task.build())));
    assertEquals(Duration.ofSeconds(20), CommandTask.taskGrace(Duration.ofSeconds(22)));
    assertEquals(Duration.ZERO, CommandTask.taskGrace(Duration.ofSeconds(1)));
  }

  private static ExecutorInfo executor(TaskInfo task) {
    return CommandTask.executor(framework().build(), task, Duration.ofSeconds(5));
  }

  private static Duration grace(ExecutorInfo executor) {
    return Duration.ofNanos(executor.getShutdownGracePeriod().getNanoseconds());
  }

  private static CommandInfo.Builder shell(String value) {
    return CommandInfo.newBuilder().setValue(value);
  }

  private static String shown(CommandInfo.Builder command) {
    String name = executor(task("t1").setCommand(command).build()).getName();
    String before = "Command Executor (Task: t1) (Command: ";
    return name.substring(before.length(), name.length() - 1);
  }
}
