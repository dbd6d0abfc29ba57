package io.meseta.metrics;

import io.meseta.kernel.Meters;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * Meters of one process under both of their names: Prometheus text, and the flat map of {@code
 * /metrics/snapshot}. Safe for use from any thread. A meter that is declared again is the same one;
 * a gauge that is declared again is read from its newest supplier, so that a new leader's term
 * replaces the old one's.
 */
public final class MicrometerMeters implements Meters {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<Name, Counter> counters = new ConcurrentHashMap<>();
  private final Map<Name, Timer> timers = new ConcurrentHashMap<>();
  private final Map<Name, DoubleSupplier> gauges = new ConcurrentHashMap<>();
  private final Map<String, DoubleSupplier> upstream = new ConcurrentHashMap<>();

  @Override
  public Counter counter(Name name) {
    return counters.computeIfAbsent(
        name,
        missing -> {
          io.micrometer.core.instrument.Counter counter =
              registry.counter(missing.prometheus(), missing.labels().toArray(String[]::new));
          upstream.put(missing.upstream(), counter::count);
          return amount -> counter.increment((double) amount);
        });
  }

  @Override
  public void gauge(Name name, DoubleSupplier value) {
    if (gauges.put(name, value) == null) {
      DoubleSupplier newest = () -> gauges.getOrDefault(name, value).getAsDouble();
      io.micrometer.core.instrument.Gauge.builder(
              name.prometheus(), newest, DoubleSupplier::getAsDouble)
          .tags(name.labels().toArray(String[]::new))
          .strongReference(true)
          .register(registry);
      upstream.put(name.upstream(), newest);
    }
  }

  /** Upstream's timers are in milliseconds, of which the snapshot shows the mean and the count. */
  @Override
  public Timer timer(Name name) {
    return timers.computeIfAbsent(
        name,
        missing -> {
          io.micrometer.core.instrument.Timer timer =
              io.micrometer.core.instrument.Timer.builder(missing.prometheus())
                  .tags(missing.labels().toArray(String[]::new))
                  .publishPercentileHistogram(false)
                  .distributionStatisticExpiry(Duration.ofHours(1))
                  .register(registry);
          upstream.put(missing.upstream(), () -> timer.mean(TimeUnit.MILLISECONDS));
          upstream.put(missing.upstream() + "/count", timer::count);
          upstream.put(missing.upstream() + "/max", () -> timer.max(TimeUnit.MILLISECONDS));
          return nanos -> timer.record(nanos, TimeUnit.NANOSECONDS);
        });
  }

  /** Every meter by upstream's name, as it is now. */
  public Map<String, Double> snapshot() {
    Map<String, Double> values = new TreeMap<>();
    upstream.forEach((name, value) -> values.put(name, value.getAsDouble()));
    return values;
  }

  /** Every meter in Prometheus's text format. */
  public String scrape() {
    return registry.scrape();
  }
}
