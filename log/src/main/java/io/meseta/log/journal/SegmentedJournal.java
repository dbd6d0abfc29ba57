package io.meseta.log.journal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The journal on a {@link Disk}: a chain of segments, of which the newest is written, and
 * snapshots. A torn end of the last append is cut off at opening; everything else that is not as it
 * was written is a {@link CorruptJournalException}.
 *
 * <p>One bound on what checksums can tell: damage to the very last append before a crash looks like
 * a torn one. A clean close marks the end, and damage before the mark is recognized.
 */
public final class SegmentedJournal implements Journal {
  private final Disk disk;
  private final JournalOptions options;

  /** Oldest first; never empty once open. */
  private final Deque<Segment> segments = new ArrayDeque<>();

  private final TreeSet<Long> snapshots = new TreeSet<>();
  private @Nullable String broken;

  private SegmentedJournal(Disk disk, JournalOptions options) {
    this.disk = disk;
    this.options = options;
  }

  /** Opens the journal of a directory, or begins a new one in an empty one; takes over the disk. */
  public static SegmentedJournal open(Disk disk, JournalOptions options) throws IOException {
    SegmentedJournal journal = new SegmentedJournal(disk, options);
    try {
      journal.recover();
      return journal;
    } catch (IOException | RuntimeException e) {
      journal.release();
      throw e;
    }
  }

  private void recover() throws IOException {
    List<FileName> names = new ArrayList<>();
    for (String name : disk.list()) {
      Optional<FileName> known = FileName.parse(name);
      if (known.isPresent() && !isEmpty(name)) {
        names.add(known.get());
      } else if (known.isPresent() || name.endsWith(FileName.UNFINISHED)) {
        disk.delete(name);
      }
    }
    names.sort(Comparator.comparingLong(FileName::position));
    for (FileName name : names) {
      if (name.kind() == FileName.Kind.SNAPSHOT) {
        snapshots.add(name.position());
      }
    }
    openChain(names.stream().filter(name -> name.kind() == FileName.Kind.SEGMENT).toList());
    if (segments.isEmpty() && snapshots.isEmpty()) {
      segments.add(Segment.create(disk, 1, options.segmentBytes()));
    }
    checkComplete();
    disk.forceDirectory(); // names found may be as fresh as the last frame
  }

  /** A name without contents can be left by a loss of power: such a file is not there (C-3). */
  private boolean isEmpty(String name) throws IOException {
    try (Disk.DiskFile file = disk.open(name)) {
      return file.size() == 0;
    }
  }

  private void openChain(List<FileName> names) throws IOException {
    for (int i = 0; i < names.size(); i++) {
      Segment segment = Segment.open(disk, names.get(i), i == names.size() - 1);
      if (!segments.isEmpty() && segment.firstPosition() != lastPosition() + 1) {
        dropBeforeGap(segment);
      }
      segments.add(segment);
    }
  }

  /** An interrupted truncation may leave older segments behind a gap that a snapshot covers. */
  private void dropBeforeGap(Segment next) throws IOException {
    if (snapshots.isEmpty() || next.firstPosition() > snapshots.last() + 1) {
      next.close();
      throw missing(lastPosition() + 1, next);
    }
    while (!segments.isEmpty()) {
      delete(segments.removeFirst());
    }
  }

  private void checkComplete() throws IOException {
    long covered = snapshots.isEmpty() ? 0 : snapshots.last();
    if (segments.isEmpty() || lastPosition() < covered) {
      long last = segments.isEmpty() ? 0 : lastPosition();
      throw new CorruptJournalException(
          disk.describe(new FileName(FileName.Kind.SNAPSHOT, covered).toString()),
          0,
          "the snapshot stands for positions up to "
              + covered
              + " but the segments end at "
              + last);
    }
    if (segments.getFirst().firstPosition() > covered + 1) {
      throw missing(covered + 1, segments.getFirst());
    }
  }

