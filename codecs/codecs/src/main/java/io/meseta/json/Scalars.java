package io.meseta.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Turns number and text tokens into values, exactly or with an error (J-14, J-16, J-17). */
final class Scalars {
  private static final BigInteger MAX_UINT64 = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
  private static final long MAX_UINT32 = 0xffff_ffffL;

  /** No integer field holds as much. */
  private static final double BEYOND_INTEGERS = 0x1p65;

  private Scalars() {}

  static boolean isInteger(FieldPlan field) {
    return switch (field.kind) {
      case INT32, UINT32, INT64, UINT64 -> true;
      default -> false;
    };
  }

  static boolean isFloating(FieldPlan field) {
    return field.kind == FieldPlan.Kind.DOUBLE || field.kind == FieldPlan.Kind.FLOAT;
  }

  static LenientBase64.Decoded bytes(String text, FieldPlan field) throws MesosJsonException {
    try {
      return LenientBase64.decode(text);
    } catch (IllegalArgumentException e) {
      throw MesosJsonException.conversion(
          "Failed to base64 decode bytes field '" + field.name + "': " + e.getMessage());
    }
  }

  static boolean quotedBoolean(String text, FieldPlan field) throws MesosJsonException {
    refuseUnless(JsonSyntax.Kind.BOOLEAN, "boolean", text, field);
    return text.strip().equals("true");
  }

  static long quotedInteger(String text, FieldPlan field) throws MesosJsonException {
    refuseUnless(JsonSyntax.Kind.NUMBER, "number", text, field);
    return integer(text.strip(), field);
  }

  static double quotedFloating(String text, FieldPlan field) throws MesosJsonException {
    if (text.equals("Infinity") || text.equals("-Infinity")) {
      return Double.parseDouble(text);
    }
    refuseUnless(JsonSyntax.Kind.NUMBER, "number", text, field);
    return floating(text.strip());
  }

  private static void refuseUnless(
      JsonSyntax.Kind kind, String kindName, String text, FieldPlan field)
      throws MesosJsonException {
    String fault =
        text.length() > MesosJson.MAX_NUMBER_CHARS
            ? "more than " + MesosJson.MAX_NUMBER_CHARS + " characters"
            : JsonSyntax.scalarFault(text, kind);
    if (fault != null) {
      throw MesosJsonException.conversion(
          "Failed to parse '%s' as a JSON %s for field '%s': %s"
              .formatted(shortened(text), kindName, field.name, fault));
    }
  }

  /** A whole number within 64 bits, signed; the value to encode. */
  static long inRange(long number, FieldPlan field) throws MesosJsonException {
    boolean fits =
        switch (field.kind) {
          case INT32 -> number == (int) number;
          case UINT32 -> number >= 0 && number <= MAX_UINT32;
          case UINT64 -> number >= 0;
          default -> true;
        };
    if (!fits) {
      throw doesNotFit(Long.toString(number), field);
    }
    return number;
  }

  /** The text of a number, which may have a point or an exponent but must be whole. */
  static long integer(String number, FieldPlan field) throws MesosJsonException {
    // Below this bound the exact value is small, so that writing it out cannot exhaust memory.
    if (Math.abs(floating(number)) < BEYOND_INTEGERS) {
      BigInteger whole = whole(number);
      if (whole != null && whole.bitLength() < Long.SIZE) {
        return inRange(whole.longValue(), field);
      }
      if (whole != null
          && field.kind == FieldPlan.Kind.UINT64
          && whole.signum() > 0
          && whole.compareTo(MAX_UINT64) <= 0) {
        return whole.longValue();
      }
    }
    throw doesNotFit(number, field);
  }

  private static @Nullable BigInteger whole(String number) {
    try {
      BigDecimal exact = new BigDecimal(number).stripTrailingZeros();
      return exact.scale() <= 0 ? exact.toBigInteger() : null;
    } catch (NumberFormatException e) {
      // An exponent beyond 32 bits: the number is tiny and not whole.
      return null;
    }
  }

  /** The text of any number; what a double cannot hold counts as bad JSON (J-10). */
  static double floating(String number) throws MesosJsonException {
    double value = Double.parseDouble(number);
    if (Double.isInfinite(value)) {
      throw MesosJsonException.syntax(JsonSyntax.OUT_OF_RANGE);
    }
    return value;
  }

  private static MesosJsonException doesNotFit(String number, FieldPlan field) {
    String range =
        switch (field.kind) {
          case INT32 -> Integer.MIN_VALUE + " to " + Integer.MAX_VALUE;
          case UINT32 -> "0 to " + MAX_UINT32;
          case UINT64 -> "0 to " + MAX_UINT64;
          default -> Long.MIN_VALUE + " to " + Long.MAX_VALUE;
        };
    return MesosJsonException.conversion(
        "Not expecting %s for field '%s': it takes whole numbers from %s"
            .formatted(shortened(number), field.name, range));
  }

  private static String shortened(String text) {
    int max = MesosJson.MAX_NUMBER_CHARS;
    return text.length() <= max ? text : text.substring(0, max) + "…";
  }
}
