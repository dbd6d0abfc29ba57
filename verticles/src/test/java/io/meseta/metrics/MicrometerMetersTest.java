package io.meseta.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.kernel.Meters.Name;
import org.junit.jupiter.api.Test;

class MicrometerMetersTest {
  private final MicrometerMeters meters = new MicrometerMeters();

  @Test
  void aCounterHasBothNames() {
    Name name = Name.of("master/tasks_finished", "meseta_master_tasks", "state", "finished");
    meters.counter(name).increment();
    meters.counter(name).add(2);
    assertEquals(3.0, meters.snapshot().get("master/tasks_finished"));
    assertTrue(
        meters.scrape().contains("meseta_master_tasks_total{state=\"finished\"} 3.0"),
        meters.scrape());
  }

  @Test
  void aGaugeIsReadFromItsNewestSource() {
    Name name = Name.of("master/frameworks_active", "meseta_master_frameworks");
    meters.gauge(name, () -> 1);
    meters.gauge(name, () -> 2);
    assertEquals(2.0, meters.snapshot().get("master/frameworks_active"));
    assertTrue(meters.scrape().contains("meseta_master_frameworks 2.0"), meters.scrape());
  }

  @Test
  void aTimerCountsAndAverages() {
    Name name = Name.of("allocator/mesos/allocation_run_ms", "meseta_allocator_run");
    meters.timer(name).recordNanos(2_000_000);
    meters.timer(name).recordNanos(4_000_000);
    assertEquals(3.0, meters.snapshot().get("allocator/mesos/allocation_run_ms"), 1e-6);
    assertEquals(2.0, meters.snapshot().get("allocator/mesos/allocation_run_ms/count"));
    assertTrue(meters.scrape().contains("meseta_allocator_run_seconds_count 2"));
  }
}
