package io.meseta.testing.sim;

import io.meseta.kernel.Rng;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Supplier;

/**
 * One simulated world: a queue of things that will happen, a virtual clock, a seeded source of
 * chance and a trace. Things that happen at the same instant happen in the order in which they were
 * planned.
 */
public final class World {
  /** Where virtual time begins: an arbitrary moment in 2025, so that timestamps look real. */
  public static final long START_NANOS = 1_750_000_000_000_000_000L;

  private static final int TRACE_LINES = 400;

  /** More things than this are never under way in a healthy world: something feeds on itself. */
  private static final int MAX_PLANNED = 50_000;

  private record Planned(long atNanos, long order, String what, Runnable action) {}

  private final PriorityQueue<Planned> queue =
      new PriorityQueue<>(
          Comparator.comparingLong(Planned::atNanos).thenComparingLong(Planned::order));
  private final List<Runnable> invariants = new ArrayList<>();
  private final Deque<String> trace = new ArrayDeque<>();
  private final Rng rng;
  private final long seed;
  private long nowNanos = START_NANOS;
  private long nextOrder;
  private long steps;

  public World(long seed) {
    this.seed = seed;
    this.rng = Rng.seeded(seed);
  }

  public long seed() {
    return seed;
  }

  /** The world's own chance: for faults and delays. Cores get {@link #fork}s of it. */
  public Rng rng() {
    return rng;
  }

  /** A source of its own for one core, so that more faults do not change a core's choices. */
  public Rng fork() {
    return Rng.seeded(rng.nextLong());
  }

  public long nowNanos() {
    return nowNanos;
  }

  public long steps() {
    return steps;
  }

  /** Plans something for later; {@code what} is for the trace. */
  public void after(long delayNanos, String what, Runnable action) {
    if (queue.size() == MAX_PLANNED) {
      throw new AssertionError("a storm: " + MAX_PLANNED + " things are planned, next: " + what);
    }
    queue.add(new Planned(nowNanos + Math.max(0, delayNanos), nextOrder++, what, action));
  }

  public void at(long atNanos, String what, Runnable action) {
    after(atNanos - nowNanos, what, action);
  }

  /** Must hold after every step: throws {@link AssertionError} if it does not. */
  public void invariant(Runnable check) {
    invariants.add(check);
  }

  public void trace(Supplier<String> line) {
    if (trace.size() == TRACE_LINES) {
      trace.removeFirst();
    }
    trace.addLast("%12.6f %s".formatted((nowNanos - START_NANOS) / 1e9, line.get()));
  }

  /** The last things that happened. */
  public List<String> traceTail() {
    return List.copyOf(trace);
  }

  /** Lets the next thing happen and checks every invariant; false if nothing is planned. */
  public boolean step() {
    Planned next = queue.poll();
    if (next == null) {
      return false;
    }
    nowNanos = Math.max(nowNanos, next.atNanos());
    steps++;
    trace(next::what);
    next.action().run();
    for (Runnable check : invariants) {
      check.run();
    }
    return true;
  }

  /** Runs for so much virtual time, or until nothing is planned. */
  public void runFor(long nanos) {
    long end = nowNanos + nanos;
    while (!queue.isEmpty() && queue.peek().atNanos() <= end) {
      step();
    }
    nowNanos = Math.max(nowNanos, end);
  }

  /**
   * Runs until {@code done}, at most for so much virtual time.
   *
   * @throws AssertionError if it did not come true in time
   */
  public void runUntil(String what, long withinNanos, Supplier<Boolean> done) {
    long end = nowNanos + withinNanos;
    while (!done.get()) {
      if (queue.isEmpty() || queue.peek().atNanos() > end) {
        throw new AssertionError(
            "not within " + withinNanos / 1_000_000 + " ms of virtual time: " + what);
      }
      step();
    }
  }
}
