package io.meseta.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/**
 * Hands an immutable message over by reference. It has no form on the wire: an attempt to send it
 * to another process is a bug, and fails.
 */
final class LocalCodec<T> implements MessageCodec<T, T> {
  private final Class<T> type;

  LocalCodec(Class<T> type) {
    this.type = type;
  }

  static String nameOf(Class<?> type) {
    return "local:" + type.getName();
  }

  @Override
  public void encodeToWire(Buffer buffer, T message) {
    throw new UnsupportedOperationException(type.getName() + " cannot leave its process");
  }

  @Override
  public T decodeFromWire(int position, Buffer buffer) {
    throw new UnsupportedOperationException(type.getName() + " cannot come from another process");
  }

  @Override
  public T transform(T message) {
    return message;
  }

  @Override
  public String name() {
    return nameOf(type);
  }

  /** Marks a codec of a user, as opposed to Vert.x's own. */
  @Override
  public byte systemCodecID() {
    return -1;
  }
}
