package io.meseta.kernel;

import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * How cores and shells count (D-20). Each meter is declared with upstream's name and with its
 * Prometheus name; what publishes them is the business of {@code verticles}.
 */
public interface Meters {
  /** Counts nothing; for tests that do not look. */
  Meters NONE = new NoMeters();

  Counter counter(Name name);

  /**
   * A value that is read whenever somebody looks. The supplier must be safe to call from any
   * thread.
   */
  void gauge(Name name, DoubleSupplier value);

  Timer timer(Name name);

  /**
   * A meter's two names.
   *
   * @param upstream as in {@code /metrics/snapshot}, e.g. {@code master/tasks_running}
   * @param prometheus base name, e.g. {@code meseta_master_tasks}
   * @param labels alternating label names and values for Prometheus
   */
  record Name(String upstream, String prometheus, List<String> labels) {
    public Name {
      labels = List.copyOf(labels);
    }

    public static Name of(String upstream, String prometheus, String... labels) {
      return new Name(upstream, prometheus, List.of(labels));
    }
  }

  /** Only grows. Safe from any thread. */
  interface Counter {
    void add(long amount);

    default void increment() {
      add(1);
    }
  }

  /** Durations. Safe from any thread. */
  interface Timer {
    void recordNanos(long nanos);
  }
}
