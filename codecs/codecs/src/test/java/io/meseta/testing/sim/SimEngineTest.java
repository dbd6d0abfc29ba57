package io.meseta.testing.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.kernel.Core;
import io.meseta.kernel.Effects;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The engine itself: order, replay, faults and crashes do what the other simulations rely on. */
class SimEngineTest {
  /** Echoes each input once more after a second. */
  private static final class Echo implements Core<String, String> {
    private String waiting;
    private long due = Long.MAX_VALUE;

    @Override
    public void on(String input, long nowNanos, Effects<? super String> effects) {
      effects.emit("got " + input);
      waiting = input;
      due = nowNanos + 1_000_000_000L;
    }

    @Override
    public void onTime(long nowNanos, Effects<? super String> effects) {
      if (nowNanos >= due) {
        due = Long.MAX_VALUE;
        effects.emit("again " + waiting);
      }
    }

    @Override
    public long wakeUpNanos() {
      return due;
    }
  }

  @Test
  void thingsPlannedForOneInstantHappenInTheOrderOfPlanning() {
    World world = new World(1);
    List<Integer> seen = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      int number = i;
      world.after(5, "n" + i, () -> seen.add(number));
    }
    world.runFor(10);
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), seen);
    assertEquals(World.START_NANOS + 10, world.nowNanos());
  }

  @Test
  void aNodeIsWokenWhenItsCoreAsksAndNotAfterACrash() {
    World world = new World(1);
    List<String> seen = new ArrayList<>();
    SimNode<String, String> node =
        new SimNode<>(world, "node", Echo::new, (n, effect) -> seen.add(effect));
    node.start();
    node.deliver("a");
    world.runFor(2_000_000_000L);
    assertEquals(List.of("got a", "again a"), seen);

    node.deliver("b");
    node.later(10, "c", "c");
    node.crash();
    node.start();
    world.runFor(2_000_000_000L);
    assertEquals(List.of("got a", "again a", "got b"), seen);
    assertEquals(2, node.incarnation());
  }

  @Test
  void theNetworkLosesDoublesAndReordersButAConnectionKeepsOrder() {
    World world = new World(7);
    SimNetwork lossy = new SimNetwork(world, new SimNetwork.Faults(0.2, 0.2, 1_000_000, false));
    List<Integer> seen = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      int number = i;
      lossy.send("a", "b", "m" + i, () -> seen.add(number));
    }
    world.runFor(10_000_000);
    long distinct = seen.stream().distinct().count();
    assertTrue(distinct > 700 && distinct < 900, "lost about a fifth: " + distinct);
    assertTrue(seen.size() > distinct + 100, "doubled about a fifth");
    assertTrue(!seen.equals(seen.stream().sorted().toList()), "reordered");

    SimNetwork ordered = new SimNetwork(world, SimNetwork.Faults.NONE);
    List<Integer> inOrder = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      int number = i;
      ordered.send("a", "b", "m" + i, () -> inOrder.add(number));
    }
    ordered.cut("a", "c");
    ordered.send("c", "a", "never", () -> inOrder.add(-1));
    world.runFor(10_000_000_000L);
    assertEquals(100, inOrder.size());
    assertEquals(inOrder.stream().sorted().toList(), inOrder);
  }

  @Test
  void whatFeedsOnItselfIsStopped() {
    World world = new World(1);
    AssertionError error =
        assertThrows(
            AssertionError.class,
            () -> {
              world.after(1, "first", () -> {});
              for (int i = 0; i < 100_000; i++) {
                world.after(1, "echo", () -> {});
              }
            });
    assertTrue(error.getMessage().startsWith("a storm: 50000 things"), error.getMessage());
  }

  @Test
  void aFailingSeedIsNamedAndReplaysTheSameRun() {
    List<List<Long>> runs = new ArrayList<>();
    AssertionError error =
        assertThrows(
            AssertionError.class,
            () ->
                Seeds.run(
                    40,
                    5,
                    world -> {
                      List<Long> drawn = new ArrayList<>();
                      runs.add(drawn);
                      world.after(1, "draws", () -> drawn.add(world.rng().nextLong()));
                      world.invariant(
                          () -> {
                            if (world.seed() == 42) {
                              throw new AssertionError("books do not balance");
                            }
                          });
                      world.runFor(10);
                    }));
    assertTrue(error.getMessage().contains("seed 42 failed at step 1: books do not balance"));
    assertTrue(error.getMessage().contains("draws"));
    World again = new World(42);
    assertEquals(runs.get(2).get(0), again.rng().nextLong());
  }
}
