package io.meseta.kernel;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** The value notations that flags know. */
public final class FlagTypes {
  public static final Flag.Type<String> STRING =
      new Flag.Type<>("TEXT", String.class, text -> text);
  public static final Flag.Type<Boolean> BOOLEAN =
      new Flag.Type<>("true|false", Boolean.class, FlagTypes::bool);
  public static final Flag.Type<Integer> INTEGER =
      new Flag.Type<>("N", Integer.class, FlagTypes::integer);
  public static final Flag.Type<Double> NUMBER =
      new Flag.Type<>("NUMBER", Double.class, FlagTypes::number);
  public static final Flag.Type<Path> PATH = new Flag.Type<>("PATH", Path.class, FlagTypes::path);
  public static final Flag.Type<Duration> DURATION =
      new Flag.Type<>("DURATION", Duration.class, Durations::parse);
  public static final Flag.Type<Bytes> BYTES = new Flag.Type<>("SIZE", Bytes.class, Bytes::parse);

  private FlagTypes() {}

  /** An integer within bounds, both inclusive. */
  public static Flag.Type<Integer> integer(int min, int max) {
    return new Flag.Type<>(
        "N",
        Integer.class,
        text -> {
          int value = integer(text);
          if (value < min || value > max) {
            throw new IllegalArgumentException(
                "'" + text + "' is not between " + min + " and " + max);
          }
          return value;
        });
  }

  private static boolean bool(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on" -> true;
      case "false", "0", "no", "off" -> false;
      default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
    };
  }

  private static int integer(String text) {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a whole number", e);
    }
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a number", e);
    }
  }

  private static Path path(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("the path is empty");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("'" + text + "' is not a path: " + e.getReason(), e);
    }
  }
}
