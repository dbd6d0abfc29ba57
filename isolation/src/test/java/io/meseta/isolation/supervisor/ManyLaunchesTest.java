package io.meseta.isolation.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.isolation.api.SupervisorCalls;
import io.meseta.testing.Scenario;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is left behind by many launches, and running containers cost no threads. */
final class ManyLaunchesTest {
  private static final int LAUNCHES = 200;

  @TempDir Path directory;

  @Test
  @Scenario("J-44")
  void launchesInARowLeaveNothing() throws IOException {
    try (SupervisorFixture supervisor = new SupervisorFixture(directory)) {
      assertEquals(0, supervisor.run(supervisor.launch("warm-up", "/bin/true")));
      supervisor.destroy("warm-up");
      int descriptors = SupervisorFixture.openDescriptors();
      int threads = threads();
      long[] nanos = new long[LAUNCHES];

      for (int i = 0; i < LAUNCHES; i++) {
        String id = "c" + i;
        var launch = supervisor.launch(id, "/bin/true");
        long start = System.nanoTime();
        supervisor.start(launch);
        nanos[i] = System.nanoTime() - start;
        assertEquals(0, supervisor.exited(id));
        supervisor.destroy(id);
      }

      Arrays.sort(nanos);
      System.out.printf(
          "launch to Started: p50 %.2f ms, p90 %.2f ms, p99 %.2f ms%n",
          nanos[LAUNCHES / 2] / 1e6,
          nanos[LAUNCHES * 9 / 10] / 1e6,
          nanos[LAUNCHES * 99 / 100] / 1e6);
      assertEquals(descriptors, SupervisorFixture.openDescriptors());
      SupervisorFixture.until(() -> threads() <= threads);
      assertTrue(supervisor.others().isEmpty(), supervisor.others()::toString);
    }
  }

  @Test
  void launchesAtOnceAllRunWithoutAThreadEach() throws IOException {
    try (SupervisorFixture supervisor = new SupervisorFixture(directory)) {
      assertEquals(0, supervisor.run(supervisor.launch("warm-up", "/bin/true")));
      supervisor.destroy("warm-up");
      int descriptors = SupervisorFixture.openDescriptors();
      int threads = threads();

      for (int i = 0; i < LAUNCHES; i++) {
        supervisor.send(supervisor.launch("c" + i, "sleep").addArgv("sleep").addArgv("1000"));
      }
      IntStream.range(0, LAUNCHES).forEach(i -> started(supervisor, "c" + i));
      SupervisorFixture.until(() -> threads() <= threads);
      for (int i = 0; i < LAUNCHES; i++) {
        supervisor.send(SupervisorCalls.destroy("c" + i));
      }
      for (int i = 0; i < LAUNCHES; i++) {
        assertEquals(9, supervisor.exited("c" + i));
        supervisor.destroyed("c" + i);
      }

      assertEquals(descriptors, SupervisorFixture.openDescriptors());
    }
  }

  private static void started(SupervisorFixture supervisor, String id) {
    int pid =
        supervisor
            .await(event -> event.hasStarted() && event.getStarted().getContainerId().equals(id))
            .getStarted()
            .getPid();
    assertTrue(pid > 1);
  }

  private static int threads() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .filter(
                thread ->
                    thread.getName().startsWith("launch-")
                        || thread.getName().startsWith("supervisor"))
            .count();
  }
}
