package io.meseta.kernel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/** Ids: making them, and the one rule that ids from outside must obey. */
public final class Ids {
  /** The longest id that can name a directory (NAME_MAX). */
  public static final int MAX_ID_BYTES = 255;

  private Ids() {}

  /** A random (version 4) UUID from the given source. */
  public static UUID uuid(Rng rng) {
    long high = (rng.nextLong() & ~0xF000L) | 0x4000L;
    long low = (rng.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }

  /** The 16 bytes that {@code uuid} fields of the v1 API carry. */
  public static byte[] bytes(UUID uuid) {
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }

  /** Reads 16 bytes; the caller has checked the length. */
  public static UUID uuid(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new UUID(buffer.getLong(), buffer.getLong());
  }

  /**
   * Why {@code id} cannot be an id of a task, executor, agent, framework or volume (scheduler-api
   * V-9), if it cannot: ids become directory names.
   */
  public static Optional<String> invalid(String id) {
    if (id.isEmpty()) {
      return Optional.of("ID must not be empty");
    }
    if (id.length() > MAX_ID_BYTES || id.getBytes(StandardCharsets.UTF_8).length > MAX_ID_BYTES) {
      return Optional.of("ID must not be greater than " + MAX_ID_BYTES + " characters");
    }
    if (id.equals(".") || id.equals("..")) {
      return Optional.of("'" + id + "' is disallowed");
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c < 0x20 || c == 0x7F || c == '/' || c == '\\') {
        return Optional.of("'" + id + "' contains invalid characters");
      }
    }
    return Optional.empty();
  }
}
