package io.meseta.master;

import io.meseta.kernel.Clock;
import io.vertx.core.Vertx;

/** The one timer of one core: rings when the core wants to be called. Belongs to one context. */
final class WakeUp {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Vertx vertx;
  private final Clock clock;
  private final Runnable ring;
  private long timer = -1;
  private long dueNanos = Long.MAX_VALUE;

  WakeUp(Vertx vertx, Clock clock, Runnable ring) {
    this.vertx = vertx;
    this.clock = clock;
    this.ring = ring;
  }

  /** Rings at this time and not before; {@link Long#MAX_VALUE} for never. */
  void at(long nanos) {
    if (nanos == dueNanos) {
      return;
    }
    cancel();
    dueNanos = nanos;
    if (nanos != Long.MAX_VALUE) {
      long millis = (nanos - clock.nanos() + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
      timer =
          vertx.setTimer(
              Math.max(1, millis),
              rung -> {
                timer = -1;
                dueNanos = Long.MAX_VALUE;
                ring.run();
              });
    }
  }

  void cancel() {
    if (timer >= 0) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
    dueNanos = Long.MAX_VALUE;
  }
}
