package io.meseta.testing.sim;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Carries messages between named places and fails on purpose: loses, doubles, delays and (unless a
 * connection promises order) reorders them, and can be partitioned.
 */
public final class SimNetwork {
  /**
   * How bad the network is.
   *
   * @param loss probability that a message never arrives
   * @param duplication probability that it arrives twice
   * @param maxDelayNanos delays are uniform up to this
   * @param ordered whether messages of one sender to one receiver keep their order, as on one
   *     connection
   */
  public record Faults(double loss, double duplication, long maxDelayNanos, boolean ordered) {
    public static final Faults NONE = new Faults(0, 0, 1_000_000, true);
  }

  private record Pair(String from, String to) {}

  private final World world;
  private final Map<Pair, Long> lastArrival = new HashMap<>();
  private final Set<Pair> cut = new HashSet<>();
  private Faults faults;

  public SimNetwork(World world, Faults faults) {
    this.world = world;
    this.faults = faults;
  }

  public void setFaults(Faults faults) {
    this.faults = faults;
  }

  public Faults faults() {
    return faults;
  }

  /** Nothing passes between the two, in either direction, until {@link #heal}. */
  public void cut(String a, String b) {
    cut.add(new Pair(a, b));
    cut.add(new Pair(b, a));
  }

  public void heal(String a, String b) {
    cut.remove(new Pair(a, b));
    cut.remove(new Pair(b, a));
  }

  public boolean isCut(String from, String to) {
    return cut.contains(new Pair(from, to));
  }

  public void send(String from, String to, String what, Runnable arrival) {
    Pair pair = new Pair(from, to);
    if (cut.contains(pair) || world.rng().chance(faults.loss())) {
      world.trace(() -> "lost: " + from + " -> " + to + ": " + what);
      return;
    }
    deliver(pair, what, arrival);
    if (world.rng().chance(faults.duplication())) {
      deliver(pair, what + " (again)", arrival);
    }
  }

  private void deliver(Pair pair, String what, Runnable arrival) {
    long at = world.nowNanos() + 1 + world.rng().nextLong(Math.max(1, faults.maxDelayNanos()));
    if (faults.ordered()) {
      at = Math.max(at, lastArrival.getOrDefault(pair, 0L) + 1);
      lastArrival.put(pair, at);
    }
    world.at(
        at,
        pair.from() + " -> " + pair.to() + ": " + what,
        () -> {
          if (!cut.contains(pair)) {
            arrival.run();
          }
        });
  }
}
