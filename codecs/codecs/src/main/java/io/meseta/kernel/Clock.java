package io.meseta.kernel;

import java.time.Instant;

/** The time as shells see it; cores are only handed numbers. */
public interface Clock {
  /**
   * Monotonic nanoseconds whose origin is the Unix epoch: differences measure time, and the value
   * itself can be shown to people (see {@link #wall(long)}). Never decreases, whatever is done to
   * the machine's wall clock.
   */
  long nanos();

  /** The instant that a value of {@link #nanos()} stands for. */
  static Instant wall(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
  }

  /**
   * A value of {@link #nanos()} as seconds since the epoch, as timestamps of the v1 API have it.
   */
  static double seconds(long nanos) {
    return nanos / 1e9;
  }

  /** The machine's clock, anchored to the wall clock once, when this class is loaded. */
  static Clock system() {
    return SystemClock.INSTANCE;
  }
}
