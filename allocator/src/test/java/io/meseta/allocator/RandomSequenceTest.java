package io.meseta.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.resources.Resources;
import io.meseta.testing.Scenario;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random sequences of calls against {@link ModelCluster}, which remembers in the slowest and most
 * obvious way what everybody holds and has refused.
 */
class RandomSequenceTest {
  private static final int SEEDS_PER_CASE = 12;
  private static final int STEPS = 200;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Scenario({"A-41", "A-42", "A-64", "A-110", "D-25"})
  void booksBalanceAndOffersAreAllowed(boolean allocateOnRecover) {
    int offers = 0;
    for (long seed = 0; seed < SEEDS_PER_CASE; seed++) {
      AllocatorOptions options =
          AllocatorDriver.scenarioOptions().withAllocateOnRecover(allocateOnRecover);
      ModelCluster cluster = new ModelCluster(options, seed);
      for (int step = 0; step < STEPS; step++) {
        String what = "seed " + seed + " step " + step + ": " + cluster.randomStep();
        check(cluster, what);
      }
      offers += cluster.offersSeen();
    }
    assertTrue(offers > 50 * SEEDS_PER_CASE, "only " + offers + " offers: nothing was tested");
  }

  private static void check(ModelCluster cluster, String what) {
    assertEquals("", cluster.violations(), what);
    Books books = cluster.allocator().books();
    Quantities held = new Quantities();
    Quantities all = new Quantities();
    Footprints footprints = new Footprints(books.names());
    for (Agent agent : books.agents()) {
      Resources sum = Resources.EMPTY;
      for (var byRole : agent.held().entrySet()) {
        for (var part : byRole.getValue().entrySet()) {
          Resources expected = cluster.held(byRole.getKey(), part.getKey(), agent.id);
          assertEquals(expected, part.getValue(), what);
          sum = sum.plus(part.getValue());
          if (books.framework(byRole.getKey()) != null) {
            held.add(footprints.scalarsOf(part.getValue()));
          }
        }
      }
      assertEquals(agent.total().minus(sum), agent.free(), what);
      all.add(footprints.scalarsOf(agent.total()));
    }
    assertEquals(all, books.totals().sum(), what);
    DrfSorter<Role> roleSorter = (DrfSorter<Role>) books.roleSorter();
    assertEquals(held, roleSorter.held(), what);
    assertEquals(cluster.unreservedHeld(footprints), books.roles().root().heldUnreserved, what);
    assertFalse(books.roles().root().reservations.isNegative(), what);
    assertEquals(cluster.reservations(footprints), books.roles().root().reservations, what);
    checkOrder(roleSorter, books.totals(), what);
  }

  /** The incremental order equals that of a sorter that sorts everything anew. */
  private static void checkOrder(DrfSorter<Role> sorter, ClusterTotals totals, String what) {
    var incremental = sorter.sort();
    sorter.setWeight("nobody/at/all", 1);
    totals.add(new Footprint(new Quantities(), new Quantities(), List.of()));
    assertEquals(incremental, sorter.sort(), what);
  }
}
