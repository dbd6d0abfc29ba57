package io.meseta.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What users and scripts rely on when they start {@code bin/meseta}: exit codes, one clear line,
 * nothing left behind.
 */
class LauncherIT {
  @TempDir private Path folder;

  private record Outcome(int code, String out, String err) {}

  private Outcome run(Map<String, String> environment, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Launcher.path().toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "ended within a minute");
    return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private Outcome run(String... arguments) throws Exception {
    return run(Map.of(), arguments);
  }

  @Test
  void theDemoSaysTruthfullyWhatItsTasksDidAndExitsWithZero() throws Exception {
    Outcome outcome = run("local", "--port=0", "--demo", "--exit", "--agents=2");
    assertEquals(0, outcome.code(), outcome.err() + outcome.out());
    for (String text :
        List.of(
            "hello | Hello from ",
            "count | step 3 of 3",
            "1 + 2 + … + 1000 = 500500",
            "demo: hello TASK_FINISHED",
            "demo: 4 of 4 tasks finished on ")) {
      assertTrue(outcome.out().contains(text), text + " in " + outcome.out());
    }
    assertTrue(outcome.err().contains("READY role=local url=http://127.0.0.1:"), outcome.err());
    Path state = Path.of(outcome.out().replaceAll("(?s).*sandboxes are in (\\S+).*", "$1"));
    assertFalse(Files.exists(state), "the fresh directory is removed");
  }

  @Test
  void keepLeavesTheSandboxesWithTheirOutput() throws Exception {
    Outcome outcome =
        run(
            Map.of("XDG_CACHE_HOME", folder.toString()),
            "local",
            "--port=0",
            "--demo",
            "--exit",
            "--keep");
    assertEquals(0, outcome.code(), outcome.err());
    try (Stream<Path> files = Files.walk(folder.resolve("meseta"))) {
      List<Path> outputs = files.filter(path -> path.endsWith("stdout")).toList();
      assertTrue(
          outputs.stream().anyMatch(path -> read(path).contains("step 2 of 3")),
          outputs.toString());
    }
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aPortInUseIsOneLineAndExitsWith3() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Outcome outcome = run("local", "--port=" + taken.getLocalPort(), "--logging_level=ERROR");
      assertEquals(3, outcome.code(), outcome.err());
      assertTrue(
          outcome.err().contains("--port: cannot listen on 127.0.0.1:" + taken.getLocalPort()));
      assertEquals(1, outcome.err().lines().count(), outcome.err());
    }
  }

  @Test
  void aWorkDirInUseIsOneLineAndExitsWith3() throws Exception {
    String work = "--work_dir=" + folder.resolve("state");
    try (LocalProcess first = LocalProcess.start(work)) {
      assertTrue(first.readyMillis() > 0);
      Outcome outcome = run("local", "--port=0", work, "--logging_level=ERROR");
      assertEquals(3, outcome.code(), outcome.err());
      assertTrue(outcome.err().contains("work_dir"), outcome.err());
      assertEquals(1, outcome.err().lines().count(), outcome.err());
    }
  }

  @Test
  void aWorkDirThatCannotBeMadeExitsWith3() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    Outcome outcome = run("local", "--port=0", "--work_dir=" + file.resolve("below"));
    assertEquals(3, outcome.code(), outcome.err());
    assertTrue(outcome.err().startsWith("meseta: --work_dir: "), outcome.err());
  }

  @Test
  void aWrongFlagExitsWith2() throws Exception {
    Outcome outcome = run("local", "--prot=1");
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().contains("did you mean --port?"), outcome.err());
  }

  @Test
  void withoutASuitableJdkItSaysWhichIsNeededAndWhereItLooked() throws Exception {
    Path empty = Files.createDirectories(folder.resolve("no-jdk"));
    // A copy of the launcher whose usual places are all empty.
    String script =
        Files.readString(Launcher.path())
            .replace("/usr/lib/jvm/*", empty + "/*")
            .replace("/opt/* /opt/*/jdk*", empty + "/*")
            .replace("command -v java", "command -v java-that-is-not-there");
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path copy = Files.writeString(bin.resolve("meseta"), script);
    assertTrue(copy.toFile().setExecutable(true));
    ProcessBuilder builder = new ProcessBuilder(copy.toString(), "--version");
    builder.environment().put("JAVA_HOME", empty.toString());
    builder.environment().remove("MESETA_JAVA_HOME");
    builder.environment().put("HOME", empty.toString());
    Process process = builder.redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(3, process.waitFor(), text);
    assertTrue(text.contains("needs JDK 25") && text.contains(empty.toString()), text);
    assertEquals(1, text.lines().count(), text);
  }

  @Test
  void interruptingLeavesNoProcessBehind() throws Exception {
    String mark = "3723" + ProcessHandle.current().pid() % 100_000;
    try (LocalProcess local = LocalProcess.start("--work_dir=" + folder.resolve("state"))) {
      Process execute =
          new ProcessBuilder(
                  Launcher.path().toString(),
                  "execute",
                  "--master=" + local.master(),
                  "--name=stubborn",
                  "--command=trap '' TERM; (setsid sleep " + mark + " &); sleep " + mark)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("execute").toFile())
              .start();
      awaitTrue("the task runs", () -> sleepers(mark) == 2);
      local.interrupt();
      awaitTrue("the cluster has ended", () -> !local.isAlive());
      assertEquals(0, sleepers(mark), "nothing of the task is left");
      execute.destroy();
      execute.waitFor();
    }
  }

  private static long sleepers(String mark) {
    return ProcessHandle.allProcesses()
        .filter(
            process ->
                process.info().commandLine().filter(l -> l.endsWith("sleep " + mark)).isPresent())
        .filter(process -> process.info().command().filter(c -> c.endsWith("sleep")).isPresent())
        .count();
  }

  private static void awaitTrue(String what, java.util.function.BooleanSupplier condition)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, what);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  @Test
  void theTrainedCacheIsAcceptedAsItIs() throws Exception {
    assumeFalse(
        Files.notExists(Launcher.home().resolve("verticles/target/app/serial.aot")),
        "this build was made without the AOT cache (-Dfast)");
    Outcome outcome = run(Map.of("MESETA_AOT_MODE", "on"), "local", "--port=0", "--demo", "--exit");
    assertEquals(0, outcome.code(), outcome.err());
  }
}
