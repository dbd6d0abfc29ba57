package io.meseta.isolation.supervisor;

import static io.meseta.isolation.supervisor.SupervisorFixture.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meseta.isolation.api.SupervisorCalls;
import io.meseta.isolation.linux.HostUsers;
import io.meseta.isolation.linux.Ownership;
import io.meseta.isolation.linux.ProcessStat;
import io.meseta.isolation.linux.UserAccount;
import io.meseta.schema.internal.v1.SupervisorCall;
import io.meseta.schema.internal.v1.SupervisorEvent;
import io.meseta.schema.internal.v1.SupervisorEvent.LaunchFailed;
import io.meseta.testing.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting processes and learning how they ended, with real ones. */
final class PosixSupervisorTest {
  @TempDir Path directory;
  private SupervisorFixture supervisor;

  @BeforeEach
  void start() throws IOException {
    supervisor = new SupervisorFixture(directory);
  }

  @AfterEach
  void close() {
    supervisor.close();
  }

  @Test
  @Scenario("MesosContainerizerTest.Launch")
  void tellsTheExitCode() throws IOException {
    assertEquals(0, supervisor.run(supervisor.shell("a", "exit 0")));
    assertEquals(3 << 8, supervisor.run(supervisor.shell("b", "exit 3")));
    assertEquals(127 << 8, supervisor.run(supervisor.shell("c", "no-such-command")));
  }

  @Test
  void tellsTheSignalThatEndedIt() throws IOException {
    assertEquals(9, supervisor.run(supervisor.shell("a", "kill -9 $$")));

    supervisor.start(supervisor.launch("b", "sleep").addArgv("sleep").addArgv("1000"));
    supervisor.send(SupervisorCalls.signal("b", 15, false));
    assertEquals(15, supervisor.exited("b"));
  }

  @Test
  void signalsThatCameBeforeTheStartAreDelivered() throws IOException {
    supervisor.send(supervisor.launch("a", "sleep").addArgv("sleep").addArgv("1000"));
    supervisor.send(SupervisorCalls.signal("a", 15, true));

    assertEquals(15, supervisor.exited("a"));
  }

  @Test
  @Scenario({"MesosContainerizerTest.ExecutorEnvironmentVariable", "L-2"})
  void givesExactlyTheEnvironmentThatWasAskedFor() throws IOException {
    int status =
        supervisor.run(
            supervisor
                .launch("a", "/usr/bin/env")
                .addEnvironment(variable("GREETING", "grüß = dich\nzweite Zeile"))
                .addEnvironment(variable("EMPTY", "")));

    assertEquals(0, status);
    assertEquals(
        """
        PATH=/usr/local/bin:/usr/bin:/bin
        GREETING=grüß = dich
        zweite Zeile
        EMPTY=
        MESETA_CONTAINER_ID=a
        """,
        supervisor.stdout("a"));
  }

