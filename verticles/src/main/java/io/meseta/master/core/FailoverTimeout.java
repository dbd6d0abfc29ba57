package io.meseta.master.core;

import io.meseta.schema.v1.FrameworkInfo;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Optional;

/**
 * A framework's failover time: seconds as a double, at most what nanoseconds in 64 bits can hold
 * (F-21, V-8).
 */
final class FailoverTimeout {
  private FailoverTimeout() {}

  /**
   * Why the time cannot be used, if so. Negative ones and NaN pass upstream and mean nothing there.
   */
  static Optional<String> invalid(FrameworkInfo info) {
    double seconds = info.getFailoverTimeout();
    boolean valid = seconds >= 0 && seconds * 1e9 < 0x1p63;
    return valid
        ? Optional.empty()
        : Optional.of("The framework failover_timeout (" + sixDigits(seconds) + ") is invalid");
  }

  /** Of an info that is valid; 0 otherwise. */
  static long nanos(FrameworkInfo info) {
    return invalid(info).isPresent() ? 0 : (long) (info.getFailoverTimeout() * 1e9);
  }

  /** As upstream prints doubles in messages: six significant digits, {@code 9.22337e+09}. */
  static String sixDigits(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (rounded.signum() == 0 || (exponent >= -4 && exponent < 6)) {
      return rounded.toPlainString();
    }
    String mantissa = rounded.scaleByPowerOfTen(-exponent).toPlainString();
    return String.format(
        Locale.ROOT, "%se%s%02d", mantissa, exponent < 0 ? "-" : "+", Math.abs(exponent));
  }
}
