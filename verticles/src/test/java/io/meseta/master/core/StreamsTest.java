package io.meseta.master.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.allocator.AllocatorInput;
import io.meseta.testing.Scenario;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@Scenario("D-6")
class StreamsTest {
  private static final long BUDGET = 10_000;

  private final MasterFixture fixture = new MasterFixture(o -> o.streamBudgetBytes(BUDGET));
  private final TestAgent agent = fixture.agent().register();
  private final TestFramework framework = fixture.framework().failoverTimeout(0).subscribe();

  @Test
  void atHalfOfTheBudgetThereAreNoMoreOffers() {
    fixture.stopReaders();
    reconcileBytes(BUDGET / 2 + 200);

    assertEquals(1, fixture.toAllocator(AllocatorInput.DeactivateFramework.class).size());
    assertEquals(Optional.empty(), fixture.allocate(framework, agent, "r1", "cpus:1"));
    assertFalse(framework.isClosed());
    assertEquals(0, fixture.gauge("frameworks_active"));

    fixture.resumeReaders();

    assertEquals(1, fixture.toAllocator(AllocatorInput.ActivateFramework.class).size());
    assertTrue(fixture.allocate(framework, agent, "r1", "cpus:1").isPresent());
  }

  @Test
  @Scenario({"D-10", "T-36", "stream overflow"})
  void aFullBudgetClosesTheStreamButDoesNotKillTheTasks() {
    framework.launch(
        fixture.offer(framework, agent, "cpus:1;mem:64"), Tasks.task("t", agent).build());
    fixture.stopReaders();

    reconcileBytes(BUDGET + 200);

    assertTrue(framework.isClosed());
    assertEquals(1, fixture.count("streams_overflowed"));
    fixture.advance(Duration.ofSeconds(29));
    TestFramework back = framework.subscribeAgain();
    back.reconcile();
    assertEquals("t", back.lastUpdate().getTaskId().getValue());
  }

  @Test
  @Scenario("D-10")
  void aReaderThatStopsIsClosedByAge() {
    fixture.stopReaders();

    fixture.advance(Duration.ofSeconds(106));

    assertTrue(framework.isClosed());
  }

  @Test
  void aReaderThatReadsIsNotClosedHoweverLongItLasts() {
    fixture.advance(Duration.ofHours(1));

    assertFalse(framework.isClosed());
  }

  @Test
  void newsOfAnotherStreamMeansNothing() {
    fixture.stopReaders();
    reconcileBytes(BUDGET / 2 + 200);

    fixture.input(new MasterInput.StreamAcknowledged(new StreamAddress("x", 1, 1), Long.MAX_VALUE));

    assertTrue(fixture.toAllocator(AllocatorInput.ActivateFramework.class).isEmpty());
  }

  @Test
  void theAgeIsThatOfTheOldestUpToAFactorOfTwo() {
    StreamBudget budget = new StreamBudget(100);
    assertEquals(0, budget.stalledNanos(50));
    budget.sent(10, 100);
    budget.sent(10, 150);
    assertEquals(100, budget.stalledNanos(200));
    budget.arrived(10, 210);
    assertEquals(0, budget.stalledNanos(210), "the mark has arrived: a new one is set");
    budget.arrived(20, 220);
    assertEquals(0, budget.stalledNanos(1000));
    budget.arrived(5, 230);
    assertEquals(0, budget.outstandingBytes(), "older news is ignored");
  }

  /** Asks so many questions that at least so many bytes of answers are sent. */
  private void reconcileBytes(long bytes) {
    long sent = 0;
    for (int i = 0; sent < bytes && !framework.isClosed(); i++) {
      framework.reconcile("task-" + i, "");
      sent += framework.events().getLast().getSerializedSize();
    }
  }
}