  @Test
  @Scenario({"MesosContainerizerTest.IoRedirection", "L-11"})
  void connectsTheStandardStreams() throws IOException {
    Path sandbox = Files.createDirectories(directory.resolve("a"));
    Files.writeString(sandbox.resolve("stdout"), "before\n");

    int status = supervisor.run(supervisor.shell("a", "cat; pwd; echo oops >&2"));

    assertEquals(0, status);
    assertEquals("before\n" + sandbox + "\n", supervisor.stdout("a"));
    assertEquals("oops\n", Files.readString(sandbox.resolve("stderr")));
    assertEquals(
        "rw-r--r--",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(sandbox.resolve("stderr"))));
  }

  @Test
  @Scenario("L-20")
  void runsInASessionOfItsOwnWithDefaultSignals() throws IOException {
    SupervisorEvent.Started started =
        supervisor.start(supervisor.shell("a", "cat /proc/self/status > status; exec sleep 1000"));

    ProcessStat stat = supervisor.processes.stat(started.getPid()).orElseThrow();
    assertEquals(started.getPid(), stat.session());
    assertEquals(started.getPid(), stat.group());
    assertEquals(started.getStartTimeTicks(), stat.startTicks());
    Path status = directory.resolve("a").resolve("status");
    SupervisorFixture.until(() -> Files.exists(status) && read(status).contains("SigCgt"));
    assertTrue(read(status).contains("SigBlk:\t0000000000000000"), read(status));
    assertTrue(read(status).contains("SigIgn:\t0000000000000000"), read(status));
  }

  @Test
  @Scenario({"MesosContainerizerTest.SandboxFileOwnership", "J-6"})
  void becomesTheUser() throws IOException {
    assumeRoot();
    UserAccount nobody = HostUsers.find("nobody").orElseThrow();
    SupervisorCall.Launch.Builder launch =
        supervisor.shell("a", "id -u; id -g; id -G; cat /proc/self/status > status");
    Ownership.change(directory.resolve("a"), nobody.uid(), nobody.gid());

    int status = supervisor.run(launch.setUser("nobody"));

    assertEquals(0, status, () -> read(directory.resolve("a").resolve("stderr")));
    String groups = String.join(" ", nobody.groups().stream().map(String::valueOf).toList());
    assertEquals(nobody.uid() + "\n" + nobody.gid() + "\n" + groups + "\n", supervisor.stdout("a"));
    assertTrue(
        read(directory.resolve("a").resolve("status"))
            .contains("Uid:\t%1$d\t%1$d\t%1$d\t%1$d\n".formatted(nobody.uid())));
    assertEquals(
        nobody.uid(), Files.getAttribute(directory.resolve("a").resolve("stdout"), "unix:uid"));
    // No other thread has changed: the next one still is root.
    assertEquals(0, HostUsers.effectiveUid());
    assertEquals(0, supervisor.run(supervisor.shell("b", "test $(id -u) = 0")));
  }

  @Test
  void aUserWithoutRightToTheSandboxIsAClearFailure() throws IOException {
    assumeRoot();
    SupervisorCall.Launch.Builder launch = supervisor.shell("a", "true").setUser("nobody");

    LaunchFailed failed = supervisor.fails(launch);

    assertEquals(LaunchFailed.Reason.STDOUT, failed.getReason());
    assertEquals("EACCES", failed.getErrno());
    assertEquals(
        "Failed to open '" + directory.resolve("a/stdout") + "': Permission denied",
        failed.getMessage());
  }

  @Test
  void anUnknownUserIsAClearFailure() throws IOException {
    LaunchFailed failed = supervisor.fails(supervisor.shell("a", "true").setUser("no-such-user"));

    assertEquals(LaunchFailed.Reason.UNKNOWN_USER, failed.getReason());
    assertEquals("No such user 'no-such-user'", failed.getMessage());
  }

  @Test
  void anUnknownCommandIsAClearFailure() throws IOException {
    LaunchFailed byName = supervisor.fails(supervisor.launch("a", "no-such-command"));
    assertEquals(LaunchFailed.Reason.EXECUTABLE_NOT_FOUND, byName.getReason());
    assertEquals("ENOENT", byName.getErrno());
    assertEquals(
        "Failed to execute 'no-such-command': not found in PATH '/usr/local/bin:/usr/bin:/bin'",
        byName.getMessage());

    LaunchFailed byPath = supervisor.fails(supervisor.launch("b", "/no/such/command"));
    assertEquals(LaunchFailed.Reason.EXECUTABLE_NOT_FOUND, byPath.getReason());
    assertEquals(
        "Failed to execute '/no/such/command': No such file or directory", byPath.getMessage());

    LaunchFailed directory = supervisor.fails(supervisor.launch("c", "/tmp"));
    assertEquals(LaunchFailed.Reason.EXECUTABLE_NOT_PERMITTED, directory.getReason());
    assertEquals("EACCES", directory.getErrno());
  }

  @Test
  void aMissingWorkingDirectoryIsAClearFailure() throws IOException {
    LaunchFailed failed =
        supervisor.fails(supervisor.shell("a", "true").setWorkingDirectory("/no/such/directory"));

    assertEquals(LaunchFailed.Reason.WORKING_DIRECTORY, failed.getReason());
    assertEquals(
        "Failed to change to working directory '/no/such/directory': No such file or directory",
        failed.getMessage());
  }

  @Test
  void afterAFailureTheIdIsFreeAgain() throws IOException {
    supervisor.fails(supervisor.launch("a", "/no/such/command"));

    assertEquals(0, supervisor.run(supervisor.shell("a", "true")));
  }

  @Test
  @Scenario("L-11")
  void looksCommandsUpInThePathOfTheTask() throws IOException {
    Path tool = Files.createDirectories(directory.resolve("a/tools")).resolve("tool");
    // Without a #! line, as shells and execvp(3) accept it.
    Files.writeString(tool, "echo \"tool $1\"\n");
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));

    int status =
        supervisor.run(
            supervisor
                .launch("a", "tool")
                .clearEnvironment()
                .addEnvironment(variable("PATH", "/no/such:tools:/bin"))
                .addArgv("tool")
                .addArgv("7"));

    assertEquals(0, status);
    assertEquals("tool 7\n", supervisor.stdout("a"));
  }

  @Test
  void keepsTheWaitStatusUntilItIsAcknowledged() throws IOException {
    SupervisorEvent.Started started = supervisor.start(supervisor.shell("a", "exit 4"));
    supervisor.exited("a");

    supervisor.send(SupervisorCalls.list());
    SupervisorEvent.Container listed =
        supervisor.await(SupervisorEvent::hasContainers).getContainers().getContainers(0);
    assertEquals(SupervisorEvent.Container.State.EXITED, listed.getState());
    assertEquals(4 << 8, listed.getWaitStatus());
    supervisor.send(SupervisorCalls.watch());
    supervisor.await(SupervisorEvent::hasWatched);
    assertEquals(started, supervisor.await(SupervisorEvent::hasStarted).getStarted());
    assertEquals(4 << 8, supervisor.exited("a"));

    supervisor.destroy("a");
    supervisor.send(SupervisorCalls.list());
    assertEquals(
        0, supervisor.await(SupervisorEvent::hasContainers).getContainers().getContainersCount());
  }

  @Test
  void otherChildrenOfTheJvmAreLeftAlone() throws Exception {
    Process sleeping = new ProcessBuilder("setsid", "sleep", "1000").start();
    Process failing = new ProcessBuilder("sh", "-c", "exit 7").start();
    supervisor.start(supervisor.shell("a", "exec sleep 1000"));

    supervisor.destroy("a");

    assertEquals(7, failing.waitFor());
    assertTrue(sleeping.isAlive());
    sleeping.destroyForcibly();
    assertEquals(128 + 9, sleeping.waitFor());
  }

  @Test
  void closingKillsEverythingAndRejectsFurtherCalls() throws IOException {
    int pid =
        supervisor.start(supervisor.shell("a", "trap '' TERM; sleep 1000; sleep 1000")).getPid();

    supervisor.close();

    assertFalse(supervisor.alive(pid));
    assertEquals(9, supervisor.exited("a"));
    supervisor.destroyed("a");
    assertThrows(RejectedExecutionException.class, () -> supervisor.send(SupervisorCalls.list()));
  }

  private static void assumeRoot() {
    boolean root = HostUsers.effectiveUid() == 0;
    if (!root) {
      System.out.println("skipped: switching users needs root");
    }
    assumeTrue(root, "switching users needs root");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
