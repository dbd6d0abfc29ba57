package io.meseta.master.core;

import io.meseta.schema.v1.Filters;
import java.time.Duration;

/** How long a framework refuses what it gave back (O-30). */
final class RefuseTime {
  static final Duration DEFAULT = Duration.ofSeconds(5);
  static final Duration LONGEST = Duration.ofDays(365);

  private RefuseTime() {}

  /** Zero means that it does not mind getting the same again, only not at once (D-25). */
  static Duration of(Filters filters) {
    double seconds = filters.getRefuseSeconds(); // 5 if not set
    if (Double.isNaN(seconds) || seconds < 0) {
      return DEFAULT;
    }
    if (seconds > LONGEST.toSeconds()) {
      return LONGEST;
    }
    return Duration.ofNanos((long) (seconds * 1e9));
  }
}
