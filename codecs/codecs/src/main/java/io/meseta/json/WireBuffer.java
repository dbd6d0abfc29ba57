package io.meseta.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of a message in protobuf's encoding, growing at the end. */
final class WireBuffer {
  /** Space left for a length that is not known yet; protobuf reads padded numbers as well. */
  private static final int LENGTH_BYTES = 5;

  private byte[] bytes;
  private int size;

  WireBuffer(int expectedSize) {
    this.bytes = new byte[Math.max(64, expectedSize)];
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  void varint(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  void fixed64(long value) {
    ensure(Long.BYTES);
    for (int i = 0; i < Long.BYTES; i++) {
      bytes[size++] = (byte) (value >>> (8 * i));
    }
  }

  void fixed32(int value) {
    ensure(Integer.BYTES);
    for (int i = 0; i < Integer.BYTES; i++) {
      bytes[size++] = (byte) (value >>> (8 * i));
    }
  }

  void delimited(byte[] content, int length) {
    varint(length);
    ensure(length);
    System.arraycopy(content, 0, bytes, size, length);
    size += length;
  }

  void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    delimited(utf8, utf8.length);
  }

  /** As {@link #text(String)}; most texts are ASCII and are copied as they are. */
  void text(char[] chars, int from, int length) {
    int begin = size;
    varint(length);
    ensure(length);
    int at = size;
    for (int i = from; i < from + length; i++) {
      char c = chars[i];
      if (c >= 0x80) {
        size = begin;
        text(new String(chars, from, length));
        return;
      }
      bytes[at++] = (byte) c;
    }
    size = at;
  }

  /** An integer as its field's type encodes it. */
  void integer(long value, FieldPlan field) {
    switch (field.wire) {
      case VARINT -> varint(value);
      case ZIGZAG -> varint(value << 1 ^ value >> 63);
      case FIXED64 -> fixed64(value);
      case FIXED32 -> fixed32((int) value);
      case DELIMITED -> throw new IllegalArgumentException(field.name + " holds no number");
    }
  }

  /** Leaves space for the length of what follows, until {@link #end}. */
  int begin() {
    ensure(LENGTH_BYTES);
    int mark = size;
    size += LENGTH_BYTES;
    return mark;
  }

  /** Fills in the length of everything since {@link #begin}. */
  void end(int mark) {
    int rest = size - mark - LENGTH_BYTES;
    for (int i = 0; i < LENGTH_BYTES - 1; i++) {
      bytes[mark + i] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[mark + LENGTH_BYTES - 1] = (byte) rest;
  }

  void remove(int from, int to) {
    System.arraycopy(bytes, to, bytes, from, size - to);
    size -= to - from;
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.addExact(size, Math.max(more, size)));
    }
  }
}
