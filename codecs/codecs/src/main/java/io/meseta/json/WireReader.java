package io.meseta.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A cursor over protobuf's encoding that can be set back. For bytes that protobuf wrote: what it
 * never writes is an {@link IllegalArgumentException}.
 */
final class WireReader {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  final byte[] bytes;
  int at;

  WireReader(byte[] bytes) {
    this.bytes = bytes;
  }

  int tag() {
    return (int) varint();
  }

  long varint() {
    byte first = bytes[at];
    if (first >= 0) {
      at++;
      return first;
    }
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte b = bytes[at++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number of more than ten bytes");
  }

  /** The length of what follows. */
  int length() {
    int length = (int) varint();
    if (length < 0 || length > bytes.length - at) {
      throw new IllegalArgumentException("a length beyond the end");
    }
    return length;
  }

  long fixed64() {
    long value = (long) LONG.get(bytes, at);
    at += Long.BYTES;
    return value;
  }

  int fixed32() {
    int value = (int) INT.get(bytes, at);
    at += Integer.BYTES;
    return value;
  }

  /** An integer as its field's type encodes it, 32-bit ones extended by their sign. */
  long integer(FieldPlan field) {
    return switch (field.wire) {
      case VARINT -> varint();
      case ZIGZAG -> {
        long folded = varint();
        yield folded >>> 1 ^ -(folded & 1);
      }
      case FIXED64 -> fixed64();
      case FIXED32 -> fixed32();
      case DELIMITED -> throw new IllegalArgumentException(field.name + " holds no number");
    };
  }

  /** Passes over what a tag announced; of an unknown group, up to the tag that closes it. */
  void skip(int tag) {
    int openGroups = 0;
    int next = tag;
    while (true) {
      switch (next & 7) {
        case 0 -> varint();
        case 1 -> at += Long.BYTES;
        case 2 -> {
          int length = length();
          at += length;
        }
        case 3 -> openGroups++;
        case 4 -> openGroups--;
        case 5 -> at += Integer.BYTES;
        default -> throw new IllegalArgumentException("wire type " + (next & 7));
      }
      if (openGroups <= 0) {
        return;
      }
      next = tag();
    }
  }
}
