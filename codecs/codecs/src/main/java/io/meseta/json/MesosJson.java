package io.meseta.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages as JSON and back, as the v1 APIs speak it (rules J-1 to J-21, W-5 to W-7).
 *
 * <p>Output: names as declared, in declared order; unset fields with a declared default are written
 * with it; 64-bit numbers bare; bytes as base64; maps as objects. Input: unknown keys and {@code
 * null} are ignored, a single value stands for a list, numbers and booleans may be quoted, enum
 * values go by name. Numbers that the field cannot hold exactly are refused, where upstream bends
 * them.
 *
 * <p>Safe for use by any thread. Both directions cost time and memory in proportion to the text.
 */
public final class MesosJson {
  /** Deepest nesting of objects and lists read. */
  public static final int MAX_DEPTH = 200;

  /** Deepest nesting of messages read: protobuf itself reads no more. */
  public static final int MAX_MESSAGE_DEPTH = 100;

  /** Longest text read, in bytes; what serves HTTP has lower bounds of its own. */
  public static final int MAX_BYTES = 128 << 20;

  /** Longest number read, in characters. */
  static final int MAX_NUMBER_CHARS = 1_000;

  /** Longest key read, in characters. */
  static final int MAX_KEY_CHARS = 64 << 10;

  /** Missing fields named in one error; more are counted. */
  static final int MAX_MISSING_NAMED = 50;

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          // Bytes are UTF-8 whatever they look like.
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          // Clients choose the keys: they must not fill the JVM's string table.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          // All of Unicode is written raw.
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_CHARS)
                  .maxNameLength(MAX_KEY_CHARS)
                  .maxStringLength(MAX_BYTES)
                  .build())
          .build();

  private MesosJson() {}

  /** The message as a compact JSON object in UTF-8. */
  public static byte[] write(MessageOrBuilder message) {
    try (ByteArrayBuilder out = new ByteArrayBuilder()) {
      write(message, out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
  }

  /** As {@link #write(MessageOrBuilder)}; the stream is neither flushed nor closed. */
  public static void write(MessageOrBuilder message, OutputStream out) throws IOException {
    try (JsonGenerator json = generator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
      write(message, json);
    }
  }

  /** Writes the message as one value of a larger text that the caller composes. */
  public static void write(MessageOrBuilder message, JsonGenerator out) throws IOException {
    Message built = message instanceof Message.Builder b ? b.buildPartial() : (Message) message;
    writeEncoded(built.toByteArray(), built.getDescriptorForType(), out);
  }

  /**
   * Writes a message that is at hand in its encoded form, without decoding it.
   *
   * @param encoded as protobuf writes it: each field's values together, single ones once
   * @throws IllegalArgumentException if the bytes are no message of this type
   */
  public static void writeEncoded(byte[] encoded, Descriptor type, JsonGenerator out)
      throws IOException {
    try {
      new WireToJson(encoded, out).write(MessagePlan.of(type));
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("a " + type.getFullName() + " that ends early", e);
    }
  }

  /** Writes a number as the mapping has it (J-6); infinities and NaN as strings. */
  public static void writeNumber(JsonGenerator out, double number) throws IOException {
    if (Double.isFinite(number)) {
      out.writeNumber(DoubleText.of(number));
    } else {
      out.writeString(Double.toString(number));
    }
  }

  /** A generator of compact UTF-8 for texts that hold more than a message. */
  public static JsonGenerator generator(OutputStream out) throws IOException {
    return FACTORY.createGenerator(out);
  }

  /**
   * Reads one message, all of whose required fields are set.
   *
   * @param json the whole text, UTF-8, at most {@link #MAX_BYTES}
   * @param defaultInstance of the type to read
   * @throws MesosJsonException if the text is not JSON, or does not fit the message
   */
  public static <T extends Message> T read(byte[] json, T defaultInstance)
      throws MesosJsonException {
    return read(json, 0, json.length, defaultInstance);
  }

  /** As {@link #read(byte[], Message)}, for the remaining bytes of a buffer, which it consumes. */
  public static <T extends Message> T read(ByteBuffer json, T defaultInstance)
      throws MesosJsonException {
    int length = json.remaining();
    if (json.hasArray()) {
      int offset = json.arrayOffset() + json.position();
      json.position(json.limit());
      return read(json.array(), offset, length, defaultInstance);
    }
    byte[] copy = new byte[length];
    json.get(copy);
    return read(copy, 0, length, defaultInstance);
  }

  /** As {@link #read(byte[], Message)}, for a part of an array. */
  public static <T extends Message> T read(byte[] json, int offset, int length, T defaultInstance)
      throws MesosJsonException {
    if (length > MAX_BYTES) {
      throw MesosJsonException.syntax(
          "the text has " + length + " bytes, at most " + MAX_BYTES + " are read");
    }
    if (!UnsafeByteOperations.unsafeWrap(json, offset, length).isValidUtf8()) {
      throw MesosJsonException.syntax("the text is not UTF-8");
    }
    if (hasSurrogateEscape(json, offset, length)) {
      refuseFaulty(json, offset, length);
    }
    WireBuffer encoded = new WireBuffer(length);
    try (JsonParser parser = FACTORY.createParser(json, offset, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw MesosJsonException.conversion("Expecting a JSON object");
      }
      new JsonToWire(parser, encoded)
          .readObject(MessagePlan.of(defaultInstance.getDescriptorForType()), 0);
      if (parser.nextToken() != null) {
        throw MesosJsonException.syntax("more than one value");
      }
    } catch (MesosJsonException e) {
      // A text that is not JSON further on is told so first: nothing of it was understood.
      refuseFaulty(json, offset, length);
      throw e;
    } catch (JacksonException e) {
      refuseFaulty(json, offset, length);
      throw MesosJsonException.syntax(e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
    return decode(encoded, defaultInstance);
  }

  private static <T extends Message> T decode(WireBuffer encoded, T defaultInstance)
      throws MesosJsonException {
    Message message;
    try {
      message =
          defaultInstance
              .getParserForType()
              .parsePartialFrom(CodedInputStream.newInstance(encoded.bytes(), 0, encoded.size()));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("an encoding of ours that protobuf refuses", e);
    }
    if (!message.isInitialized()) {
      throw MesosJsonException.conversion(missing(message.findInitializationErrors()));
    }
    // The parser came from the default instance, so it makes the same type.
    @SuppressWarnings("unchecked")
    T typed = (T) message;
    return typed;
  }

  private static void refuseFaulty(byte[] json, int offset, int length) throws MesosJsonException {
    @Nullable String fault = JsonSyntax.fault(json, offset, length, MAX_DEPTH);
    if (fault != null) {
      throw MesosJsonException.syntax(fault);
    }
  }

  private static String missing(List<String> paths) {
    int named = Math.min(paths.size(), MAX_MISSING_NAMED);
    String text = "Missing required fields: " + String.join(", ", paths.subList(0, named));
    return named == paths.size() ? text : text + " and " + (paths.size() - named) + " more";
  }

  /** Escapes of surrogates are rare, and only the strict check knows whether they come in pairs. */
  private static boolean hasSurrogateEscape(byte[] json, int offset, int length) {
    int end = offset + length - 2;
    for (int i = offset; i < end; i++) {
      if (json[i] == '\\' && json[i + 1] == 'u' && (json[i + 2] == 'd' || json[i + 2] == 'D')) {
        return true;
      }
    }
    return false;
  }
}
