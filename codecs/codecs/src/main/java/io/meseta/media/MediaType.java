package io.meseta.media;

import java.util.Locale;
import java.util.Optional;

/** A form in which messages travel. Order is preference: where several will do, the first wins. */
public enum MediaType {
  JSON("application/json"),
  PROTOBUF("application/x-protobuf"),
  /**
   * A stream of records whose own type is told by {@code Message-Content-Type} or -{@code Accept}.
   */
  RECORDIO("application/recordio");

  private final String text;

  MediaType(String text) {
    this.text = text;
  }

  /** Exactly as written into {@code Content-Type}: clients compare it byte for byte (T-55). */
  public String text() {
    return text;
  }

  /**
   * The type that a {@code Content-Type} names, whatever its letter case and parameters (T-26), or
   * empty if it is none of ours.
   */
  public static Optional<MediaType> ofContentType(String header) {
    int parameters = header.indexOf(';');
    String name = (parameters < 0 ? header : header.substring(0, parameters)).strip();
    return named(name.toLowerCase(Locale.ROOT));
  }

  private static Optional<MediaType> named(String lowerCase) {
    for (MediaType type : values()) {
      if (type.text.equals(lowerCase)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}
