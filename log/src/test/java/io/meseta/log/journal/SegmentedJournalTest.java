package io.meseta.log.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.log.testing.SimulatedDisk;
import io.meseta.testing.Scenario;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SegmentedJournalTest {
  private static final JournalOptions SMALL = new JournalOptions(1024, 4096);

  private final SimulatedDisk disk = new SimulatedDisk();

  private static List<byte[]> batch(String... records) {
    List<byte[]> bytes = new ArrayList<>();
    for (String record : records) {
      bytes.add(record.getBytes(StandardCharsets.UTF_8));
    }
    return bytes;
  }

  private static List<String> after(Journal journal, long position) throws IOException {
    List<String> records = new ArrayList<>();
    journal.readAfter(
        position,
        (at, record) -> records.add(at + "=" + new String(record, StandardCharsets.UTF_8)));
    return records;
  }

  private SegmentedJournal open() throws IOException {
    return SegmentedJournal.open(disk, SMALL);
  }

  private List<String> segments() throws IOException {
    return disk.list().stream().filter(name -> name.endsWith(".segment")).sorted().toList();
  }

  /** Appends until there are at least {@code count} segments. */
  private void fill(SegmentedJournal journal, int count) throws IOException {
    while (segments().size() < count) {
      journal.append(batch("x".repeat(300)));
    }
  }

  @Test
  void recordsComeBackInOrderWithTheirPositions() throws IOException {
    try (SegmentedJournal journal = open()) {
      assertEquals(0, journal.lastPosition());
      assertEquals(2, journal.append(batch("a", "")));
      assertEquals(3, journal.append(batch("c")));
    }

    try (SegmentedJournal journal = open()) {
      assertEquals(3, journal.lastPosition());
      assertEquals(List.of("1=a", "2=", "3=c"), after(journal, 0));
      assertEquals(List.of("3=c"), after(journal, 2));
      assertEquals(4, journal.append(batch("d")));
      assertEquals(List.of("3=c", "4=d"), after(journal, 2));
    }
  }

  @Test
  void batchesSpreadOverSegmentsAndLargeOnesGetTheirOwn() throws IOException {
    try (SegmentedJournal journal = open()) {
      fill(journal, 3);
      long before = journal.lastPosition();

      journal.append(batch("y".repeat(3000)));

      assertEquals(List.of(before + 1 + "=" + "y".repeat(3000)), after(journal, before));
      assertEquals(4, segments().size());
    }
    try (SegmentedJournal journal = open()) {
      assertEquals(journal.lastPosition(), after(journal, 0).size());
    }
  }

  @Test
  void aBatchAboveTheBoundIsRefusedAndTheJournalGoesOn() throws IOException {
    try (SegmentedJournal journal = open()) {
      IllegalArgumentException tooLarge =
          assertThrows(
              IllegalArgumentException.class, () -> journal.append(batch("z".repeat(5000))));
      assertTrue(tooLarge.getMessage().contains("bound of 4096"), tooLarge.getMessage());
      assertThrows(IllegalArgumentException.class, () -> journal.append(List.of()));

      assertEquals(1, journal.append(batch("a")));
    }
  }

  @Test
  void aSnapshotReplacesOlderSegmentsAndSnapshots() throws IOException {
    try (SegmentedJournal journal = open()) {
      journal.append(batch("a"));
      journal.snapshot(1, batch("state 1"));
      fill(journal, 4);
      long position = journal.lastPosition();
      journal.snapshot(position, batch("state", "2"));

      journal.truncate(position);

      assertEquals(1, segments().size());
      assertEquals(1, disk.list().stream().filter(name -> name.endsWith(".snapshot")).count());
      assertThrows(IllegalArgumentException.class, () -> after(journal, 0));
    }
    try (SegmentedJournal journal = open()) {
      Journal.Snapshot snapshot = journal.latestSnapshot().orElseThrow();
      assertEquals(journal.lastPosition(), snapshot.position());
      assertEquals(2, snapshot.state().size());
      assertEquals(List.of(), after(journal, snapshot.position()));
    }
  }

  @Test
  void snapshotsAndTruncationsOutsideTheirBoundsAreRefused() throws IOException {
    try (SegmentedJournal journal = open()) {
      journal.append(batch("a", "b"));
      assertThrows(IllegalArgumentException.class, () -> journal.snapshot(3, batch("s")));
      assertThrows(IllegalArgumentException.class, () -> journal.truncate(1));
      journal.snapshot(2, batch("s"));
      assertThrows(IllegalArgumentException.class, () -> journal.snapshot(2, batch("s")));
      assertThrows(IllegalArgumentException.class, () -> journal.truncate(3));
    }
  }

  @Test
  @Scenario({"FLT-9", "D-21"})
  void aFlippedBitBeforeACleanCloseIsFoundWhereverItIs() throws IOException {
    try (SegmentedJournal journal = open()) {
      journal.append(batch("some", "records"));
      fill(journal, 2);
    }
    for (String name : segments()) {
      int used = disk.contents(name).length;
      while (disk.contents(name)[used - 1] == 0) {
        used--;
      }
      boolean newest = name.equals(segments().getLast());
      // The closing mark itself proves nothing; and four bytes of the header have no meaning.
      int end = newest ? used - Frame.OVERHEAD_BYTES - 8 : used;
      for (int offset = 0; offset < end; offset++) {
        if (offset >= 24 && offset < FileHeader.BYTES) {
          continue;
        }
        disk.flipBit(name, offset, offset % 8);
        CorruptJournalException found =
            assertThrows(CorruptJournalException.class, this::open, name + " at " + offset);
        assertTrue(found.getMessage().contains(name), found.getMessage());
        assertTrue(found.getMessage().contains("at offset"), found.getMessage());
        disk.flipBit(name, offset, offset % 8);
      }
    }
    open().close();
  }

  @Test
  @Scenario("FLT-9")
  void aFlippedBitInASnapshotIsFound() throws IOException {
    try (SegmentedJournal journal = open()) {
      journal.append(batch("a"));
      journal.snapshot(1, batch("state"));
    }
    String name = disk.list().stream().filter(n -> n.endsWith(".snapshot")).findAny().orElseThrow();
    int size = disk.contents(name).length;
    for (int offset = FileHeader.BYTES; offset < size; offset++) {
      disk.flipBit(name, offset, 3);
      try (SegmentedJournal journal = open()) {
        assertThrows(CorruptJournalException.class, journal::latestSnapshot, "offset " + offset);
      }
      disk.flipBit(name, offset, 3);
    }
  }

  @Test
  @Scenario("ST-10")
  void damageIsFoundAtReadingToo() throws IOException {
    try (SegmentedJournal journal = open()) {
      journal.append(batch("a record"));
      disk.flipBit(segments().getFirst(), FileHeader.BYTES + Frame.OVERHEAD_BYTES + 6, 0);

      assertThrows(CorruptJournalException.class, () -> after(journal, 0));
    }
  }

  @Test
  void aMissingSegmentIsNamed() throws IOException {
    try (SegmentedJournal journal = open()) {
      fill(journal, 3);
    }
    disk.delete(segments().get(1));

    CorruptJournalException found = assertThrows(CorruptJournalException.class, this::open);
    assertTrue(found.getMessage().contains("before it are missing"), found.getMessage());
  }

  @Test
  void segmentsLostBelowASnapshotAreAnError() throws IOException {
    try (SegmentedJournal journal = open()) {
      fill(journal, 2);
      journal.snapshot(journal.lastPosition(), batch("s"));
    }
    for (String name : segments()) {
      disk.delete(name);
    }
    CorruptJournalException found = assertThrows(CorruptJournalException.class, this::open);
    assertTrue(found.getMessage().contains("the segments end at 0"), found.getMessage());
  }

  @Test
  @Scenario("C-3")
  void unfinishedAndEmptyFilesAreIgnoredAndDeleted() throws IOException {
    open().close();
    disk.create("00000000000000000001.snapshot.tmp").close();
    disk.create("00000000000000000007.snapshot").close();
    disk.create("00000000000000000007.segment").close();

    open().close();

    assertEquals(List.of("00000000000000000001.segment"), disk.list());
  }

  @Test
  @Scenario("C-4")
  void zerosStandBehindACutOffTail() throws IOException {
    SegmentedJournal journal = open();
    journal.append(batch("kept"));
    disk.failAfter(0);
    assertThrows(IOException.class, () -> journal.append(batch("torn ".repeat(50))));
    disk.kill();

    try (SegmentedJournal again = open()) {
      assertEquals(List.of("1=kept"), after(again, 0));
      byte[] contents = disk.contents(segments().getFirst());
      int end = FileHeader.BYTES + (int) Frame.sizeOf(batch("kept"));
      for (int at = end; at < contents.length; at++) {
        assertEquals(0, contents[at], "offset " + at);
      }
    }
  }

  @Test
  @Scenario("ST-12")
  void afterAFailedWriteNothingIsWrittenAnyMore() throws IOException {
    SegmentedJournal journal = open();
    disk.failAfter(1); // the write succeeds, the force does not
    assertThrows(IOException.class, () -> journal.append(batch("a")));
    disk.kill();

    IOException second = assertThrows(IOException.class, () -> journal.append(batch("b")));

    assertTrue(second.getMessage().contains("failed before"), second.getMessage());
  }

  @Test
  void aFileOfAnotherFormatVersionIsRefusedByItsNumber() throws IOException {
    try (Disk.DiskFile file = disk.create("00000000000000000001.segment")) {
      java.nio.ByteBuffer header = new FileHeader(1).encode();
      header.putInt(8, 99);
      java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
      crc.update(header.slice(0, 20));
      file.write(header.putInt(20, (int) crc.getValue()), 0);
    }

    CorruptJournalException found = assertThrows(CorruptJournalException.class, this::open);
    assertTrue(found.getMessage().contains("format version 99 is unknown"), found.getMessage());
  }

  @Test
  @Scenario({"ST-14", "C-19"})
  void aDirectoryHasOneJournalAtATime(@TempDir Path directory) throws IOException {
    Path deep = directory.resolve("a/b");
    try (SegmentedJournal journal = SegmentedJournal.open(FileDisk.open(deep), SMALL)) {
      journal.append(batch("a"));

      DirectoryInUseException refused =
          assertThrows(DirectoryInUseException.class, () -> FileDisk.open(deep));
      assertTrue(refused.getMessage().contains("in use"), refused.getMessage());
    }
    try (SegmentedJournal journal = SegmentedJournal.open(FileDisk.open(deep), SMALL)) {
      assertEquals(List.of("1=a"), after(journal, 0));
    }
  }

  @Test
  @Scenario("ST-14")
  void anotherProcessIsToldWhoHoldsTheDirectory(@TempDir Path directory) throws Exception {
    Path holder = directory.resolve("Holder.java");
    Files.writeString(
        holder,
        """
        void main(String[] args) throws Exception {
          var lock = new java.io.RandomAccessFile(args[0], "rw");
          lock.getChannel().lock();
          lock.writeBytes(ProcessHandle.current().pid() + "\\n");
          IO.println("locked");
          System.in.read();
        }
        """);
    Path journal = Files.createDirectory(directory.resolve("journal"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                holder.toString(),
                journal.resolve("lock").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertEquals("locked", process.inputReader(StandardCharsets.UTF_8).readLine());

      DirectoryInUseException refused =
          assertThrows(DirectoryInUseException.class, () -> FileDisk.open(journal));

      assertTrue(refused.getMessage().contains("process " + process.pid()), refused.getMessage());
    } finally {
      process.destroyForcibly().waitFor();
    }
    FileDisk.open(journal).close();
  }

  @Test
  void aRealDirectoryWorksLikeTheSimulatedOne(@TempDir Path directory) throws IOException {
    try (SegmentedJournal journal = SegmentedJournal.open(FileDisk.open(directory), SMALL)) {
      for (int i = 0; i < 20; i++) {
        journal.append(batch("x".repeat(100)));
      }
      journal.snapshot(15, batch("s"));
      journal.truncate(15);
    }
    try (SegmentedJournal journal = SegmentedJournal.open(FileDisk.open(directory), SMALL)) {
      assertEquals(20, journal.lastPosition());
      assertEquals(5, after(journal, 15).size());
      assertFalse(journal.latestSnapshot().isEmpty());
    }
  }
}
