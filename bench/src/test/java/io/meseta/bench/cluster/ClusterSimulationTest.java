package io.meseta.bench.cluster;

import io.meseta.testing.sim.Seeds;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whole clusters live through faults, and nothing is lost, doubled or left behind. A failure names
 * its seed and ends with the trace; {@code -Dmeseta.seed=N} runs that one again.
 */
class ClusterSimulationTest {
  private static final int SLICES = 20;

  @Test
  void clustersComeToRest() {
    live(1, 500);
  }

  @Test
  @Tag("nightly")
  void manyMoreClustersComeToRest() {
    live(1_000_000, 10_000);
  }

  /** Worlds share nothing, so they may live side by side. */
  private static void live(int first, int count) {
    int each = count / SLICES;
    IntStream.range(0, Long.getLong("meseta.seed") == null ? SLICES : 1)
        .parallel()
        .forEach(
            slice ->
                Seeds.run(
                    first + (long) slice * each,
                    each,
                    world -> Cluster.live(world, Mutation.NONE)));
  }
}
