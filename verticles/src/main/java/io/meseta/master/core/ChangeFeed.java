package io.meseta.master.core;

import java.util.ArrayList;
import java.util.List;

/**
 * The last changes of the master's books, for any number of readers (D-8). One writer appends; a
 * reader is only a cursor, the sequence of the last change it has seen, so a slow reader costs
 * nothing: it falls behind the ring and is told so.
 *
 * <p>Not thread-safe: owned by the master's shell. Holds at most {@code capacity} changes; the
 * oldest go first.
 */
public final class ChangeFeed {
  /** What a reader gets. */
  public sealed interface Read {
    /** The changes after the cursor, oldest first; may be empty. */
    record Batch(List<Change> changes) implements Read {
      public Batch {
        changes = List.copyOf(changes);
      }
    }

    /** Changes after the cursor are gone: start again from a snapshot of the views. */
    record Lagged(long oldestSequence) implements Read {}
  }

  private final Change[] ring;
  private long nextSequence = 1;
  private long oldestSequence = 1;

  public ChangeFeed(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be at least 1, was " + capacity);
    }
    this.ring = new Change[capacity];
  }

  /** Adds the next change; sequences must follow each other without gaps. */
  public void append(Change change) {
    if (change.sequence() != nextSequence) {
      throw new IllegalStateException(
          "expected change " + nextSequence + ", got " + change.sequence());
    }
    ring[slot(nextSequence)] = change;
    nextSequence++;
    oldestSequence = Math.max(oldestSequence, nextSequence - ring.length);
  }

  /**
   * Reads at most {@code limit} changes after the one numbered {@code cursor}; 0 is before the
   * first.
   *
   * @throws IllegalArgumentException if the cursor is ahead of the feed
   */
  public Read readAfter(long cursor, int limit) {
    if (cursor >= nextSequence) {
      throw new IllegalArgumentException(
          "cursor " + cursor + " is ahead of the feed, which ends at " + lastSequence());
    }
    if (cursor + 1 < oldestSequence) {
      return new Read.Lagged(oldestSequence);
    }
    long end = Math.min(nextSequence, cursor + 1 + limit);
    List<Change> changes = new ArrayList<>();
    for (long sequence = cursor + 1; sequence < end; sequence++) {
      changes.add(ring[slot(sequence)]);
    }
    return new Read.Batch(changes);
  }

  /** The newest change's sequence, 0 before the first. */
  public long lastSequence() {
    return nextSequence - 1;
  }

  private int slot(long sequence) {
    return (int) (sequence % ring.length);
  }
}
