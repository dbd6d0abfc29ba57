package io.meseta.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Turns a message's protobuf encoding into a JSON object (J-1 to J-9, W-6).
 *
 * <p>Goes by the encoding and not by the message because generated code encodes many times faster
 * than it answers questions about its fields by descriptor. Encodings come by field number and JSON
 * by declaration: each message is scanned for where its fields begin, then written.
 */
final class WireToJson {
  private static final int ABSENT = -1;

  private final WireReader in;
  private final JsonGenerator out;

  /** Where the fields of the messages under way begin, the innermost message's last. */
  private int[] starts = new int[256];

  private int used;

  WireToJson(byte[] encoded, JsonGenerator out) {
    this.in = new WireReader(encoded);
    this.out = out;
  }

  void write(MessagePlan plan) throws IOException {
    writeMessage(plan, in.bytes.length);
  }

  private void writeMessage(MessagePlan plan, int end) throws IOException {
    int base = used;
    int count = plan.fields.length;
    if (starts.length < base + count) {
      starts = Arrays.copyOf(starts, Math.max(base + count, starts.length * 2));
    }
    Arrays.fill(starts, base, base + count, ABSENT);
    used += count;
    locate(plan, base, end);

    out.writeStartObject();
    for (FieldPlan field : plan.fields) {
      int start = starts[base + field.index];
      if (start != ABSENT) {
        in.at = start;
        writeField(field, end);
      } else if (field.unsetJson != null) {
        out.writeFieldName(field.jsonName);
        out.writeRawValue(field.unsetJson);
      } else if (field.writtenWhenEmpty) {
        out.writeFieldName(field.jsonName);
        out.writeStartArray();
        out.writeEndArray();
      }
    }
    out.writeEndObject();
    in.at = end;
    used = base;
  }

  /** Notes the position of each field's first tag; fields that the type lacks are passed over. */
  private void locate(MessagePlan plan, int base, int end) {
    while (in.at < end) {
      int start = in.at;
      int tag = in.tag();
      FieldPlan field = plan.field(tag);
      if (field != null
          && starts[base + field.index] == ABSENT
          && (field.kind != FieldPlan.Kind.ENUM || startsWithKnownEnum(field, tag))) {
        starts[base + field.index] = start;
      }
      in.skip(tag);
    }
  }

  /** Numbers that the enum lacks travel on as unknown fields, and count as unset here (J-19). */
  private boolean startsWithKnownEnum(FieldPlan field, int tag) {
    if (tag != field.tag) {
      return true;
    }
    int value = in.at;
    boolean known = field.enumName((int) in.varint()) != null;
    in.at = value;
    return known;
  }

  private void writeField(FieldPlan field, int end) throws IOException {
    out.writeFieldName(field.jsonName);
    if (!field.repeated) {
      in.tag();
      writeValue(field);
    } else if (field.map) {
      writeMap(field, end);
    } else {
      writeList(field, end);
    }
  }

  private void writeList(FieldPlan field, int end) throws IOException {
    out.writeStartArray();
    while (in.at < end) {
      int tag = in.tag();
      if (tag == field.tag) {
        writeValue(field);
      } else if (tag == field.packedTag) {
        int blockEnd = in.length() + in.at;
        while (in.at < blockEnd) {
          writeValue(field);
        }
      } else {
        break;
      }
    }
    out.writeEndArray();
  }

  private void writeMap(FieldPlan field, int end) throws IOException {
    FieldPlan key = field.mapKey;
    FieldPlan value = field.mapValue;
    if (key == null || value == null) {
      throw new IllegalStateException(field.name + " is no map");
    }
    out.writeStartObject();
    while (in.at < end && in.tag() == field.tag) {
      int entryEnd = in.length() + in.at;
      int valueAt = ABSENT;
      String name = emptyKey(key);
      while (in.at < entryEnd) {
        int tag = in.tag();
        if (tag == key.tag) {
          name = keyText(key);
        } else {
          if (tag == value.tag) {
            valueAt = in.at;
          }
          in.skip(tag);
        }
      }
      if (valueAt == ABSENT) {
        out.writeFieldName(name);
        writeEmpty(value);
      } else {
        in.at = valueAt;
        if (value.kind != FieldPlan.Kind.ENUM || startsWithKnownEnum(value, value.tag)) {
          out.writeFieldName(name);
          writeValue(value);
        }
      }
      in.at = entryEnd;
    }
    out.writeEndObject();
  }

  private static String emptyKey(FieldPlan key) {
    return switch (key.kind) {
      case STRING -> "";
      case BOOL -> "false";
      default -> "0";
    };
  }

  private String keyText(FieldPlan key) {
    return switch (key.kind) {
      case STRING -> text();
      case BOOL -> Boolean.toString(in.varint() != 0);
      case UINT32 -> Long.toString(in.integer(key) & 0xffff_ffffL);
      case UINT64 -> Long.toUnsignedString(in.integer(key));
      default -> Long.toString(in.integer(key));
    };
  }

  /** The value of a map entry that carries none. */
  private void writeEmpty(FieldPlan value) throws IOException {
    switch (value.kind) {
      case STRING, BYTES -> out.writeString("");
      case BOOL -> out.writeBoolean(false);
      case FLOAT, DOUBLE -> out.writeNumber("0.0");
      case ENUM -> out.writeString(value.enumName(value.defaultEnumNumber()));
      case MESSAGE -> writeMessage(value.nested(), in.at);
      default -> out.writeNumber(0);
    }
  }

  private void writeValue(FieldPlan field) throws IOException {
    switch (field.kind) {
      case STRING -> writeText();
      case MESSAGE -> writeMessage(field.nested(), in.length() + in.at);
      case ENUM -> {
        SerializableString name = field.enumName((int) in.varint());
        if (name != null) {
          out.writeString(name);
        }
      }
      case DOUBLE -> MesosJson.writeNumber(out, Double.longBitsToDouble(in.fixed64()));
      case FLOAT -> {
        float number = Float.intBitsToFloat(in.fixed32());
        if (Float.isFinite(number)) {
          out.writeNumber(DoubleText.of(number));
        } else {
          MesosJson.writeNumber(out, number);
        }
      }
      case BOOL -> out.writeBoolean(in.varint() != 0);
      case UINT32 -> out.writeNumber(in.integer(field) & 0xffff_ffffL);
      case INT32, INT64 -> out.writeNumber(in.integer(field));
      case UINT64 -> {
        long number = in.integer(field);
        if (number >= 0) {
          out.writeNumber(number);
        } else {
          out.writeNumber(Long.toUnsignedString(number));
        }
      }
      case BYTES -> {
        int length = in.length();
        out.writeString(LenientBase64.encode(Arrays.copyOfRange(in.bytes, in.at, in.at + length)));
        in.at += length;
      }
    }
  }

  private void writeText() throws IOException {
    int length = in.length();
    for (int i = in.at; i < in.at + length; i++) {
      if (in.bytes[i] < 0) {
        // Decoding replaces what is not UTF-8: protobuf lets it pass, JSON must not contain it.
        out.writeString(new String(in.bytes, in.at, length, StandardCharsets.UTF_8));
        in.at += length;
        return;
      }
    }
    out.writeUTF8String(in.bytes, in.at, length);
    in.at += length;
  }

  private String text() {
    int length = in.length();
    String text = new String(in.bytes, in.at, length, StandardCharsets.UTF_8);
    in.at += length;
    return text;
  }
}
