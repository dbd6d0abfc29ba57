package io.meseta.master.core;

import io.meseta.schema.v1.Filters;
import java.time.Duration;
import java.util.Optional;

/** How long a framework refuses what it gave back (O-30). */
final class RefuseTime {
  static final Duration DEFAULT = Duration.ofSeconds(5);
  static final Duration LONGEST = Duration.ofDays(365);

  private RefuseTime() {}

  /** Empty means that it does not refuse at all. */
  static Optional<Duration> of(Filters filters) {
    double seconds = filters.getRefuseSeconds(); // 5 if not set
    if (Double.isNaN(seconds) || seconds < 0) {
      return Optional.of(DEFAULT);
    }
    if (seconds > LONGEST.toSeconds()) {
      return Optional.of(LONGEST);
    }
    return seconds == 0 ? Optional.empty() : Optional.of(Duration.ofNanos((long) (seconds * 1e9)));
  }
}
