package io.meseta.kernel;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as upstream writes them on command lines and in JSON: {@code 10secs}, {@code 1.5hrs},
 * {@code 500ms}.
 */
public final class Durations {
  private static final Pattern FORM =
      Pattern.compile("([0-9]+(?:\\.[0-9]+)?|\\.[0-9]+)\\s*([a-z]+)");

  private Durations() {}

  /** Reads a duration, or throws {@link IllegalArgumentException} with the reason. */
  public static Duration parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is not a duration: write a number and a unit, for example 10secs, 5mins or 500ms");
    }
    long unitNanos =
        switch (matcher.group(2)) {
          case "ns" -> 1L;
          case "us" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "secs", "sec", "s" -> 1_000_000_000L;
          case "mins", "min", "m" -> 60_000_000_000L;
          case "hrs", "hr", "h" -> 3_600_000_000_000L;
          case "days", "day", "d" -> 86_400_000_000_000L;
          case "weeks", "week", "w" -> 604_800_000_000_000L;
          default ->
              throw new IllegalArgumentException(
                  "unknown unit '"
                      + matcher.group(2)
                      + "' in '"
                      + text
                      + "': use ns, us, ms, secs, mins, hrs, days or weeks");
        };
    try {
      return Duration.ofNanos(
          new BigDecimal(matcher.group(1))
              .multiply(BigDecimal.valueOf(unitNanos))
              .toBigInteger()
              .longValueExact());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("'" + text + "' is longer than 292 years", e);
    }
  }

  /**
   * Writes a duration in its largest unit that divides it, as upstream prints flags: {@code
   * 1.5mins} is {@code 90secs}.
   */
  public static String format(Duration duration) {
    long nanos = duration.toNanos();
    long[] sizes = {
      604_800_000_000_000L,
      86_400_000_000_000L,
      3_600_000_000_000L,
      60_000_000_000L,
      1_000_000_000L,
      1_000_000L,
      1_000L
    };
    String[] units = {"weeks", "days", "hrs", "mins", "secs", "ms", "us"};
    for (int i = 0; i < sizes.length; i++) {
      if (nanos != 0 && nanos % sizes[i] == 0) {
        return nanos / sizes[i] + units[i];
      }
    }
    return nanos + "ns";
  }
}
