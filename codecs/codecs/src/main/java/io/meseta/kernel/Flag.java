package io.meseta.kernel;

import java.util.Optional;

/**
 * One command-line flag as data (D-19): help, {@code /flags}, docs and completion are all rendered
 * from these.
 *
 * @param name as on the command line, without dashes; upstream's where it has one
 * @param type how the text is read
 * @param defaultText the default in the same notation that a user would write; empty for none
 * @param description one or two sentences: what it does and what the value means
 * @param since the release that brought it
 * @param <T> the Java type of the value
 */
public record Flag<T>(
    String name, Type<T> type, Optional<String> defaultText, String description, String since) {
  /**
   * How the text of a flag becomes a value.
   *
   * @param label what help shows as the value, e.g. {@code DURATION}
   */
  public record Type<T>(String label, Class<T> javaType, Reader<T> reader) {}

  /**
   * Turns text into a value, or throws {@link IllegalArgumentException} with the reason (without
   * the flag's name).
   */
  @FunctionalInterface
  public interface Reader<T> {
    T read(String text);
  }

  public static <T> Flag<T> of(String name, Type<T> type, String defaultText, String description) {
    return new Flag<>(name, type, Optional.of(defaultText), description, "0.1");
  }

  /** A flag without a default: absent unless given. */
  public static <T> Flag<T> optional(String name, Type<T> type, String description) {
    return new Flag<>(name, type, Optional.empty(), description, "0.1");
  }

  /** Reads a value; the message of the exception starts with the flag's name. */
  public T read(String text) {
    try {
      return type.reader().read(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--" + name + ": " + e.getMessage(), e);
    }
  }
}
