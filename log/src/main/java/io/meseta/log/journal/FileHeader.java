package io.meseta.log.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The first bytes of every file of a journal (decision D-21).
 *
 * <pre>
 * 0   8  magic "MESETAJ\n"
 * 8   4  format version
 * 12  8  position: a segment's first one, or the one that a snapshot stands for
 * 20  4  CRC32C of bytes 0 to 19
 * 24  8  zero
 * </pre>
 */
record FileHeader(long position) {
  static final int BYTES = 32;
  static final int FORMAT_VERSION = 1;

  private static final byte[] MAGIC = "MESETAJ\n".getBytes(StandardCharsets.US_ASCII);
  private static final int CHECKED_BYTES = 20;

  ByteBuffer encode() {
    ByteBuffer buffer = ByteBuffer.allocate(BYTES);
    buffer.put(MAGIC).putInt(FORMAT_VERSION).putLong(position);
    return buffer.putInt(CHECKED_BYTES, checksum(buffer)).clear();
  }

  /** Reads the header of a whole file called {@code name}, which should be at {@code position}. */
  static void check(ByteBuffer file, String name, long position) throws CorruptJournalException {
    if (file.limit() < BYTES) {
      throw new CorruptJournalException(name, 0, "shorter than its header");
    }
    byte[] magic = new byte[MAGIC.length];
    file.get(0, magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new CorruptJournalException(name, 0, "not a file of a journal");
    }
    if (file.getInt(CHECKED_BYTES) != checksum(file)) {
      throw new CorruptJournalException(name, 0, "checksum mismatch in the header");
    }
    int version = file.getInt(MAGIC.length);
    if (version != FORMAT_VERSION) {
      throw new CorruptJournalException(
          name,
          MAGIC.length,
          "format version " + version + " is unknown; this program reads " + FORMAT_VERSION);
    }
    long found = file.getLong(12);
    if (found != position) {
      throw new CorruptJournalException(
          name, 12, "holds position " + found + " but is named for " + position);
    }
  }

  private static int checksum(ByteBuffer header) {
    CRC32C crc = new CRC32C();
    crc.update(header.slice(0, CHECKED_BYTES));
    return (int) crc.getValue();
  }
}