  private CorruptJournalException missing(long from, Segment next) {
    return new CorruptJournalException(
        disk.describe(next.name().toString()),
        0,
        "positions " + from + " to " + (next.firstPosition() - 1) + " before it are missing");
  }

  @Override
  public long append(List<byte[]> records) throws IOException {
    long bytes = Frame.sizeOf(records);
    if (records.isEmpty() || bytes > options.maxBatchBytes()) {
      throw new IllegalArgumentException(
          records.isEmpty()
              ? "a batch needs a record"
              : "a batch of " + bytes + " bytes is above the bound of " + options.maxBatchBytes());
    }
    write(() -> appendFrame(new Frame(Frame.Kind.BATCH, lastPosition() + 1, records)));
    return lastPosition();
  }

  private void appendFrame(Frame frame) throws IOException {
    if (!segments.getLast().fits(frame)) {
      long needed = FileHeader.BYTES + Frame.sizeOf(frame.records());
      int bytes = Math.toIntExact(Math.max(options.segmentBytes(), needed));
      segments.add(Segment.create(disk, lastPosition() + 1, bytes));
    }
    segments.getLast().append(frame);
  }

  @Override
  public long lastPosition() {
    return segments.getLast().lastPosition();
  }

  @Override
  public Optional<Snapshot> latestSnapshot() throws IOException {
    return snapshots.isEmpty()
        ? Optional.empty()
        : Optional.of(
            SnapshotFile.read(disk, new FileName(FileName.Kind.SNAPSHOT, snapshots.last())));
  }

  @Override
  public void readAfter(long position, RecordConsumer consumer) throws IOException {
    long first = segments.getFirst().firstPosition();
    if (position < first - 1) {
      throw new IllegalArgumentException(
          "records after " + position + " were truncated; the oldest is " + first);
    }
    for (Segment segment : segments) {
      segment.readAfter(position, consumer);
    }
  }

  @Override
  public void snapshot(long position, List<byte[]> state) throws IOException {
    long newest = snapshots.isEmpty() ? 0 : snapshots.last();
    if (position <= newest || position > lastPosition()) {
      throw new IllegalArgumentException(
          "a snapshot must be above "
              + newest
              + " and at most "
              + lastPosition()
              + ": "
              + position);
    }
    write(() -> SnapshotFile.write(disk, position, state));
    snapshots.add(position);
  }

  @Override
  public void truncate(long position) throws IOException {
    long newest = snapshots.isEmpty() ? 0 : snapshots.last();
    if (position > newest) {
      throw new IllegalArgumentException(
          "only up to the newest snapshot, " + newest + ", may be truncated: " + position);
    }
    write(
        () -> {
          while (segments.size() > 1 && segments.getFirst().lastPosition() <= position) {
            delete(segments.removeFirst());
          }
          while (!snapshots.isEmpty() && snapshots.first() < newest) {
            disk.delete(new FileName(FileName.Kind.SNAPSHOT, snapshots.pollFirst()).toString());
          }
          disk.forceDirectory();
        });
  }

  private void delete(Segment segment) throws IOException {
    segment.close();
    disk.delete(segment.name().toString());
  }

  @FunctionalInterface
  private interface Write {
    void run() throws IOException;
  }

  /** The first failure is the last write: what is on the disk is unknown from then on (ST-12). */
  private void write(Write write) throws IOException {
    if (broken != null) {
      throw new IOException("the journal failed before and writes no more: " + broken);
    }
    try {
      write.run();
    } catch (IOException | RuntimeException e) {
      broken = String.valueOf(e.getMessage());
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      if (broken == null && !segments.getLast().closedCleanly()) {
        broken = "closed";
        Frame mark = new Frame(Frame.Kind.CLOSED, lastPosition() + 1, List.of());
        if (segments.getLast().fits(mark)) {
          segments.getLast().append(mark);
        }
      }
    } finally {
      broken = "closed";
      release();
    }
  }

  private void release() throws IOException {
    try {
      for (Segment segment : segments) {
        segment.close();
      }
    } finally {
      disk.close();
    }
  }
}
