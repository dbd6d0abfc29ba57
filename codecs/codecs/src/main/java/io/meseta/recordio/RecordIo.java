package io.meseta.recordio;

import java.nio.charset.StandardCharsets;

/** The writing half of RecordIO. Stateless: safe for use by any thread. */
public final class RecordIo {
  /** Digits of the largest unsigned 64-bit number; no header is longer. */
  public static final int MAX_HEADER_DIGITS = 20;

  private RecordIo() {}

  /** The bytes that go before a record of this many bytes: digits and a line feed. */
  public static byte[] header(int recordBytes) {
    if (recordBytes < 0) {
      throw new IllegalArgumentException("negative record size " + recordBytes);
    }
    return (recordBytes + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** One framed record. Nothing follows it: the next record's header comes at once. */
  public static byte[] encode(byte[] record) {
    return encode(record, 0, record.length);
  }

  /** As {@link #encode(byte[])}, for a part of an array. */
  public static byte[] encode(byte[] source, int offset, int length) {
    byte[] header = header(length);
    byte[] framed = new byte[header.length + length];
    System.arraycopy(header, 0, framed, 0, header.length);
    System.arraycopy(source, offset, framed, header.length, length);
    return framed;
  }
}
