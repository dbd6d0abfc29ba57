package io.meseta.isolation.supervisor;

/**
 * The pace of killing one container: at once, then after 1, 2, 4, … 100 ms; when it is stuck, after
 * 1, 2, 4, … 60 s.
 */
final class Destruction {
  private static final long MILLI = 1_000_000L;

  private static final long FIRST_PAUSE = MILLI;
  private static final long MAX_PAUSE = 100 * MILLI;
  private static final long FIRST_STUCK_PAUSE = 1_000 * MILLI;
  private static final long MAX_STUCK_PAUSE = 60_000 * MILLI;

  final long startNanos;
  private long pauseNanos = FIRST_PAUSE;

  /** A look at the processes is under way. */
  boolean looking;

  /** The agent has been told that it takes long. */
  boolean stuck;

  /** Nothing but the first process can be left. */
  boolean settled;

  Destruction(long startNanos) {
    this.startNanos = startNanos;
  }

  /** How long to wait before the next look. */
  long nextPause() {
    long pause = pauseNanos;
    pauseNanos = Math.min(pause * 2, stuck ? MAX_STUCK_PAUSE : MAX_PAUSE);
    return pause;
  }

  void becomeStuck() {
    stuck = true;
    pauseNanos = FIRST_STUCK_PAUSE;
  }
}
