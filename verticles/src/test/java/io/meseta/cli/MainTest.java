package io.meseta.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract of the command line, as far as no server is started. */
class MainTest {
  private record Outcome(int code, String out, String err) {}

  private static Outcome run(String... args) {
    return run(Map.of(), args);
  }

  private static Outcome run(Map<String, String> environment, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        new Main(
                environment,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8))
            .run(args);
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    "'local --prot=1', '--prot: unknown flag, did you mean --port?'",
    "'local --port=x', '--port: ''x'' is not a whole number'",
    "'local --port=70000', '--port: ''70000'' is not between 0 and 65535'",
    "'local --agents=0', '--agents: ''0'' is not between 1 and 1000'",
    "'local --keep --no-keep', '--keep: given together with --no-keep'",
    "'local --allocation_interval=soon', '--allocation_interval: ''soon'' is not a duration'",
    "'local extra', 'unexpected word ''extra'''",
    "'locl', 'unknown command ''locl'''",
    "'execute --name=a --command=true', '--master: is required'",
    "'execute --master=nowhere --name=a --command=true', '--master: master ''nowhere'' is not HOST:PORT'",
    "'execute --master=h:1 --name=a --command=true --env={}x', '--env: not JSON'",
    "'execute --master=h:1 --name=a --command=true --env=[]', '--env: must be a JSON object'",
    "'execute --master=h:1 --name=a --command=true --resources=cpus', '--resources: '",
    "'execute --master=h:1 --name=a --command=true --instances=none', '--instances: ''none'''",
    "'local --config=/nowhere/at/all', '--config: cannot read /nowhere/at/all'",
    "'local --logging_level=file:///nowhere', '--logging_level: cannot read file:///nowhere'",
    "'completion fish', 'completion: name the shell'",
    "'help nothing', 'unknown command ''nothing'''"
  })
  void aWrongCommandLineIsOneLineWithFlagAndReasonAndExitsWith2(String line, String expected) {
    Outcome outcome = run(line.split(" "));
    assertEquals(2, outcome.code(), outcome.err());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
    assertTrue(outcome.err().contains(expected), outcome.err());
    assertEquals("", outcome.out());
  }

  @Test
  void helpNamesEveryCommandAndEveryFlagWithItsDefault() {
    Outcome all = run("help");
    assertEquals(0, all.code());
    for (String command : List.of("local", "execute", "help", "completion")) {
      assertTrue(all.out().contains(command), all.out());
    }
    Outcome local = run("local", "--help");
    assertEquals(0, local.code());
    for (String text : List.of("--port", "5050", "--agents", "--demo", "--work_dir", "--keep")) {
      assertTrue(local.out().contains(text), local.out());
    }
    assertEquals(local.out(), run("help", "local").out());
    assertEquals(2, run().code());
  }

  @Test
  void versionAndCompletionGoToStdout() {
    assertTrue(run("--version").out().startsWith("meseta "));
    Outcome bash = run("completion", "bash");
    assertEquals(0, bash.code());
    assertTrue(bash.out().contains("--allocation_interval"));
    assertTrue(run("completion", "zsh").out().startsWith("autoload"));
  }

  @Test
  void anUnreachableMasterOfExecuteIsTriedUntilKillAfter() {
    Outcome outcome =
        run("execute", "--master=127.0.0.1:1", "--name=a", "--command=true", "--kill_after=300ms");
    assertEquals(1, outcome.code(), outcome.err());
  }

  @Test
  void theEnvironmentSetsFlagsAndOursWins() {
    assertTrue(run(Map.of("MESETA_PORT", "x"), "local").err().contains("--port: 'x'"));
    assertTrue(run(Map.of("MESOS_PORT", "y"), "local").err().contains("--port: 'y'"));
    assertTrue(run(Map.of("MESETA_PORT", "x", "MESOS_PORT", "y"), "local").err().contains("'x'"));
    assertTrue(run(Map.of("MESETA_PORT", "x"), "local", "--port=z").err().contains("'z'"));
  }
}
