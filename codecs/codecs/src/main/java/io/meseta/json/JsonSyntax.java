package io.meseta.json;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Says where and why a text is not JSON, in the words that clients know. The fast parser reads good
 * texts; this one is run over texts that were refused, and over the few strings that hold a quoted
 * number. Strict: RFC 8259, UTF-8, no lone surrogates, a bounded depth.
 */
final class JsonSyntax {
  /** Longest rest of a line quoted in an error, in bytes. */
  static final int MAX_NEAR_BYTES = 1024;

  /** What a text holds at its top. */
  enum Kind {
    OBJECT,
    ARRAY,
    STRING,
    NUMBER,
    BOOLEAN,
    NULL
  }

  /** Reason for a number that a double cannot hold. */
  static final String OUT_OF_RANGE = "Value out of range";

  private final byte[] text;
  private final int end;
  private final int maxDepth;
  private int at;
  private @Nullable Kind kind;
  private @Nullable String failure;

  private JsonSyntax(byte[] text, int offset, int length, int maxDepth) {
    this.text = text;
    this.at = offset;
    this.end = offset + length;
    this.maxDepth = maxDepth;
  }

  /** The reason why these bytes are no JSON document, or null if they are one. */
  static @Nullable String fault(byte[] text, int offset, int length, int maxDepth) {
    JsonSyntax syntax = new JsonSyntax(text, offset, length, maxDepth);
    if (!syntax.value(0)) {
      return syntax.reason(offset);
    }
    int valueEnd = syntax.at;
    syntax.skipSpace();
    return syntax.at == syntax.end ? null : syntax.trailing(valueEnd);
  }

  /** The reason why a quoted scalar is not of this kind, or null if it is. */
  static @Nullable String scalarFault(String quoted, Kind expected) {
    byte[] text = quoted.getBytes(StandardCharsets.UTF_8);
    JsonSyntax syntax = new JsonSyntax(text, 0, text.length, 1);
    if (!syntax.value(0)) {
      return syntax.reason(0);
    }
    if (syntax.at != syntax.end) {
      return syntax.trailing(syntax.at);
    }
    return syntax.kind == expected ? null : "Unexpected JSON type parsed";
  }

  private String reason(int start) {
    if (failure != null) {
      return failure;
    }
    int line = 1;
    // A line break that is the very last byte read has not begun a new line yet.
    int counted = at == end ? at - 1 : at;
    for (int i = start; i < counted; i++) {
      if (text[i] == '\n') {
        line++;
      }
    }
    int stop = at;
    while (stop < end && text[stop] != '\n' && stop - at < MAX_NEAR_BYTES) {
      stop++;
    }
    StringBuilder near = new StringBuilder("syntax error at line ").append(line).append(" near: ");
    new String(text, at, stop - at, StandardCharsets.UTF_8)
        .chars()
        .filter(c -> c >= ' ')
        .forEach(c -> near.append((char) c));
    return near.toString();
  }

  private String trailing(int valueEnd) {
    // Upstream's parser has swallowed the character that ends a number.
    int from = kind == Kind.NUMBER ? valueEnd + 1 : valueEnd;
    int length = Math.min(end - from, MAX_NEAR_BYTES);
    return "Parsed JSON included non-whitespace trailing characters: "
        + new String(text, from, length, StandardCharsets.UTF_8);
  }

