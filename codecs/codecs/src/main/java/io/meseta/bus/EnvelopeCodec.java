package io.meseta.bus;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.meseta.schema.internal.v1.Envelope;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Envelopes as protobuf between processes, by reference inside one. On the wire: the length as a
 * 32-bit number, then the message.
 */
final class EnvelopeCodec implements MessageCodec<Envelope, Envelope> {
  static final String NAME = "meseta.internal.v1.Envelope";

  @Override
  public void encodeToWire(Buffer buffer, Envelope envelope) {
    byte[] bytes = new byte[envelope.getSerializedSize()];
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      envelope.writeTo(out);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    buffer.appendInt(bytes.length).appendBytes(bytes);
  }

  /**
   * @throws BadMessageException if the bytes are no envelope, or one of a version that this process
   *     cannot understand
   */
  @Override
  public Envelope decodeFromWire(int position, Buffer buffer) {
    int available = buffer.length() - position - Integer.BYTES;
    int length = available < 0 ? -1 : buffer.getInt(position);
    if (length < 0 || length > available) {
      throw new BadMessageException("an envelope was cut short");
    }
    int from = position + Integer.BYTES;
    try {
      return checked(Envelope.parseFrom(buffer.getBytes(from, from + length)));
    } catch (InvalidProtocolBufferException e) {
      throw new BadMessageException("an envelope cannot be decoded: " + e.getMessage());
    }
  }

  private static Envelope checked(Envelope envelope) {
    if (envelope.getSchemaVersion() > Envelopes.SCHEMA_VERSION) {
      throw new BadMessageException(
          "an envelope of cluster "
              + envelope.getClusterId()
              + ", session "
              + envelope.getLinkSession()
              + ", has schema version "
              + Integer.toUnsignedString(envelope.getSchemaVersion())
              + ", this process understands up to "
              + Envelopes.SCHEMA_VERSION
              + ": upgrade it");
    }
    return envelope;
  }

  @Override
  public Envelope transform(Envelope envelope) {
    return envelope;
  }

  @Override
  public String name() {
    return NAME;
  }

  /** Marks a codec of a user, as opposed to Vert.x's own. */
  @Override
  public byte systemCodecID() {
    return -1;
  }
}
