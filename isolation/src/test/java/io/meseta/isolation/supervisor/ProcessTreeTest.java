package io.meseta.isolation.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.isolation.api.SupervisorCalls;
import io.meseta.testing.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole trees of real processes, however they try to get away. Each script prints its pids. */
final class ProcessTreeTest {
  /** A child, a grandchild in another group, a daemon in a session of its own with no parent. */
  private static final String FAMILY =
      """
      sleep 1000 & echo $!
      setsid sh -c 'echo $$; sleep 1000 & echo $!; wait' &
      (setsid sh -c 'echo $$; exec sleep 1000' &)
      wait
      """;

  private static final int FAMILY_SIZE = 4;

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
  @Scenario("X-4")
  void aSignalReachesTheWholeTree() throws IOException {
    int main = supervisor.start(supervisor.shell("a", FAMILY)).getPid();
    List<Integer> pids = supervisor.pids("a", FAMILY_SIZE);

    supervisor.send(SupervisorCalls.signal("a", 15, true));

    assertEquals(15, supervisor.exited("a"));
    SupervisorFixture.until(() -> pids.stream().noneMatch(supervisor::alive));
    assertFalse(supervisor.alive(main));
  }

  @Test
  @Scenario("X-4")
  void aSignalToTheFirstProcessLeavesTheOthers() throws IOException {
    supervisor.start(supervisor.shell("a", FAMILY));
    List<Integer> pids = supervisor.pids("a", FAMILY_SIZE);

    supervisor.send(SupervisorCalls.signal("a", 9, false));

    assertEquals(9, supervisor.exited("a"));
    assertTrue(pids.stream().allMatch(supervisor::alive));
    supervisor.destroy("a");
    assertTrue(pids.stream().noneMatch(pid -> supervisor.alive(pid) || supervisor.zombie(pid)));
  }

  @Test
  @Scenario({"MesosContainerizerTest.Destroy", "J-38"})
  void destroyKillsATreeThatIgnoresTerm() throws IOException {
    int main = supervisor.start(supervisor.shell("a", "trap '' TERM\n" + FAMILY)).getPid();
    List<Integer> pids = supervisor.pids("a", FAMILY_SIZE);
    supervisor.send(SupervisorCalls.signal("a", 15, true));

    supervisor.destroy("a");

    assertEquals(9, supervisor.exited("a"));
    assertTrue(pids.stream().noneMatch(pid -> supervisor.alive(pid) || supervisor.zombie(pid)));
    assertFalse(supervisor.alive(main) || supervisor.zombie(main));
  }

  @Test
  void destroyFindsDaemonsAfterTheFirstProcessHasEnded() throws IOException {
    int status =
        supervisor.run(
            supervisor.shell(
                "a",
                """
                (setsid sh -c '(setsid sh -c "echo \\$\\$; exec sleep 1000" &)' &)
                sleep 1000 & echo $!
                """));
    List<Integer> pids = supervisor.pids("a", 2);
    assertEquals(0, status);
    assertTrue(pids.stream().allMatch(supervisor::alive));

    supervisor.destroy("a");

    assertTrue(pids.stream().noneMatch(pid -> supervisor.alive(pid) || supervisor.zombie(pid)));
  }

  @Test
  void destroyFindsAProcessThatDroppedTheMarkerInASessionThatIsKnown() throws IOException {
    supervisor.run(supervisor.shell("a", "(env -i sh -c 'echo $$; exec sleep 1000' &)"));
    int pid = supervisor.pids("a", 1).getFirst();

    supervisor.destroy("a");

    assertFalse(supervisor.alive(pid) || supervisor.zombie(pid));
  }

  @Test
  void destroyOfOneContainerLeavesTheOthers() throws IOException {
    supervisor.start(supervisor.shell("a", FAMILY));
    supervisor.start(supervisor.shell("b", FAMILY));
    List<Integer> first = supervisor.pids("a", FAMILY_SIZE);
    List<Integer> second = supervisor.pids("b", FAMILY_SIZE);

    supervisor.destroy("a");

    assertTrue(first.stream().noneMatch(supervisor::alive));
    assertTrue(second.stream().allMatch(supervisor::alive));
  }

  @Test
  @Scenario("X-4")
  void aStoppedProcessTakesTheSignalToo() throws IOException {
    int main = supervisor.start(supervisor.shell("a", "kill -STOP $$; exit 3")).getPid();
    SupervisorFixture.until(() -> supervisor.processes.stat(main).orElseThrow().stopped());

    supervisor.send(SupervisorCalls.signal("a", 15, true));

    assertEquals(15, supervisor.exited("a"));
  }

  @Test
  void destroyWinsAgainstAProcessThatForksAllTheTime() throws IOException {
    // Each process starts its successor and ends, so that a list of pids is old when it is read.
    supervisor.start(
        supervisor.shell("a", "f() { f & }; echo $$; f; f() { (f &) ; }; f; sleep 1000"));
    supervisor.pids("a", 1);

    supervisor.destroy("a");

    assertTrue(supervisor.processes.adopted().stream().noneMatch(this::ofContainerA));
  }

  @Test
  void destroyWinsAgainstAProcessThatFleesIntoNewSessions() throws IOException {
    Path script = directory.resolve("flee");
    Files.writeString(script, "#!/bin/sh\nsetsid \"$0\" &\n");
    assertTrue(script.toFile().setExecutable(true));
    assertEquals(0, supervisor.run(supervisor.launch("a", script.toString())));

    supervisor.destroy("a");

    assertTrue(supervisor.processes.adopted().stream().noneMatch(this::ofContainerA));
  }

  @Test
  @Scenario("J-13")
  void orphansThatCameAndWentUnseenAreReapedToo() throws IOException {
    supervisor.start(
        supervisor.shell(
            "a", "for i in 1 2 3 4 5; do (setsid sh -c 'echo $$' &); done; exec sleep 1000"));
    List<Integer> pids = supervisor.pids("a", 5);

    SupervisorFixture.until(
        () -> pids.stream().noneMatch(pid -> supervisor.alive(pid) || supervisor.zombie(pid)));
  }

  @Test
  @Scenario("J-13")
  void orphansThatEndAreReapedWhileTheContainerRuns() throws IOException {
    supervisor.start(
        supervisor.shell(
            "a",
            "for i in 1 2 3 4 5; do (sh -c 'echo $$; exec sleep 0.1' &); done; exec sleep 1000"));
    List<Integer> pids = supervisor.pids("a", 5);

    SupervisorFixture.until(
        () -> pids.stream().noneMatch(pid -> supervisor.alive(pid) || supervisor.zombie(pid)));
  }

  private boolean ofContainerA(int pid) {
    return supervisor.processes.variable(pid, ProcessTrees.MARKER).filter("a"::equals).isPresent();
  }
}
