package io.meseta.json;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.io.SerializedString;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything the mapping asks of one field, looked up once. Immutable but for its lazy nesting. */
final class FieldPlan {
  /** How a value looks in JSON. */
  enum Kind {
    STRING,
    BYTES,
    BOOL,
    INT32,
    UINT32,
    INT64,
    UINT64,
    FLOAT,
    DOUBLE,
    ENUM,
    MESSAGE
  }

  /** How a value looks in protobuf's encoding. */
  enum Wire {
    VARINT(0),
    ZIGZAG(0),
    FIXED64(1),
    DELIMITED(2),
    FIXED32(5);

    final int type;

    Wire(int type) {
      this.type = type;
    }
  }

  /** Position among the fields of its message. */
  final int index;

  final Kind kind;
  final Wire wire;
  final String name;
  final SerializableString jsonName;
  final boolean repeated;
  final boolean map;
  final boolean required;

  /** What stands before each value. */
  final int tag;

  /** What stands before a list of numbers written as one block; as {@link #tag} otherwise. */
  final int packedTag;

  /** What is written for an unset field, or null if nothing is (J-3). */
  final @Nullable SerializableString unsetJson;

  /** W-6: an empty list is written as {@code []}. */
  final boolean writtenWhenEmpty;

  /** Key and value of a map field's entries, else null. */
  final @Nullable FieldPlan mapKey;

  final @Nullable FieldPlan mapValue;

  private final FieldDescriptor field;
  private final Map<String, Integer> enumNumbers;
  private final Map<Integer, SerializableString> enumNames;

  /** The plan of the message that this field holds; set on first use since types may recurse. */
  private volatile @Nullable MessagePlan nested;

  FieldPlan(FieldDescriptor field, int index, boolean writtenWhenEmpty) {
    this.field = field;
    this.index = index;
    this.kind = kindOf(field);
    this.wire = wireOf(field);
    this.name = field.getName();
    this.jsonName = new SerializedString(name);
    this.map = field.isMapField();
    this.repeated = field.isRepeated();
    this.required = field.isRequired();
    this.tag = field.getNumber() << 3 | wire.type;
    this.packedTag =
        repeated && field.isPackable() ? field.getNumber() << 3 | Wire.DELIMITED.type : tag;
    boolean deprecated = field.getOptions().getDeprecated();
    this.unsetJson =
        !repeated && field.hasDefaultValue() && !deprecated
            ? new SerializedString(defaultJson(field))
            : null;
    this.writtenWhenEmpty = writtenWhenEmpty && repeated && !deprecated;
    this.mapKey = map ? new FieldPlan(field.getMessageType().findFieldByNumber(1), 0, false) : null;
    this.mapValue =
        map ? new FieldPlan(field.getMessageType().findFieldByNumber(2), 1, false) : null;
    this.enumNumbers = new HashMap<>();
    this.enumNames = new HashMap<>();
    if (kind == Kind.ENUM) {
      for (EnumValueDescriptor value : field.getEnumType().getValues()) {
        enumNumbers.put(value.getName(), value.getNumber());
        // Of two names for one number the first is written.
        enumNames.putIfAbsent(value.getNumber(), new SerializedString(value.getName()));
      }
    }
  }

  /** The number of an enum value, or null if the type lacks the name. */
  @Nullable Integer enumNumber(String valueName) {
    return enumNumbers.get(valueName);
  }

  /** The name of an enum value, or null if the type lacks the number. */
  @Nullable SerializableString enumName(int number) {
    return enumNames.get(number);
  }

  /** The plan for what this message field holds. */
  MessagePlan nested() {
    MessagePlan plan = nested;
    if (plan == null) {
      plan = MessagePlan.of(field.getMessageType());
      nested = plan;
    }
    return plan;
  }

  /** A value of this field that is not set anywhere, such as that of a map entry without one. */
  int defaultEnumNumber() {
    return ((EnumValueDescriptor) field.getDefaultValue()).getNumber();
  }

  private static String defaultJson(FieldDescriptor field) {
    Object value = field.getDefaultValue();
    return switch (field.getJavaType()) {
      case STRING -> quoted((String) value);
      case BYTE_STRING -> quoted(LenientBase64.encode(((ByteString) value).toByteArray()));
      case ENUM -> quoted(((EnumValueDescriptor) value).getName());
      case DOUBLE -> number((Double) value);
      case FLOAT -> number((Float) value);
      case BOOLEAN -> value.toString();
      case INT ->
          kindOf(field) == Kind.UINT32
              ? Integer.toUnsignedString((Integer) value)
              : value.toString();
      case LONG ->
          kindOf(field) == Kind.UINT64 ? Long.toUnsignedString((Long) value) : value.toString();
      case MESSAGE -> throw new IllegalArgumentException(field + " has a default");
    };
  }

  private static String number(double value) {
    return Double.isFinite(value) ? DoubleText.of(value) : quoted(Double.toString(value));
  }

  private static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  private static Kind kindOf(FieldDescriptor field) {
    return switch (field.getType()) {
      case STRING -> Kind.STRING;
      case BYTES -> Kind.BYTES;
      case BOOL -> Kind.BOOL;
      case INT32, SINT32, SFIXED32 -> Kind.INT32;
      case UINT32, FIXED32 -> Kind.UINT32;
      case INT64, SINT64, SFIXED64 -> Kind.INT64;
      case UINT64, FIXED64 -> Kind.UINT64;
      case FLOAT -> Kind.FLOAT;
      case DOUBLE -> Kind.DOUBLE;
      case ENUM -> Kind.ENUM;
      case MESSAGE -> Kind.MESSAGE;
      case GROUP ->
          throw new IllegalArgumentException(field.getFullName() + ": groups are not mapped");
    };
  }

  private static Wire wireOf(FieldDescriptor field) {
    return switch (field.getType()) {
      case STRING, BYTES, MESSAGE, GROUP -> Wire.DELIMITED;
      case BOOL, INT32, UINT32, INT64, UINT64, ENUM -> Wire.VARINT;
      case SINT32, SINT64 -> Wire.ZIGZAG;
      case DOUBLE, FIXED64, SFIXED64 -> Wire.FIXED64;
      case FLOAT, FIXED32, SFIXED32 -> Wire.FIXED32;
    };
  }
}
