package io.meseta.recordio;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into records, however the bytes arrive.
 *
 * <p>Memory grows with the bytes that came, never with the size that a header promises. After an
 * error nothing more is decoded: where the next record would begin is unknown. One owner, not
 * thread-safe.
 */
public final class RecordDecoder {
  /** First space made for a record that comes in pieces, in bytes. */
  private static final int FIRST_PIECE_BYTES = 8 << 10;

  private static final byte[] NOTHING = new byte[0];

  private final int maxRecordBytes;
  private final byte[] header = new byte[RecordIo.MAX_HEADER_DIGITS];
  private int headerSize;

  /** Bytes of the record that is being read, or -1 while its header is. */
  private int recordSize = -1;

  private byte[] record = NOTHING;
  private int received;
  private @Nullable RecordIoException failure;

  /**
   * @param maxRecordBytes largest record accepted
   */
  public RecordDecoder(int maxRecordBytes) {
    if (maxRecordBytes < 0) {
      throw new IllegalArgumentException("negative bound " + maxRecordBytes);
    }
    this.maxRecordBytes = maxRecordBytes;
  }

  /** As {@link #feed(byte[], int, int, Consumer)}, for a whole array. */
  public void feed(byte[] bytes, Consumer<byte[]> records) throws RecordIoException {
    feed(bytes, 0, bytes.length, records);
  }

  /**
   * Takes the next bytes of the stream and hands on each record that they complete, in order; a
   * record of no bytes is an empty array.
   *
   * @throws RecordIoException at the first byte that cannot belong to a header, or a header above
   *     the bound; records before it were handed on. Every later call throws it again.
   */
  public void feed(byte[] bytes, int offset, int length, Consumer<byte[]> records)
      throws RecordIoException {
    if (failure != null) {
      throw failure;
    }
    int end = offset + length;
    int at = offset;
    while (at < end) {
      if (recordSize < 0) {
        at = readHeader(bytes, at, end);
        if (recordSize == 0) {
          records.accept(finished(NOTHING));
        }
      } else if (received == 0 && end - at >= recordSize) {
        int from = at;
        at += recordSize;
        records.accept(finished(Arrays.copyOfRange(bytes, from, at)));
      } else {
        int size = Math.min(end - at, recordSize - received);
        append(bytes, at, size);
        at += size;
        if (received == recordSize) {
          records.accept(
              finished(record.length == received ? record : Arrays.copyOf(record, received)));
        }
      }
    }
  }

  /** Whether the stream may end here: no record has been begun. */
  public boolean atBoundary() {
    return recordSize < 0 && headerSize == 0;
  }

  private int readHeader(byte[] bytes, int from, int end) throws RecordIoException {
    int at = from;
    while (at < end) {
      byte b = bytes[at++];
      if (b == '\n') {
        recordSize = parsedSize();
        headerSize = 0;
        return at;
      }
      if (headerSize == header.length) {
        throw failed(
            "Failed to decode length: more than " + RecordIo.MAX_HEADER_DIGITS + " digits");
      }
      header[headerSize++] = b;
      if (b < '0' || b > '9') {
        throw notANumber();
      }
    }
    return at;
  }

  private int parsedSize() throws RecordIoException {
    if (headerSize == 0) {
      throw notANumber();
    }
    long size = 0;
    for (int i = 0; i < headerSize && size <= maxRecordBytes; i++) {
      size = size * 10 + (header[i] - '0');
    }
    if (size > maxRecordBytes) {
      throw failed(
          "a record of %s bytes is above the bound of %d".formatted(headerText(), maxRecordBytes));
    }
    return (int) size;
  }

  private RecordIoException notANumber() {
    String text = headerText();
    return failed(
        "Failed to decode length '%s': Failed to convert '%s' to number".formatted(text, text));
  }

  private String headerText() {
    return new String(header, 0, headerSize, StandardCharsets.ISO_8859_1);
  }

  private RecordIoException failed(String reason) {
    RecordIoException exception = new RecordIoException(reason);
    failure = exception;
    record = NOTHING;
    return exception;
  }

  private void append(byte[] bytes, int from, int size) {
    int needed = received + size;
    if (record.length < needed) {
      // Doubling, up to the record's own size.
      long doubled = Math.max(FIRST_PIECE_BYTES, record.length * 2L);
      record = Arrays.copyOf(record, (int) Math.min(recordSize, Math.max(needed, doubled)));
    }
    System.arraycopy(bytes, from, record, received, size);
    received = needed;
  }

  /** Everything is reset before a record is handed on: its consumer may throw. */
  private byte[] finished(byte[] complete) {
    recordSize = -1;
    record = NOTHING;
    received = 0;
    return complete;
  }
}