  private boolean value(int depth) {
    skipSpace();
    if (at == end) {
      return false;
    }
    return switch (text[at]) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> {
        at++;
        yield string() && is(Kind.STRING);
      }
      case 't' -> literal("true") && is(Kind.BOOLEAN);
      case 'f' -> literal("false") && is(Kind.BOOLEAN);
      case 'n' -> literal("null") && is(Kind.NULL);
      default -> number() && is(Kind.NUMBER);
    };
  }

  private boolean is(Kind found) {
    kind = found;
    return true;
  }

  private boolean object(int depth) {
    at++;
    if (depth >= maxDepth) {
      return false;
    }
    if (expect('}')) {
      return is(Kind.OBJECT);
    }
    do {
      if (!expect('"') || !string() || !expect(':') || !value(depth + 1)) {
        return false;
      }
    } while (expect(','));
    return expect('}') && is(Kind.OBJECT);
  }

  private boolean array(int depth) {
    at++;
    if (depth >= maxDepth) {
      return false;
    }
    if (expect(']')) {
      return is(Kind.ARRAY);
    }
    do {
      if (!value(depth + 1)) {
        return false;
      }
    } while (expect(','));
    return expect(']') && is(Kind.ARRAY);
  }

  private void skipSpace() {
    while (at < end) {
      byte c = text[at];
      if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
        return;
      }
      at++;
    }
  }

  private boolean expect(char c) {
    skipSpace();
    if (at < end && text[at] == c) {
      at++;
      return true;
    }
    return false;
  }

  private boolean literal(String word) {
    for (int i = 0; i < word.length(); i++, at++) {
      if (at == end || text[at] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Everything that may belong to a number is taken; then it must be one. */
  private boolean number() {
    int start = at;
    if (text[at] != '-' && !digit(text[at])) {
      return false;
    }
    while (at < end && numeric(text[at])) {
      at++;
    }
    String number = new String(text, start, at - start, StandardCharsets.ISO_8859_1);
    if (!wellFormed(number)) {
      return false;
    }
    if (Double.isInfinite(Double.parseDouble(number))) {
      failure = OUT_OF_RANGE;
      return false;
    }
    return true;
  }

  private static boolean digit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean numeric(int c) {
    return digit(c) || c == '+' || c == '-' || c == '.' || c == 'e' || c == 'E';
  }

  private static boolean wellFormed(String number) {
    int i = number.charAt(0) == '-' ? 1 : 0;
    int digits = i;
    while (i < number.length() && digit(number.charAt(i))) {
      i++;
    }
    if (i == digits || (number.charAt(digits) == '0' && i > digits + 1)) {
      return false;
    }
    if (i < number.length() && number.charAt(i) == '.') {
      digits = ++i;
      while (i < number.length() && digit(number.charAt(i))) {
        i++;
      }
      if (i == digits) {
        return false;
      }
    }
    if (i < number.length() && (number.charAt(i) == 'e' || number.charAt(i) == 'E')) {
      i++;
      if (i < number.length() && (number.charAt(i) == '+' || number.charAt(i) == '-')) {
        i++;
      }
      digits = i;
      while (i < number.length() && digit(number.charAt(i))) {
        i++;
      }
      if (i == digits) {
        return false;
      }
    }
    return i == number.length();
  }

  /** After the opening quote, up to and with the closing one. */
  private boolean string() {
    while (at < end) {
      int c = text[at] & 0xff;
      if (c < ' ') {
        return false;
      }
      at++;
      if (c == '"') {
        return true;
      }
      if (c == '\\' && !escape()) {
        return false;
      }
    }
    return false;
  }

  private boolean escape() {
    if (at == end) {
      return false;
    }
    return switch (text[at++]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> true;
      case 'u' -> codeUnit();
      default -> false;
    };
  }

  /**
   * After the {@code u} of an escape: four digits, and of a surrogate pair the other half as well.
   */
  private boolean codeUnit() {
    int unit = hex();
    if (unit < 0 || Character.isLowSurrogate((char) unit)) {
      return false;
    }
    if (!Character.isHighSurrogate((char) unit)) {
      return true;
    }
    if (!next('\\') || !next('u')) {
      return false;
    }
    int low = hex();
    return low >= 0 && Character.isLowSurrogate((char) low);
  }

  private boolean next(char c) {
    if (at < end && text[at] == c) {
      at++;
      return true;
    }
    return false;
  }

  private int hex() {
    int value = 0;
    for (int i = 0; i < 4; i++, at++) {
      int nibble = at < end ? Character.digit(text[at], 16) : -1;
      if (nibble < 0) {
        return -1;
      }
      value = value << 4 | nibble;
    }
    return value;
  }
}
