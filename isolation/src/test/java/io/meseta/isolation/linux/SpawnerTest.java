package io.meseta.isolation.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.testing.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting a process natively. */
final class SpawnerTest {
  @TempDir Path directory;

  @Test
  @Scenario("J-36")
  void theChildHasNoDescriptorButTheStandardOnes() throws IOException {
    int leaky = Descriptors.open(Path.of("/dev/null"), Descriptors.O_RDONLY, 0);
    try {
      assertEquals(0, run("/bin/ls", "ls", "/proc/self/fd"));
    } finally {
      Descriptors.close(leaky);
    }

    // 3 is the directory that ls itself reads.
    assertEquals("0\n1\n2\n3\n", Files.readString(directory.resolve("stdout")));
  }

  @Test
  void theSelfTestPassesHere() {
    Spawner.selfTest();
  }

  @Test
  void aMissingInterpreterIsNamed() throws IOException {
    Path script = Files.writeString(directory.resolve("script"), "#!/no/such/interpreter\n");
    assertTrue(script.toFile().setExecutable(true));

    LaunchFailure failure = fail(script.toString());

    assertEquals(LaunchFailure.Step.EXECUTE, failure.step());
    assertEquals(
        "Failed to execute '"
            + script
            + "': No such file or directory"
            + " (the interpreter that it names)",
        failure.message());
  }

  @Test
  void aFileThatMayNotBeExecutedIsNamed() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "data");

    LaunchFailure failure = fail(file.toString());

    assertEquals(LaunchFailure.Step.EXECUTE, failure.step());
    assertEquals(Optional.of("EACCES"), failure.errnoName());
  }

  @Test
  void anArgumentListThatIsTooLongIsAFailure() {
    SpawnResult result =
        Spawner.spawn(request("/bin/true", List.of("true", "x".repeat(4 * 1024 * 1024))));

    LaunchFailure failure = assertInstanceOf(SpawnResult.Failed.class, result).failure();
    assertEquals("Failed to execute '/bin/true': Argument list too long", failure.message());
  }

  @Test
  void aCommandIsLookedUpInTheDefaultPathIfThereIsNone() {
    assertEquals(0, run("true", "true"));
  }

  private int run(String executable, String... argv) {
    SpawnResult.Spawned child =
        assertInstanceOf(
            SpawnResult.Spawned.class, Spawner.spawn(request(executable, List.of(argv))));
    child.pidfd().close();
    return Processes.await(child.pid()).orElseThrow();
  }

  private LaunchFailure fail(String executable) {
    return assertInstanceOf(
            SpawnResult.Failed.class, Spawner.spawn(request(executable, List.of(executable))))
        .failure();
  }

  private SpawnRequest request(String executable, List<String> argv) {
    return new SpawnRequest(
        executable,
        argv,
        Map.of(),
        directory,
        Optional.empty(),
        directory.resolve("stdout"),
        directory.resolve("stderr"));
  }
}
