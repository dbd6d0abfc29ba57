package io.meseta.json;

/**
 * Floating point numbers as text (J-6): the shortest digits that read back as the same number, with
 * a decimal point, and an exponent only below 1e-6 and from 1e21.
 */
final class DoubleText {
  /** Plain notation reaches up to this power of ten. */
  private static final int MAX_PLAIN_EXPONENT = 21;

  /** Plain notation reaches down to 0.000001. */
  private static final int MIN_PLAIN_EXPONENT = -6;

  /** Below it a number has so few bits that one digit may do where the JDK writes two. */
  private static final double FEW_BITS = 1e-300;

  private DoubleText() {}

  /** A finite number as JSON. */
  static String of(double value) {
    if (value == (long) value && Math.abs(value) < 1e15 && !isNegativeZero(value)) {
      return (long) value + ".0";
    }
    String text = Double.toString(value);
    if (Math.abs(value) < FEW_BITS && value != 0) {
      text = oneDigitIfEnough(text, value);
    }
    return arranged(text);
  }

  /** A finite number of single precision as JSON, with the digits that single precision needs. */
  static String of(float value) {
    return arranged(Float.toString(value));
  }

  private static boolean isNegativeZero(double value) {
    return value == 0 && 1 / value < 0;
  }

  /** {@code 4.9E-324} reads as the same number as {@code 5.0E-324}, which is shorter. */
  private static String oneDigitIfEnough(String text, double value) {
    int point = text.indexOf('.');
    int exponent = text.indexOf('E');
    if (exponent - point != 2 || text.charAt(point + 1) == '0') {
      return text;
    }
    double scaled = Double.parseDouble(text.substring(0, exponent));
    String rounded = Math.round(scaled) + ".0" + text.substring(exponent);
    // A round-up to ten is the same number with one digit and a higher exponent.
    rounded = rounded.replace("10.0E" + exponentOf(text), "1.0E" + (exponentOf(text) + 1));
    return Double.parseDouble(rounded) == value ? rounded : text;
  }

  private static int exponentOf(String text) {
    return Integer.parseInt(text.substring(text.indexOf('E') + 1));
  }

  /** Moves the point of the JDK's notation to where this one has it. */
  private static String arranged(String text) {
    int e = text.indexOf('E');
    if (e < 0) {
      return text;
    }
    int exponent = Integer.parseInt(text.substring(e + 1));
    StringBuilder out = new StringBuilder(32);
    int start = 0;
    if (text.charAt(0) == '-') {
      out.append('-');
      start = 1;
    }
    // Computerized scientific notation: one digit, a point, at least one digit.
    String fraction = text.substring(start + 2, e);
    String digits = text.charAt(start) + (fraction.equals("0") ? "" : fraction);
    if (exponent >= MIN_PLAIN_EXPONENT && exponent < 0) {
      return out.append("0.").repeat('0', -exponent - 1).append(digits).toString();
    }
    if (exponent >= 0 && exponent < MAX_PLAIN_EXPONENT) {
      int whole = exponent + 1;
      return digits.length() <= whole
          ? out.append(digits).repeat('0', whole - digits.length()).append(".0").toString()
          : out.append(digits, 0, whole)
              .append('.')
              .append(digits, whole, digits.length())
              .toString();
    }
    out.append(digits.charAt(0));
    if (digits.length() > 1) {
      out.append('.').append(digits, 1, digits.length());
    }
    return out.append('e').append(exponent).toString();
  }
}
