package io.meseta.testing.sim;

import java.util.function.Consumer;

/** Runs a simulation under many seeds and makes a failure replayable. */
public final class Seeds {
  private Seeds() {}

  /**
   * Runs {@code simulation} once per seed from {@code first}. With {@code -Dmeseta.seed=N} only
   * that one seed runs.
   *
   * @throws AssertionError naming the seed, with the end of its trace
   */
  public static void run(long first, int count, Consumer<World> simulation) {
    Long only = Long.getLong("meseta.seed");
    long from = only == null ? first : only;
    long to = only == null ? first + count : only + 1;
    for (long seed = from; seed < to; seed++) {
      World world = new World(seed);
      try {
        simulation.accept(world);
      } catch (AssertionError | RuntimeException e) {
        StringBuilder text = new StringBuilder();
        text.append("seed ").append(seed).append(" failed at step ").append(world.steps());
        text.append(": ").append(e.getMessage());
        text.append("\nreplay with -Dmeseta.seed=").append(seed).append("\nlast steps:\n");
        world.traceTail().forEach(line -> text.append("  ").append(line).append('\n'));
        throw new AssertionError(text.toString(), e);
      }
    }
  }
}
