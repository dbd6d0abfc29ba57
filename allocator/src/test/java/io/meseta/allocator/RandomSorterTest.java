package io.meseta.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.kernel.Rng;
import io.meseta.testing.Scenario;
import java.util.List;
import org.junit.jupiter.api.Test;

class RandomSorterTest {
  private static final int RUNS = 10_000;

  private final RandomSorter<String> sorter = new RandomSorter<>(Rng.seeded(7), true);

  @Test
  @Scenario({"RandomSorterTest.ProbabilityDistribution", "RandomSorterTest.WeightedShuffle"})
  void placesFollowWeights() {
    for (int weight = 1; weight <= 5; weight++) {
      add("c" + weight, weight);
    }
    assertFrequencies("c1", .07, .08, .12, .20, .54);
    assertFrequencies("c2", .13, .16, .20, .28, .23);
    assertFrequencies("c3", .20, .22, .24, .22, .12);
    assertFrequencies("c4", .27, .26, .23, .17, .07);
    assertFrequencies("c5", .33, .28, .21, .13, .04);
  }

  @Test
  @Scenario("RandomSorterTest.HierarchicalProbabilityDistribution")
  void weightsMultiplyAlongThePath() {
    add("a", 1);
    add("a/b", 2);
    sorter.setWeight("c", 2);
    add("c/d", 1);
    add("c/e", 2);
    assertFrequencies("a", .11, .15, .23, .51);
    assertFrequencies("a/b", .22, .27, .30, .21);
    assertFrequencies("c/d", .22, .27, .30, .21);
    assertFrequencies("c/e", .44, .31, .18, .07);
  }

  @Test
  @Scenario("A-120")
  void inactiveLeavesDoNotCount() {
    add("a/x", 1);
    add("b/x", 1);
    add("b/y", 100);
    add("c/x", 50);
    sorter.deactivate("b/y");
    sorter.deactivate("c/x");
    assertFrequencies("a/x", .5, .5);
    assertFrequencies("b/x", .5, .5);
    assertEquals(4, sorter.count());
  }

  private void add(String client, double weight) {
    sorter.add(client, client);
    sorter.activate(client);
    sorter.setWeight(client, weight);
  }

  private void assertFrequencies(String client, double... expected) {
    int[] counts = new int[expected.length];
    for (int i = 0; i < RUNS; i++) {
      List<String> order = sorter.sort();
      assertEquals(expected.length, order.size());
      counts[order.indexOf(client)]++;
    }
    for (int i = 0; i < expected.length; i++) {
      double frequency = (double) counts[i] / RUNS;
      assertTrue(
          Math.abs(frequency - expected[i]) <= 0.05,
          client + " at " + i + ": " + frequency + " instead of " + expected[i]);
    }
  }
}
