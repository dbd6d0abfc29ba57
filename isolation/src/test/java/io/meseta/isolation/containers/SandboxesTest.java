package io.meseta.isolation.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meseta.isolation.linux.HostUsers;
import io.meseta.testing.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SandboxesTest {
  @TempDir Path workDir;
  private Sandboxes sandboxes;

  @BeforeEach
  void open() {
    sandboxes = new Sandboxes(workDir);
  }

  @Test
  void liesWhereToolsLookForIt() throws IOException {
    Sandbox sandbox = sandboxes.create(key("run-1"), Optional.empty());

    Path runs = workDir.resolve("slaves/agent/frameworks/framework/executors/executor/runs");
    assertEquals(runs.resolve("run-1"), sandbox.directory());
    assertTrue(Files.isDirectory(sandbox.directory()));
    assertEquals(
        "rwxr-x---",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(sandbox.directory())));
    assertEquals(runs.resolve("run-1/stdout"), sandbox.stdout());
    assertEquals(runs.resolve("run-1/stderr"), sandbox.stderr());
  }

  @Test
  void theLinkPointsAtTheLatestRunAndAgent() throws IOException {
    sandboxes.create(key("run-1"), Optional.empty());
    Sandbox second = sandboxes.create(key("run-2"), Optional.empty());
    sandboxes.linkLatestAgent("old-agent");
    sandboxes.linkLatestAgent("agent");

    assertEquals(
        second.directory().toRealPath(), second.directory().resolveSibling("latest").toRealPath());
    assertEquals(
        second.directory().toRealPath(),
        workDir
            .resolve("slaves/latest/frameworks/framework/executors/executor/runs/latest")
            .toRealPath());
  }

  @Test
  @Scenario("MesosContainerizerTest.SandboxFileOwnership")
  void belongsToTheUser() throws IOException {
    boolean root = HostUsers.effectiveUid() == 0;
    if (!root) {
      System.out.println("skipped: giving a directory away needs root");
    }
    assumeTrue(root, "giving a directory away needs root");

    Sandbox sandbox = sandboxes.create(key("run-1"), Optional.of("nobody"));

    int nobody = HostUsers.find("nobody").orElseThrow().uid();
    assertEquals(nobody, Files.getAttribute(sandbox.directory(), "unix:uid"));
    assertEquals(0, Files.getAttribute(sandbox.directory().getParent(), "unix:uid"));
  }

  @Test
  @Scenario("A-24")
  void anUnknownUserIsNamedAndNothingIsMade() {
    SandboxException failure =
        assertThrows(
            SandboxException.class,
            () -> sandboxes.create(key("run-1"), Optional.of("no-such-user")));

    Path directory = sandboxes.locate(key("run-1")).directory();
    assertEquals(
        "Failed to create executor directory '"
            + directory
            + "': Failed to chown directory to 'no-such-user': No such user 'no-such-user'",
        failure.getMessage());
    assertFalse(Files.exists(directory));
  }

  @Test
  void aFileInTheWayIsNamed() throws IOException {
    Path inTheWay = Files.writeString(workDir.resolve("slaves"), "");

    SandboxException failure =
        assertThrows(
            SandboxException.class, () -> sandboxes.create(key("run-1"), Optional.empty()));

    assertEquals(
        "Failed to create executor directory '"
            + sandboxes.locate(key("run-1")).directory()
            + "': Not a directory: '"
            + inTheWay.resolve("agent")
            + "'",
        failure.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "../a", "a\\b", "a\0b", "a\nb"})
  @Scenario("F-7")
  void idsThatCouldLeaveTheWorkDirectoryAreRefused(String id) {
    assertMessage("AgentID", () -> new SandboxKey(id, "f", "e", "c"));
    assertMessage("FrameworkID", () -> new SandboxKey("a", id, "e", "c"));
    assertMessage("ExecutorID", () -> new SandboxKey("a", "f", id, "c"));
    assertMessage("ContainerID", () -> new SandboxKey("a", "f", "e", id));
  }

  @Test
  void containerIdsAreStricter() {
    assertEquals(Optional.empty(), SandboxKey.invalidContainerId("x".repeat(242)));
    assertTrue(SandboxKey.invalidContainerId("x".repeat(243)).isPresent());
    assertTrue(SandboxKey.invalidContainerId("a.b").isPresent());
    assertTrue(SandboxKey.invalidContainerId("a b").isPresent());
  }

  private static void assertMessage(String field, Runnable making) {
    String message = assertThrows(IllegalArgumentException.class, making::run).getMessage();
    assertTrue(message.startsWith("'" + field + "' is invalid: "), message);
  }

  private static SandboxKey key(String containerId) {
    return new SandboxKey("agent", "framework", "executor", containerId);
  }
}
