package io.meseta.resources;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Fixed-point form of scalar resource values: signed thousandths in a {@code long}. On the wire a
 * scalar is a double; it is compared, added and printed with three decimals at most.
 */
public final class Scalars {
  /**
   * Largest magnitude that is exact in fixed point; beyond it a value is refused, never wrapped.
   */
  public static final double LARGEST = 9.2e15;

  /** What a value without a fixed-point form (NaN, infinite, too large) reads as. */
  static final long UNREPRESENTABLE = Long.MIN_VALUE;

  private static final long FIFTEEN_DIGITS = 1_000_000_000_000_000L;
  private static final MathContext PRECISION = new MathContext(15, RoundingMode.HALF_EVEN);

  private Scalars() {}

  /**
   * Thousandths of a value, rounded half away from zero. NaN, infinities and magnitudes above
   * {@link #LARGEST} give {@link Long#MIN_VALUE}, which every validity check refuses.
   */
  public static long toMillis(double value) {
    if (!(Math.abs(value) <= LARGEST)) {
      return UNREPRESENTABLE;
    }
    double scaled = Math.abs(value * 1000);
    long whole = (long) scaled;
    if (scaled - whole >= 0.5) {
      whole++;
    }
    return value < 0 ? -whole : whole;
  }

  /** The double that carries these thousandths on the wire. */
  public static double toDouble(long millis) {
    long whole = millis / 1000;
    return whole + (millis - whole * 1000) / 1000.0;
  }

  /** Addition that stays at the end of the number range instead of wrapping. */
  static long add(long left, long right) {
    long sum = left + right;
    if (((left ^ sum) & (right ^ sum)) < 0) {
      return left < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return sum;
  }

  /** Decimal notation: three decimals at most, no trailing zeros, 15 significant digits. */
  public static String format(long millis) {
    if (millis > -FIFTEEN_DIGITS && millis < FIFTEEN_DIGITS) {
      return plain(millis);
    }
    BigDecimal rounded = BigDecimal.valueOf(millis, 3).round(PRECISION).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent < 15) {
      return rounded.toPlainString();
    }
    return rounded.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "e+" + exponent;
  }

  private static String plain(long millis) {
    long rest = Math.abs(millis % 1000);
    if (rest == 0) {
      return Long.toString(millis / 1000);
    }
    StringBuilder text = new StringBuilder(24);
    if (millis < 0) {
      text.append('-');
    }
    text.append(Math.abs(millis / 1000)).append('.');
    text.append((char) ('0' + rest / 100));
    if (rest % 100 != 0) {
      text.append((char) ('0' + rest / 10 % 10));
    }
    if (rest % 10 != 0) {
      text.append((char) ('0' + rest % 10));
    }
    return text.toString();
  }
}
