package io.meseta.log.journal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * An ordered list of records that survives crashes. Every record has a position: 1 for the first
 * record ever, then counting up without gaps. All methods block and belong to one thread at a time.
 *
 * <p>After an {@link IOException} from a writing method the journal writes no more: what reached
 * the disk is unknown until it is opened again (replicated-log ST-12).
 */
public interface Journal extends AutoCloseable {
  /**
   * Appends all records or none and returns when they are durable.
   *
   * @return the position of the last of them
   * @throws IllegalArgumentException if the batch is empty or larger than the journal's bound
   */
  long append(List<byte[]> records) throws IOException;

  /** The position of the newest durable record, 0 if there never was one. */
  long lastPosition();

  /** The newest snapshot, checked. */
  Optional<Snapshot> latestSnapshot() throws IOException;

  /**
   * Gives every record after {@code position} in order. Checksums are verified at each read.
   *
   * @throws IllegalArgumentException if records after {@code position} have been truncated
   */
  void readAfter(long position, RecordConsumer consumer) throws IOException;

  /**
   * Stores durably what the records up to {@code position} add up to. Older snapshots stay until
   * {@link #truncate}.
   *
   * @param position at most {@link #lastPosition}, and above that of the newest snapshot
   */
  void snapshot(long position, List<byte[]> state) throws IOException;

  /**
   * Allows the journal to forget records up to {@code position}, and snapshots that a newer one
   * replaces. Space is given back in whole segments.
   *
   * @param position at most that of the newest snapshot
   */
  void truncate(long position) throws IOException;

  /** Marks the journal as cleanly closed and gives up its lock. */
  @Override
  void close() throws IOException;

  /**
   * What the records up to a position add up to.
   *
   * @param position of the last record that went into the state
   * @param state as it was handed to {@link Journal#snapshot}
   */
  record Snapshot(long position, List<byte[]> state) {
    public Snapshot {
      state = List.copyOf(state);
    }
  }

  /** Takes one record; may refuse it by an {@link IOException} that ends the reading. */
  @FunctionalInterface
  interface RecordConsumer {
    void accept(long position, byte[] record) throws IOException;
  }
}
