package io.meseta.bench.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.testing.sim.World;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The simulation finds what is broken on purpose: for each planted mistake some seed among the
 * first {@value #SEEDS} fails. What usually gives them away (the same table is in {@code
 * docs/testing.md}):
 *
 * <pre>
 * AGENT_FORWARDS_BEFORE_DURABLE          an update on its way that is not on the disk
 * AGENT_NEVER_SENDS_AGAIN                an end that is never heard of
 * AGENT_TAKES_ANY_ACKNOWLEDGEMENT        an end that is lost, and then contradicted
 * AGENT_FORGETS_TASKS                    a journal that is never empty, a process without a task
 * AGENT_KEEPS_REMOVED_FRAMEWORKS         processes and records that outlive their framework
 * MASTER_KEEPS_RESOURCES_OF_ENDED_TASKS  the books of master and allocator differ
 * MASTER_RELEASES_TWICE                  the books of master and allocator differ
 * MASTER_LAUNCHES_AGAIN                  a task runs twice, or goes back to an earlier state
 * MASTER_DOES_NOT_MISS_TASKS             a task that stays staging
 * MASTER_ACKNOWLEDGES_FOR_FRAMEWORKS     an end that is lost, and then contradicted
 * MASTER_DOES_NOT_RESCIND                a framework with void offers
 * ALLOCATOR_FORGETS_REFUSALS             an offer of what was refused
 * ALLOCATOR_IGNORES_USE_OF_NEW_AGENTS    the books of master and allocator differ
 * ALLOCATOR_OFFERS_TWICE                 the books of master and allocator differ
 * </pre>
 */
class PlantedMutationsTest {
  private static final int SEEDS = 200;

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void aPlantedMistakeIsFound(Mutation mutation) {
    assertTrue(
        LongStream.rangeClosed(1, SEEDS).parallel().anyMatch(seed -> fails(seed, mutation)),
        () -> mutation + " is not found within " + SEEDS + " seeds");
  }

  private static boolean fails(long seed, Mutation mutation) {
    try {
      Cluster.live(new World(seed), mutation);
      return false;
    } catch (AssertionError | RuntimeException found) {
      return true;
    }
  }
}
