package io.meseta.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns the tokens of a JSON object into a message's protobuf encoding (J-10 to J-18), which
 * generated code then reads, many times faster than fields can be set by descriptor.
 */
final class JsonToWire {
  private static final int ABSENT = -1;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final JsonParser in;
  private final WireBuffer out;

  /** Begin and end of what each field of the messages under way has written. */
  private int[] regions = new int[256];

  private int used;

  JsonToWire(JsonParser in, WireBuffer out) {
    this.in = in;
    this.out = out;
  }

  /**
   * Reads the object whose opening brace is the current token, up to its closing brace.
   *
   * @param depth messages around this one
   */
  void readObject(MessagePlan plan, int depth) throws IOException, MesosJsonException {
    if (depth >= MesosJson.MAX_MESSAGE_DEPTH) {
      throw MesosJsonException.conversion(
          "more than " + MesosJson.MAX_MESSAGE_DEPTH + " messages inside each other");
    }
    int base = used;
    int count = 2 * plan.fields.length;
    if (regions.length < base + count) {
      regions = Arrays.copyOf(regions, Math.max(base + count, regions.length * 2));
    }
    Arrays.fill(regions, base, base + count, ABSENT);
    used += count;
    int expected = 0; // most writers keep the declared order: that saves the look-up
    for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
      FieldPlan field =
          expected < plan.fields.length && plan.fields[expected].name.equals(name)
              ? plan.fields[expected]
              : plan.field(name);
      JsonToken token = in.nextToken();
      if (field == null) {
        skip(token);
        continue;
      }
      expected = field.index + 1;
      int region = base + 2 * field.index;
      if (regions[region] != ABSENT) {
        // Of equal keys the last one counts, even if it holds nothing.
        forget(region, base, count);
      }
      int start = out.size();
      if (field.map) {
        readMap(field, token, depth);
      } else if (field.repeated) {
        readList(field, token, depth);
      } else {
        readValue(field, token, depth);
      }
      regions[region] = start;
      regions[region + 1] = out.size();
    }
    used = base;
  }

  /** Takes back what a field has written; other fields of the message move up. */
  private void forget(int region, int base, int count) {
    int from = regions[region];
    int to = regions[region + 1];
    out.remove(from, to);
    for (int i = base; i < base + count; i++) {
      if (regions[i] >= to) {
        regions[i] -= to - from;
      }
    }
  }

  /** A single value stands for a list of one, and lists in lists are one list (J-15). */
  private void readList(FieldPlan field, JsonToken token, int depth)
      throws IOException, MesosJsonException {
    if (token != JsonToken.START_ARRAY) {
      readValue(field, token, depth);
      return;
    }
    for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
      readList(field, next, depth);
    }
  }

  /** An object, or a list of objects whose entries come together. */
  private void readMap(FieldPlan field, JsonToken token, int depth)
      throws IOException, MesosJsonException {
    switch (token) {
      case VALUE_NULL -> {}
      case START_ARRAY -> {
        for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
          readMap(field, next, depth);
        }
      }
      case START_OBJECT -> readEntries(field, depth);
      default -> throw unexpected(token, field);
    }
  }

  private void readEntries(FieldPlan field, int depth) throws IOException, MesosJsonException {
    FieldPlan key = field.mapKey;
    FieldPlan value = field.mapValue;
    if (key == null || value == null) {
      throw new IllegalStateException(field.name + " is no map");
    }
    for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
      out.varint(field.tag);
      int mark = out.begin();
      writeText(name, key);
      // An entry is a message of its own.
      readValue(value, in.nextToken(), depth + 1);
      out.end(mark);
    }
  }

  /** One value; JSON null and unknown names of optional enums count as absent (J-12, J-13). */
  private void readValue(FieldPlan field, JsonToken token, int depth)
      throws IOException, MesosJsonException {
    switch (token) {
      case VALUE_STRING -> {
        if (field.kind == FieldPlan.Kind.STRING) {
          out.varint(field.tag);
          out.text(in.getTextCharacters(), in.getTextOffset(), in.getTextLength());
        } else {
          writeText(in.getText(), field);
        }
      }
      case START_OBJECT -> {
        if (field.kind != FieldPlan.Kind.MESSAGE) {
          throw unexpected(token, field);
        }
        out.varint(field.tag);
        int mark = out.begin();
        readObject(field.nested(), depth + 1);
        out.end(mark);
      }
      case VALUE_NUMBER_INT -> {
        if (Scalars.isInteger(field) && in.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
          writeInteger(Scalars.inRange(in.getLongValue(), field), field);
        } else {
          writeNumber(in.getText(), field, token);
        }
      }
      case VALUE_NUMBER_FLOAT -> writeNumber(in.getText(), field, token);
      case VALUE_TRUE, VALUE_FALSE -> {
        if (field.kind != FieldPlan.Kind.BOOL) {
          throw unexpected(token, field);
        }
        writeInteger(token == JsonToken.VALUE_TRUE ? 1 : 0, field);
      }
      case VALUE_NULL -> {}
      default -> throw unexpected(token, field);
    }
  }

  private void writeNumber(String number, FieldPlan field, JsonToken token)
      throws MesosJsonException {
    if (Scalars.isInteger(field)) {
      writeInteger(Scalars.integer(number, field), field);
    } else if (Scalars.isFloating(field)) {
      writeFloating(Scalars.floating(number), field);
    } else {
      throw unexpected(token, field);
    }
  }

  /** A value given as a string: a string as such, or a quoted number, boolean, name, base64. */
  private void writeText(String text, FieldPlan field) throws MesosJsonException {
    switch (field.kind) {
      case STRING -> {
        out.varint(field.tag);
        out.text(text);
      }
      case ENUM -> {
        Integer number = field.enumNumber(text);
        if (number != null) {
          writeInteger(number, field);
        } else if (field.required) {
          throw MesosJsonException.conversion("Failed to find enum for '" + text + "'");
        }
      }
      case BYTES -> {
        out.varint(field.tag);
        LenientBase64.Decoded decoded = Scalars.bytes(text, field);
        out.delimited(decoded.bytes(), decoded.size());
      }
      case BOOL -> writeInteger(Scalars.quotedBoolean(text, field) ? 1 : 0, field);
      case INT32, UINT32, INT64, UINT64 -> writeInteger(Scalars.quotedInteger(text, field), field);
      case DOUBLE, FLOAT -> writeFloating(Scalars.quotedFloating(text, field), field);
      case MESSAGE -> {
        Duration duration = field.nested().duration ? DurationText.read(text) : null;
        if (duration == null) {
          throw unexpected(JsonToken.VALUE_STRING, field);
        }
        writeDuration(duration, field);
      }
    }
  }

  private void writeInteger(long value, FieldPlan field) {
    out.varint(field.tag);
    out.integer(value, field);
  }

  private void writeFloating(double value, FieldPlan field) {
    out.varint(field.tag);
    if (field.kind == FieldPlan.Kind.FLOAT) {
      out.fixed32(Float.floatToRawIntBits((float) value));
    } else {
      out.fixed64(Double.doubleToRawLongBits(value));
    }
  }

  /** Seconds and nanoseconds have one sign, as the type demands. */
  private void writeDuration(Duration duration, FieldPlan field) {
    long seconds = duration.getSeconds();
    long nanos = duration.getNano();
    if (seconds < 0 && nanos > 0) {
      seconds++;
      nanos -= NANOS_PER_SECOND;
    }
    out.varint(field.tag);
    int mark = out.begin();
    writeInteger(seconds, fieldOf(field, "seconds"));
    writeInteger(nanos, fieldOf(field, "nanos"));
    out.end(mark);
  }

  private static FieldPlan fieldOf(FieldPlan message, String name) {
    FieldPlan field = message.nested().field(name);
    if (field == null) {
      throw new IllegalStateException("google.protobuf.Duration without " + name);
    }
    return field;
  }

  /** Passes over a value that nobody asked for; what is in it must still be JSON. */
  private void skip(@Nullable JsonToken first) throws IOException, MesosJsonException {
    int depth = 0;
    for (JsonToken token = first; token != null; token = in.nextToken()) {
      if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token.isNumeric()) {
        Scalars.floating(in.getText());
      }
      if (depth == 0) {
        return;
      }
    }
  }

  private static MesosJsonException unexpected(@Nullable JsonToken token, FieldPlan field) {
    String kind =
        switch (token) {
          case START_OBJECT -> "object";
          case START_ARRAY -> "array";
          case VALUE_STRING -> "string";
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "number";
          case VALUE_TRUE, VALUE_FALSE -> "boolean";
          case null, default -> "value";
        };
    return MesosJsonException.conversion(
        "Not expecting a JSON " + kind + " for field '" + field.name + "'");
  }
}
