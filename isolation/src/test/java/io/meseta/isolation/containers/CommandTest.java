package io.meseta.isolation.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.meseta.schema.v1.CommandInfo;
import io.meseta.schema.v1.Environment;
import io.meseta.testing.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Command lines and environments, as tasks ask for them. */
final class CommandTest {
  private static final AgentVariables AGENT =
      new AgentVariables(
          "framework-1",
          "task-1",
          "agent-1",
          Path.of("/sandbox"),
          "10.0.0.1:5051",
          Duration.ofSeconds(5),
          Optional.empty(),
          Optional.of("web"));

  @Test
  @Scenario("L-11")
  void aShellCommandRunsInTheShellAndIgnoresArguments() {
    CommandInfo command =
        CommandInfo.newBuilder().setValue("echo $HOME | wc").addArguments("ignored").build();

    assertEquals(
        new CommandLine("/bin/sh", List.of("sh", "-c", "echo $HOME | wc")),
        CommandLine.of(command));
  }

  @Test
  @Scenario("L-11")
  void anExecutableGetsItsArgumentsAsArgv() {
    CommandInfo command =
        CommandInfo.newBuilder()
            .setShell(false)
            .setValue("/bin/busybox")
            .addArguments("ls")
            .addArguments("-l")
            .build();

    assertEquals(new CommandLine("/bin/busybox", List.of("ls", "-l")), CommandLine.of(command));
  }

  @Test
  void anExecutableWithoutArgumentsGetsItsName() {
    CommandInfo command = CommandInfo.newBuilder().setShell(false).setValue("true").build();

    assertEquals(new CommandLine("true", List.of("true")), CommandLine.of(command));
  }

  @Test
  void commandsThatCannotRunNameTheField() {
    assertEquals(
        Optional.of("'CommandInfo.value' is required: the shell command to run"),
        CommandLine.invalid(CommandInfo.getDefaultInstance()));
    assertEquals(
        Optional.of("'CommandInfo.value' is required: the executable to run when 'shell' is false"),
        CommandLine.invalid(CommandInfo.newBuilder().setShell(false).build()));
    assertEquals(
        Optional.of("'CommandInfo.value' must not contain a NUL character"),
        CommandLine.invalid(CommandInfo.newBuilder().setValue("a\0b").build()));
    CommandInfo nul =
        CommandInfo.newBuilder().setShell(false).setValue("a").addArguments("b\0").build();
    assertEquals(
        Optional.of("'CommandInfo.arguments[0]' must not contain a NUL character"),
        CommandLine.invalid(nul));
    assertThrows(IllegalArgumentException.class, () -> CommandLine.of(nul));
  }

  @Test
  @Scenario({"L-2", "E-8"})
  void anEnvironmentHoldsWhatTheAgentSaysAndAPath() {
    TaskEnvironment environment =
        TaskEnvironment.of(AGENT, Map.of(), Environment.getDefaultInstance());

    assertEquals(
        Map.ofEntries(
            Map.entry("MESOS_FRAMEWORK_ID", "framework-1"),
            Map.entry("MESOS_EXECUTOR_ID", "task-1"),
            Map.entry("MESOS_SLAVE_ID", "agent-1"),
            Map.entry("MESOS_SLAVE_PID", "slave(1)@10.0.0.1:5051"),
            Map.entry("MESOS_AGENT_ENDPOINT", "10.0.0.1:5051"),
            Map.entry("MESOS_DIRECTORY", "/sandbox"),
            Map.entry("MESOS_SANDBOX", "/sandbox"),
            Map.entry("MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD", "5secs"),
            Map.entry("MESOS_CHECKPOINT", "0"),
            Map.entry("MESOS_ALLOCATION_ROLE", "web"),
            Map.entry("PATH", TaskEnvironment.HOST_PATH)),
        environment.variables());
    assertEquals(List.of(), environment.overridden());
  }

  @Test
  void aCheckpointingFrameworkLearnsHowLongToWait() {
    AgentVariables agent =
        new AgentVariables(
            "f",
            "e",
            "a",
            Path.of("/sandbox"),
            "10.0.0.1:5051",
            Duration.ofSeconds(5),
            Optional.of(
                new AgentVariables.Checkpoint(Duration.ofMinutes(15), Duration.ofSeconds(2))),
            Optional.empty());

    Map<String, String> variables =
        TaskEnvironment.of(agent, Map.of(), Environment.getDefaultInstance()).variables();

    assertEquals("1", variables.get("MESOS_CHECKPOINT"));
    assertEquals("15mins", variables.get("MESOS_RECOVERY_TIMEOUT"));
    assertEquals("2secs", variables.get("MESOS_SUBSCRIPTION_BACKOFF_MAX"));
  }

  @Test
  @Scenario({"E-8", "X-6"})
  void laterSourcesWinAndAreTold() {
    TaskEnvironment environment =
        TaskEnvironment.of(
            AGENT,
            Map.of("REGION", "north", "PATH", "/bin"),
            environment("REGION", "south", "MESOS_CHECKPOINT", "0"));

    assertEquals("south", environment.variables().get("REGION"));
    assertEquals("/bin", environment.variables().get("PATH"));
    // The same value again is no surprise to anybody.
    assertEquals(List.of("REGION"), environment.overridden());
  }

  @Test
  void variablesThatCannotBeSetNameTheReason() {
    assertEquals(
        Optional.of("'Environment.Variable' 'A' must not have a NUL character in its value"),
        TaskEnvironment.invalid(environment("A", "\0")));
    assertEquals(
        Optional.of(
            "'Environment.Variable' 'A=B' must not have '=' or a NUL character in its name"),
        TaskEnvironment.invalid(environment("A=B", "")));
    assertEquals(
        Optional.of("'Environment.Variable' '' must have a name"),
        TaskEnvironment.invalid(environment("", "x")));
    assertEquals(
        Optional.of("'Environment.Variable' 'A' of type VALUE must have a value"),
        TaskEnvironment.invalid(typed(Environment.Variable.Type.VALUE)));
    assertEquals(
        Optional.of("'Environment.Variable' 'A' is a secret and this agent has no secret resolver"),
        TaskEnvironment.invalid(typed(Environment.Variable.Type.SECRET)));
    assertEquals(
        Optional.of("'Environment.Variable' 'A' has an unknown type"),
        TaskEnvironment.invalid(typed(Environment.Variable.Type.UNKNOWN)));
    assertThrows(
        IllegalArgumentException.class,
        () -> TaskEnvironment.of(AGENT, Map.of("A", "\0"), Environment.getDefaultInstance()));
  }

  private static Environment typed(Environment.Variable.Type type) {
    return Environment.newBuilder()
        .addVariables(Environment.Variable.newBuilder().setName("A").setType(type))
        .build();
  }

  private static Environment environment(String... namesAndValues) {
    Environment.Builder environment = Environment.newBuilder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      environment.addVariables(
          Environment.Variable.newBuilder()
              .setName(namesAndValues[i])
              .setValue(namesAndValues[i + 1]));
    }
    return environment.build();
  }
}
