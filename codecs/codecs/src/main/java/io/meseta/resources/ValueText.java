package io.meseta.resources;

import io.meseta.schema.v1.Value;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.StringTokenizer;
import java.util.regex.Pattern;

/**
 * Values as operators write them: {@code 4.5}, {@code [31000-32000, 33000-33009]}, {@code {sda1,
 * sda2}}, or any other text.
 */
public final class ValueText {
  private static final Pattern NUMBER =
      Pattern.compile("\\+?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");
  private static final Pattern NEGATIVE = Pattern.compile("-" + NUMBER.pattern());

  private ValueText() {}

  /**
   * Reads one value; blanks do not matter. A negative number, {@code inf} and {@code nan} are
   * texts, as upstream has it.
   *
   * @throws IllegalArgumentException with the reason
   */
  public static Value parse(String text) {
    String compact = text.replaceAll("[ \\t]", "");
    if (compact.isEmpty()) {
      throw new IllegalArgumentException("Expecting non-empty string");
    }
    if (!isBalanced(compact)) {
      throw new IllegalArgumentException("Mismatched brackets in '" + text.strip() + "'");
    }
    if (compact.charAt(0) == '[') {
      return Value.newBuilder().setType(Value.Type.RANGES).setRanges(ranges(compact)).build();
    }
    if (compact.charAt(0) == '{') {
      return Value.newBuilder().setType(Value.Type.SET).setSet(set(compact)).build();
    }
    if (compact.indexOf('[') >= 0 || compact.indexOf('{') >= 0) {
      throw new IllegalArgumentException("Unexpected '[' or '{' found in '" + text.strip() + "'");
    }
    if (NUMBER.matcher(compact).matches() || NEGATIVE.matcher(compact).matches()) {
      double number = Double.parseDouble(compact);
      if (number != 0 && Math.abs(number) < Double.MIN_NORMAL) {
        throw new IllegalArgumentException("Subnormal values are not supported: '" + compact + "'");
      }
      if (number >= 0 && !Double.isInfinite(number)) {
        return Value.newBuilder()
            .setType(Value.Type.SCALAR)
            .setScalar(Value.Scalar.newBuilder().setValue(number))
            .build();
      }
    }
    return Value.newBuilder()
        .setType(Value.Type.TEXT)
        .setText(Value.Text.newBuilder().setValue(compact))
        .build();
  }

  private static Value.Ranges ranges(String text) {
    StringTokenizer tokens = new StringTokenizer(text, "[]-,\n");
    if (tokens.countTokens() % 2 != 0) {
      throw new IllegalArgumentException(
          "Expecting one or more 'ranges' in '" + text + "': a range is BEGIN-END");
    }
    long[] bounds = new long[tokens.countTokens()];
    for (int i = 0; i < bounds.length; i++) {
      String token = tokens.nextToken();
      try {
        bounds[i] = Long.parseUnsignedLong(token);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "Expecting non-negative integers in '" + text + "', not '" + token + "'", e);
      }
    }
    return Ranges.ofBounds(bounds).toProto();
  }

  private static Value.Set set(String text) {
    StringTokenizer tokens = new StringTokenizer(text, "{},\n");
    LinkedHashSet<String> items = new LinkedHashSet<>();
    while (tokens.hasMoreTokens()) {
      String item = tokens.nextToken();
      if (!items.add(item)) {
        throw new IllegalArgumentException("Duplicated element '" + item + "' in '" + text + "'");
      }
    }
    return Value.Set.newBuilder().addAllItem(items).build();
  }

  private static boolean isBalanced(String text) {
    return isBalanced(text, '[', ']') && isBalanced(text, '{', '}') && isBalanced(text, '(', ')');
  }

  static boolean isBalanced(String text, char open, char close) {
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character == open) {
        depth++;
      } else if (character == close && --depth < 0) {
        return false;
      }
    }
    return depth == 0;
  }

  /** The parts between {@code ;} or line ends that are not blank. */
  static List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    for (String token : text.split("[;\n]", -1)) {
      if (!token.isBlank()) {
        tokens.add(token.strip());
      }
    }
    return tokens;
  }

  /** All parts, also empty ones. */
  static List<String> split(String text, char separator) {
    return List.of(text.split(Pattern.quote(String.valueOf(separator)), -1));
  }

  /** As upstream prints values: {@code 4.5}, {@code [1-2, 5-6]}, {@code {a, b}}, text. */
  public static String print(Value value) {
    return switch (value.getType()) {
      case SCALAR -> Scalars.format(Scalars.toMillis(value.getScalar().getValue()));
      case RANGES -> printRaw(value.getRanges());
      case SET -> print(value.getSet());
      case TEXT -> value.getText().getValue();
    };
  }

  static String print(Value.Set set) {
    return "{" + String.join(", ", set.getItemList()) + "}";
  }

  /** As given, since it may be invalid. */
  static String printRaw(Value.Ranges ranges) {
    List<String> parts = new ArrayList<>();
    for (Value.Range range : ranges.getRangeList()) {
      parts.add(
          Long.toUnsignedString(range.getBegin()) + "-" + Long.toUnsignedString(range.getEnd()));
    }
    return "[" + String.join(", ", parts) + "]";
  }
}
