package io.meseta.isolation.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The small bindings, each against what the machine itself says. */
final class LinuxTest {
  private final ProcFs processes = new ProcFs();

  @Test
  void knowsTheUsersOfTheHost() {
    UserAccount root = HostUsers.find("root").orElseThrow();

    assertEquals(0, root.uid());
    assertEquals(0, root.gid());
    assertTrue(root.groups().contains(0));
    assertEquals(Optional.empty(), HostUsers.find("no-such-user"));
    assertEquals(Optional.empty(), HostUsers.find(""));
    assertEquals(Optional.empty(), HostUsers.find("ro\0ot"));
  }

  @Test
  void namesErrors() {
    assertEquals("ENOENT", Errno.name(Errno.ENOENT));
    assertEquals("No such file or directory", Errno.text(Errno.ENOENT));
    assertEquals("error 9999", Errno.name(9999));
  }

  @Test
  void changesTheOwnerOfALinkItself(@TempDir Path directory) throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("no-target"));

    Ownership.change(link, HostUsers.effectiveUid(), 0);

    NativeException missing =
        assertThrows(
            NativeException.class, () -> Ownership.change(directory.resolve("none"), 0, 0));
    assertEquals("chown", missing.call());
    assertEquals(Errno.ENOENT, missing.errno());
    assertEquals("No such file or directory", missing.getMessage());
  }

  @Test
  void readsWhoAProcessIs() throws IOException, InterruptedException {
    ProcessStat self = processes.stat(processes.self()).orElseThrow();
    Process child = new ProcessBuilder("sh", "-c", "MARK=1; export MARK; exec sleep 1000").start();
    int pid = (int) child.pid();
    try {
      ProcessStat stat = processes.stat(pid).orElseThrow();
      assertEquals(self.pid(), stat.parent());
      assertEquals(self.session(), stat.session());
      assertFalse(stat.dead());
      assertTrue(stat.startTicks() >= self.startTicks());
      assertTrue(processes.children(self.pid()).contains(pid));
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertEquals(Optional.empty(), processes.stat(pid));
    assertEquals(List.of(), processes.children(pid));
    assertEquals(Optional.empty(), processes.variable(pid, "PATH"));
    assertEquals(
        Optional.ofNullable(System.getenv("PATH")), processes.variable(self.pid(), "PATH"));
    assertEquals(Optional.empty(), processes.variable(self.pid(), "NO_SUCH_VARIABLE"));
  }

  @Test
  void readsNamesThatLookLikeFields() {
    ProcessStat stat =
        ProcessStat.parse(
                "42 (a) R 1 (b)) S 7 8 9 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 123456 1 2\n")
            .orElseThrow();

    assertEquals(new ProcessStat(42, 'S', 7, 8, 9, 123456), stat);
    assertEquals(Optional.empty(), ProcessStat.parse(""));
    assertEquals(Optional.empty(), ProcessStat.parse("42 (sh) S 1 2"));
    assertEquals(
        Optional.empty(), ProcessStat.parse("x (sh) S 7 8 9 0 -1 0 1 2 3 4 5 6 7 8 9 0 1 0 1"));
  }

  @Test
  void aPidfdTellsTheEndAndSignalsNobodyElse() throws Exception {
    Process child = new ProcessBuilder("sleep", "1000").start();
    try (ExitPoll poll = new ExitPoll();
        Pidfd pidfd = Pidfd.open((int) child.pid())) {
      poll.add(pidfd, 77);
      assertArrayEquals(new long[0], poll.await(0));
      poll.wake();
      assertArrayEquals(new long[0], poll.await(-1));

      assertTrue(pidfd.signal(15));

      assertArrayEquals(new long[] {77}, poll.await(20_000));
      poll.remove(pidfd);
      assertEquals(128 + 15, child.waitFor());
      assertFalse(pidfd.signal(15));
    }
    assertThrows(NativeException.class, () -> Pidfd.open((int) child.pid()));
  }

  @Test
  void aClosedPollIgnoresWakeUps() throws NativeException {
    ExitPoll poll = new ExitPoll();
    poll.close();

    poll.wake();
  }

  @Test
  void reapsOnlyChildrenAndNeverGuesses() throws Exception {
    Process child = new ProcessBuilder("sleep", "1000").start();
    try {
      assertEquals(OptionalInt.empty(), Processes.reap((int) child.pid()));
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertEquals(OptionalInt.empty(), Processes.reap((int) child.pid()));
    assertThrows(IllegalArgumentException.class, () -> Processes.reap(-1));
    assertThrows(IllegalArgumentException.class, () -> Processes.reap(0));
    assertThrows(IllegalArgumentException.class, () -> Processes.signalGroup(1, 9));
  }
}
