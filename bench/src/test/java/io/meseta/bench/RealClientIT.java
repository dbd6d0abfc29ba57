package io.meseta.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A framework library written for Apache Mesos, unchanged, with the protobuf and Mesos classes of
 * its day, in a JVM of its own: subscribes, launches, acknowledges, and finds what its tasks wrote.
 */
class RealClientIT {
  private static final int TASKS = 20;

  @Test
  void mesosRxJavaLaunchesTasksAndSeesThemFinish(@TempDir Path folder) throws Exception {
    Path jars = Launcher.home().resolve("bench/clients/mesos-rxjava/target/lib");
    try (LocalProcess local = LocalProcess.start("--work_dir=" + folder)) {
      Process framework =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx128m",
                  "--sun-misc-unsafe-memory-access=allow",
                  "-cp",
                  jars + "/*",
                  "io.meseta.clients.RxJavaFramework",
                  "http://" + local.master(),
                  System.getProperty("user.name"),
                  String.valueOf(TASKS))
              .redirectErrorStream(true)
              .start();
      String output = new String(framework.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, framework.waitFor(), output);
      assertTrue(output.contains("finished " + TASKS + " of " + TASKS), output);
    }
    TreeSet<String> written = new TreeSet<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(path -> path.endsWith("stdout")).toList()) {
        if (!file.toString().contains("/latest/")) {
          written.addAll(List.of(Files.readString(file).split("\n")));
        }
      }
    }
    TreeSet<String> expected = new TreeSet<>();
    for (int i = 0; i < TASKS; i++) {
      expected.add("output of task " + i);
    }
    assertEquals(expected, written);
  }
}
