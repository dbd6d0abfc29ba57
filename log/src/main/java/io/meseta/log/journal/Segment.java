package io.meseta.log.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One preallocated file of frames. Only the newest segment of a journal is written; behind its last
 * frame there are only zeros.
 */
final class Segment implements AutoCloseable {
  private static final int ZEROS_BYTES = 1 << 16;

  private final String description;
  private final Disk.DiskFile file;
  private final long firstPosition;
  private final long size;
  private long nextPosition;
  private int endOffset;
  private boolean closedCleanly = true;

  private Segment(
      String description, Disk.DiskFile file, long firstPosition, long size, int endOffset) {
    this.description = description;
    this.file = file;
    this.firstPosition = firstPosition;
    this.size = size;
    this.nextPosition = firstPosition;
    this.endOffset = endOffset;
  }

  /** Makes a segment that is durable, with all its space, before it gets its name. */
  static Segment create(Disk disk, long firstPosition, int bytes) throws IOException {
    FileName name = new FileName(FileName.Kind.SEGMENT, firstPosition);
    String unfinished = name + FileName.UNFINISHED;
    try (Disk.DiskFile file = disk.create(unfinished)) {
      fillWithZeros(file, 0, bytes);
      file.write(new FileHeader(firstPosition).encode(), 0);
      file.force();
    }
    disk.rename(unfinished, name.toString());
    disk.forceDirectory();
    return new Segment(
        disk.describe(name.toString()),
        disk.open(name.toString()),
        firstPosition,
        bytes,
        FileHeader.BYTES);
  }

  /**
   * Opens a segment and checks every frame of it.
   *
   * @param newest whether nothing was written after it, so that its end may be torn
   */
  static Segment open(Disk disk, FileName name, boolean newest) throws IOException {
    String description = disk.describe(name.toString());
    Disk.DiskFile file = disk.open(name.toString());
    try {
      Segment segment =
          new Segment(description, file, name.position(), file.size(), FileHeader.BYTES);
      segment.scan(newest);
      return segment;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private void scan(boolean newest) throws IOException {
    ByteBuffer bytes = contents();
    FileHeader.check(bytes, description, firstPosition);
    while (true) {
      switch (Frame.parse(bytes, endOffset)) {
        case Frame.Parsed.Valid valid -> advance(valid);
        case Frame.Parsed.Nothing nothing -> {
          if (newest) {
            // What was read may be only in the cache, written by a process that died before it
            // could force: from now on it counts, so it must be durable.
            file.force();
          }
          return;
        }
        case Frame.Parsed.Invalid invalid -> {
          // A batch is forced before the next one is written, so only the last one can be torn.
          if (!newest || Frame.anyFollows(bytes, endOffset, nextPosition)) {
            throw new CorruptJournalException(description, endOffset, invalid.reason());
          }
          fillWithZeros(file, endOffset, size);
          file.force();
          return;
        }
      }
    }
  }

  private void advance(Frame.Parsed.Valid valid) throws CorruptJournalException {
    Frame frame = valid.frame();
    if (frame.firstPosition() != nextPosition
        || (frame.kind() != Frame.Kind.BATCH && frame.kind() != Frame.Kind.CLOSED)) {
      throw new CorruptJournalException(
          description,
          endOffset,
          "found "
              + frame.kind()
              + " at position "
              + frame.firstPosition()
              + ", expected records at "
              + nextPosition);
    }
    nextPosition += frame.records().size();
    endOffset = valid.nextOffset();
    closedCleanly = frame.kind() == Frame.Kind.CLOSED;
  }

  boolean fits(Frame frame) {
    return Frame.sizeOf(frame.records()) <= size - endOffset;
  }

  /** Writes and forces one frame. After a failure the segment must not be used any more. */
  void append(Frame frame) throws IOException {
    ByteBuffer bytes = frame.encode();
    int length = bytes.remaining();
    file.write(bytes, endOffset);
    file.force();
    endOffset += length;
    nextPosition += frame.records().size();
    closedCleanly = frame.kind() == Frame.Kind.CLOSED;
  }

  void readAfter(long position, Journal.RecordConsumer consumer) throws IOException {
    if (lastPosition() <= position) {
      return;
    }
    ByteBuffer bytes = contents();
    int offset = FileHeader.BYTES;
    while (offset < endOffset) {
      if (!(Frame.parse(bytes, offset) instanceof Frame.Parsed.Valid valid)) {
        throw new CorruptJournalException(description, offset, "it was whole at opening");
      }
      long at = valid.frame().firstPosition();
      for (byte[] record : valid.frame().records()) {
        if (at > position) {
          consumer.accept(at, record);
        }
        at++;
      }
      offset = valid.nextOffset();
    }
  }

  private ByteBuffer contents() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
    file.read(bytes, 0);
    return bytes.flip();
  }

  long firstPosition() {
    return firstPosition;
  }

  long lastPosition() {
    return nextPosition - 1;
  }

  boolean closedCleanly() {
    return closedCleanly;
  }

  FileName name() {
    return new FileName(FileName.Kind.SEGMENT, firstPosition);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static void fillWithZeros(Disk.DiskFile file, long from, long to) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(ZEROS_BYTES);
    for (long at = from; at < to; at += ZEROS_BYTES) {
      file.write(zeros.clear().limit((int) Math.min(ZEROS_BYTES, to - at)), at);
    }
  }
}
