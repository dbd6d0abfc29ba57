package io.meseta.log.journal;

/**
 * Sizes of a journal.
 *
 * @param segmentBytes a segment's size on disk, given at creation; a larger batch gets a larger one
 * @param maxBatchBytes bound of one append, and of one record, including a few bytes of overhead
 */
public record JournalOptions(int segmentBytes, int maxBatchBytes) {
  public static final JournalOptions DEFAULT = new JournalOptions(4 << 20, 64 << 20);

  public JournalOptions {
    if (segmentBytes < 1024) {
      throw new IllegalArgumentException("segmentBytes must be at least 1024: " + segmentBytes);
    }
    if (maxBatchBytes < 1024 || maxBatchBytes > 1 << 30) {
      throw new IllegalArgumentException("maxBatchBytes must be 1024 to 1 GiB: " + maxBatchBytes);
    }
  }
}
