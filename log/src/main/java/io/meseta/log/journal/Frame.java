package io.meseta.log.journal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What the journal writes in one piece: the records of one batch under one checksum, so that a
 * batch is there wholly or not at all.
 *
 * <pre>
 * 0   4  magic "MFRM"
 * 4   4  length of the body in bytes
 * 8   4  CRC32C of the length and the body
 * 12  1  kind
 * 13  8  position of the first record
 * 21  4  number of records
 * 25     the records: 4 bytes length, then the bytes
 * </pre>
 *
 * All numbers are big-endian.
 */
record Frame(Kind kind, long firstPosition, List<byte[]> records) {
  private static final int MAGIC = 0x4D46_524D;
  private static final int HEADER_BYTES = 12;
  private static final int FIXED_BODY_BYTES = 13;

  /** What a frame costs besides its records' bytes, and what each record costs. */
  static final int OVERHEAD_BYTES = HEADER_BYTES + FIXED_BODY_BYTES;

  static final int RECORD_OVERHEAD_BYTES = 4;

  enum Kind {
    /** Records of the journal. */
    BATCH(1),
    /** Written by a clean close: whatever stands before it was complete. */
    CLOSED(2),
    /** A part of a snapshot's state. */
    STATE(3),
    /** The end of a snapshot; its first position is the number of records of the state. */
    STATE_END(4);

    private final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }

    private static Optional<Kind> of(byte code) {
      return Arrays.stream(values()).filter(kind -> kind.code == code).findAny();
    }
  }

  /** What stands at one offset of a file. */
  sealed interface Parsed {
    record Valid(Frame frame, int nextOffset) implements Parsed {}

    /** Nothing but zeros up to the end of the file. */
    record Nothing() implements Parsed {}

    record Invalid(String reason) implements Parsed {}
  }

  long lastPosition() {
    return firstPosition + records.size() - 1;
  }

  static long sizeOf(List<byte[]> records) {
    long size = OVERHEAD_BYTES;
    for (byte[] record : records) {
      size += RECORD_OVERHEAD_BYTES + record.length;
    }
    return size;
  }

  /** The frame as bytes, ready to be read from the buffer. */
  ByteBuffer encode() {
    ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(sizeOf(records)));
    buffer.putInt(MAGIC).putInt(buffer.capacity() - HEADER_BYTES).putInt(0);
    buffer.put(kind.code).putLong(firstPosition).putInt(records.size());
    for (byte[] record : records) {
      buffer.putInt(record.length).put(record);
    }
    return buffer.putInt(8, checksum(buffer, 0, buffer.capacity())).flip();
  }

  private static int checksum(ByteBuffer buffer, int offset, int end) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.slice(offset + 4, 4));
    crc.update(buffer.slice(offset + HEADER_BYTES, end - offset - HEADER_BYTES));
    return (int) crc.getValue();
  }

  /** Reads what stands at {@code offset} of a whole file. */
  static Parsed parse(ByteBuffer file, int offset) {
    int available = file.limit() - offset;
    if (available < HEADER_BYTES || file.getInt(offset) != MAGIC) {
      return onlyZeros(file, offset)
          ? new Parsed.Nothing()
          : new Parsed.Invalid("no frame begins here");
    }
    int bodyLength = file.getInt(offset + 4);
    if (bodyLength < FIXED_BODY_BYTES || bodyLength > available - HEADER_BYTES) {
      return new Parsed.Invalid("a frame cannot have " + bodyLength + " bytes here");
    }
    int end = offset + HEADER_BYTES + bodyLength;
    if (checksum(file, offset, end) != file.getInt(offset + 8)) {
      return new Parsed.Invalid("checksum mismatch");
    }
    return body(file.slice(offset + HEADER_BYTES, bodyLength), end);
  }

  private static Parsed body(ByteBuffer body, int end) {
    byte code = body.get();
    Optional<Kind> kind = Kind.of(code);
    if (kind.isEmpty()) {
      return new Parsed.Invalid("unknown frame kind " + code);
    }
    long firstPosition = body.getLong();
    int count = body.getInt();
    if (count < 0 || (long) count * RECORD_OVERHEAD_BYTES > body.remaining()) {
      return new Parsed.Invalid(count + " records do not fit");
    }
    List<byte[]> records = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int length = body.remaining() < RECORD_OVERHEAD_BYTES ? -1 : body.getInt();
      if (length < 0 || length > body.remaining()) {
        return new Parsed.Invalid("record " + i + " does not fit");
      }
      byte[] record = new byte[length];
      body.get(record);
      records.add(record);
    }
    return new Parsed.Valid(new Frame(kind.get(), firstPosition, records), end);
  }

  /** Whether a whole frame with a position from {@code position} on stands anywhere behind. */
  static boolean anyFollows(ByteBuffer file, int offset, long position) {
    for (int at = offset + 1; at <= file.limit() - OVERHEAD_BYTES; at++) {
      if (file.getInt(at) == MAGIC
          && parse(file, at) instanceof Parsed.Valid valid
          && valid.frame().firstPosition() >= position) {
        return true;
      }
    }
    return false;
  }

  static boolean onlyZeros(ByteBuffer file, int offset) {
    for (int at = offset; at < file.limit(); at++) {
      if (file.get(at) != 0) {
        return false;
      }
    }
    return true;
  }
}
