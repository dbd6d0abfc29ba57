package io.meseta.kernel;

import java.time.Instant;

/**
 * {@link System#nanoTime()} shifted to the Unix epoch. The shift is taken once: a later step of the
 * wall clock must not move timers. The price is that timestamps drift with the machine's oscillator
 * (tens of ms a day at most).
 */
final class SystemClock implements Clock {
  static final SystemClock INSTANCE = new SystemClock();

  private final long shiftNanos;

  private SystemClock() {
    Instant now = Instant.now();
    shiftNanos = now.getEpochSecond() * 1_000_000_000L + now.getNano() - System.nanoTime();
  }

  @Override
  public long nanos() {
    return System.nanoTime() + shiftNanos;
  }
}
