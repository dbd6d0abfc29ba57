package io.meseta.json;

/**
 * A JSON text that is no message: either it is not JSON, or it is JSON that does not fit the
 * message. Carries no stack trace: it tells of a client's mistake.
 */
public final class MesosJsonException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Longest reason kept, in characters: error bodies do not grow with what a client sends. */
  static final int MAX_REASON_CHARS = 4096;

  /** Which of the two it is. */
  public enum Kind {
    /** The text is not JSON, or larger or deeper than allowed. */
    SYNTAX,
    /** The text is JSON, and the message cannot hold it. */
    CONVERSION
  }

  private final Kind kind;

  private MesosJsonException(Kind kind, String reason) {
    super(cut(reason), null, false, false);
    this.kind = kind;
  }

  static MesosJsonException syntax(String reason) {
    return new MesosJsonException(Kind.SYNTAX, reason);
  }

  static MesosJsonException conversion(String reason) {
    return new MesosJsonException(Kind.CONVERSION, reason);
  }

  public Kind kind() {
    return kind;
  }

  /** The reason alone, without a prefix. */
  public String reason() {
    return String.valueOf(getMessage());
  }

  /**
   * The whole error body of the call APIs (T-10).
   *
   * @param message the name of what was expected, for example {@code Call}
   */
  public String describe(String message) {
    return switch (kind) {
      case SYNTAX -> "Failed to parse body into JSON: " + reason();
      case CONVERSION -> "Failed to convert JSON into " + message + " protobuf: " + reason();
    };
  }

  private static String cut(String reason) {
    return reason.length() <= MAX_REASON_CHARS
        ? reason
        : reason.substring(0, MAX_REASON_CHARS) + "…";
  }
}
