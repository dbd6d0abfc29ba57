package io.meseta.kernel;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An amount of memory or disk, in bytes, never negative. */
public record Bytes(long count) implements Comparable<Bytes> {
  private static final Pattern FORM = Pattern.compile("([0-9]+)\\s*([A-Za-z]+)");

  public Bytes {
    if (count < 0) {
      throw new IllegalArgumentException("negative size " + count);
    }
  }

  public static Bytes kilo(long amount) {
    return new Bytes(Math.multiplyExact(amount, 1L << 10));
  }

  public static Bytes mega(long amount) {
    return new Bytes(Math.multiplyExact(amount, 1L << 20));
  }

  /** Reads {@code 64MB}, {@code 1GB}, {@code 512B} (powers of 1024), or throws with the reason. */
  public static Bytes parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a size: write a whole number and a unit, for example 64MB or 1GB");
    }
    int shift =
        switch (matcher.group(2).toUpperCase(Locale.ROOT)) {
          case "B" -> 0;
          case "KB" -> 10;
          case "MB" -> 20;
          case "GB" -> 30;
          case "TB" -> 40;
          default ->
              throw new IllegalArgumentException(
                  "unknown unit '"
                      + matcher.group(2)
                      + "' in '"
                      + text
                      + "': use B, KB, MB, GB or TB");
        };
    try {
      return new Bytes(Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift));
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is too large", e);
    }
  }

  @Override
  public int compareTo(Bytes other) {
    return Long.compare(count, other.count);
  }

  /** The largest unit that divides the amount, as upstream prints it. */
  @Override
  public String toString() {
    String[] units = {"B", "KB", "MB", "GB", "TB"};
    int unit = 0;
    long amount = count;
    while (unit < units.length - 1 && amount != 0 && amount % 1024 == 0) {
      amount /= 1024;
      unit++;
    }
    return amount + units[unit];
  }
}
