package io.meseta.log.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.log.journal.JournalWriter.Result;
import io.meseta.log.testing.SimulatedDisk;
import io.meseta.testing.Scenario;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class JournalWriterTest {
  /** The owner's context: runs nothing by itself. */
  private final BlockingQueue<Runnable> owner = new LinkedBlockingQueue<>();

  private final List<Result> results = new ArrayList<>();

  private static List<byte[]> batch(String record) {
    return List.of(record.getBytes(StandardCharsets.UTF_8));
  }

  private void runOwner(int callbacks) throws InterruptedException {
    for (int i = 0; i < callbacks; i++) {
      Runnable callback = owner.poll(30, TimeUnit.SECONDS);
      assertTrue(callback != null, "callback " + i + " of " + callbacks + " did not come");
      callback.run();
    }
  }

  /** A journal whose appends wait until they are let through, and that counts them. */
  private static final class Gated implements Journal {
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch gate = new CountDownLatch(1);
    final List<Integer> batches = new ArrayList<>();
    long last;

    @Override
    public long append(List<byte[]> records) {
      entered.countDown();
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      if (records.stream().anyMatch(record -> record.length == 13)) {
        throw new IllegalArgumentException("thirteen bytes");
      }
      batches.add(records.size());
      return last += records.size();
    }

    @Override
    public long lastPosition() {
      return last;
    }

    @Override
    public Optional<Snapshot> latestSnapshot() {
      return Optional.empty();
    }

    @Override
    public void readAfter(long position, RecordConsumer consumer) {}

    @Override
    public void snapshot(long position, List<byte[]> state) {}

    @Override
    public void truncate(long position) {}

    @Override
    public void close() {}
  }

  @Test
  @Scenario("ST-11")
  void appendsThatArriveWhileTheDiskIsBusyAreOneCommit() throws Exception {
    Gated journal = new Gated();
    try (JournalWriter writer = new JournalWriter("test", journal, owner::add)) {
      writer.append(batch("first"), results::add);
      journal.entered.await();
      for (int i = 0; i < 100; i++) {
        writer.append(List.of(new byte[1], new byte[2]), results::add);
      }
      journal.gate.countDown();
      runOwner(101);
    }

    assertEquals(List.of(1, 200), journal.batches);
    assertEquals(new Result.Committed(1), results.getFirst());
    assertEquals(new Result.Committed(3), results.get(1));
    assertEquals(new Result.Committed(201), results.getLast());
  }

  @Test
  void atTheBoundAppendsAreRefusedAndLaterOnesTakenAgain() throws Exception {
    Gated journal = new Gated();
    try (JournalWriter writer = new JournalWriter("test", journal, owner::add)) {
      writer.append(batch("first"), results::add);
      journal.entered.await();
      for (int i = 0; i < JournalWriter.MAX_WAITING_APPENDS; i++) {
        writer.append(batch("x"), results::add);
      }
      writer.append(batch("one too many"), results::add);
      runOwner(1);
      assertInstanceOf(Result.Refused.class, results.removeFirst());

      journal.gate.countDown();
      runOwner(1 + JournalWriter.MAX_WAITING_APPENDS);
      writer.append(batch("again"), results::add);
      runOwner(1);
    }

    assertTrue(results.stream().allMatch(Result.Committed.class::isInstance));
    assertEquals(new Result.Committed(JournalWriter.MAX_WAITING_APPENDS + 2L), results.getLast());
  }

  @Test
  void anAppendThatTheJournalRefusesDoesNotHarmItsNeighbours() throws Exception {
    Gated journal = new Gated();
    try (JournalWriter writer = new JournalWriter("test", journal, owner::add)) {
      writer.append(batch("first"), results::add);
      journal.entered.await();
      writer.append(batch("a"), results::add);
      writer.append(batch("thirteen byte"), results::add);
      writer.append(batch("c"), results::add);
      journal.gate.countDown();
      runOwner(4);
    }

    assertEquals(
        List.of(
            new Result.Committed(1),
            new Result.Committed(2),
            new Result.Refused("thirteen bytes"),
            new Result.Committed(3)),
        results);
  }

  @Test
  @Scenario("ST-12")
  void afterAFailureEverythingFails() throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    SegmentedJournal journal = SegmentedJournal.open(disk, new JournalOptions(1024, 4096));
    try (JournalWriter writer = new JournalWriter("test", journal, owner::add)) {
      writer.append(batch("a"), results::add);
      runOwner(1);
      disk.failAfter(1);
      writer.append(batch("b"), results::add);
      writer.append(batch("c"), results::add);
      runOwner(2);
    }

    assertEquals(new Result.Committed(1), results.getFirst());
    assertInstanceOf(Result.Failed.class, results.get(1));
    assertInstanceOf(Result.Failed.class, results.get(2));
  }

  @Test
  void snapshotsComeAfterTheAppendsBeforeThem() throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    JournalOptions options = new JournalOptions(1024, 4096);
    JournalWriter writer =
        new JournalWriter("test", SegmentedJournal.open(disk, options), owner::add);
    writer.append(batch("a"), results::add);
    writer.append(batch("b"), results::add);
    writer.snapshot(2, () -> batch("state"), results::add);
    writer.append(batch("c"), results::add);
    writer.close();
    writer.append(batch("late"), results::add);
    runOwner(5);

    assertEquals(
        List.of(
            new Result.Committed(1),
            new Result.Committed(2),
            new Result.Committed(2),
            new Result.Committed(3),
            new Result.Failed("the journal test is closed")),
        results);
    try (SegmentedJournal journal = SegmentedJournal.open(disk, options)) {
      assertEquals(2, journal.latestSnapshot().orElseThrow().position());
      assertEquals(3, journal.lastPosition());
    }
  }

  @Test
  void anOwnerThatIsGoneDoesNotStopTheWriter() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    JournalOptions options = new JournalOptions(1024, 4096);
    try (JournalWriter writer =
        new JournalWriter(
            "test",
            SegmentedJournal.open(disk, options),
            callback -> {
              throw new java.util.concurrent.RejectedExecutionException("gone");
            })) {
      writer.append(batch("a"), results::add);
      writer.append(batch("b"), results::add);
    }

    try (SegmentedJournal journal = SegmentedJournal.open(disk, options)) {
      assertEquals(2, journal.lastPosition());
    }
  }
}
