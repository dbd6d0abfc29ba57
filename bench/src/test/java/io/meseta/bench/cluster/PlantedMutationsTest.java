package io.meseta.bench.cluster;

import io.meseta.testing.sim.World;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The simulation finds what is broken on purpose: for each planted mistake some seed among the
 * first {@value #SEEDS} fails. What each mistake is, and what finds it, is the table in {@code
 * docs/testing.md}.
 */
class PlantedMutationsTest {
  private static final int SEEDS = 200;

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void aPlantedMistakeIsFound(Mutation mutation) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      World world = new World(seed);
      try {
        Cluster.live(world, mutation);
      } catch (AssertionError | RuntimeException found) {
        return;
      }
    }
    throw new AssertionError(mutation + " is not found within " + SEEDS + " seeds");
  }
}
