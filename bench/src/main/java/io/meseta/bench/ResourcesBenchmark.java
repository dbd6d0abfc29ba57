package io.meseta.bench;

import io.meseta.resources.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The resource algebra. Public for the code that JMH generates. */
public final class ResourcesBenchmark implements Benchmark {
  @Override
  public String name() {
    return "resources";
  }

  @Override
  public String setUp() {
    return "plus, minus and contains of bags with 1, 10 and 100 distinct resources (reserved to as many roles) and their"
        + " halves (JMH)";
  }

  @Override
  public List<Figure> run(boolean brief) throws Exception {
    Map<String, Double> nanos = MicroBenchmark.scores(Algebra.class, brief);
    List<Figure> figures = new ArrayList<>();
    nanos.forEach((name, value) -> figures.add(Figure.of(name, value, "ns/op")));
    return figures;
  }

  /** The measured code. */
  @State(Scope.Benchmark)
  @BenchmarkMode(Mode.AverageTime)
  @OutputTimeUnit(TimeUnit.NANOSECONDS)
  public static class Algebra {
    /** How many different resources a bag holds. */
    @Param({"1", "10", "100"})
    public int size;

    private Resources whole = Resources.EMPTY;
    private Resources part = Resources.EMPTY;

    @Setup
    public void fill() {
      for (int i = 0; i < size; i++) {
        String role = i == 0 ? "" : "(role" + i + ")";
        whole = whole.plus(Resources.parse("cpus" + role + ":4"));
        part = part.plus(Resources.parse("cpus" + role + ":2"));
      }
    }

    @org.openjdk.jmh.annotations.Benchmark
    public Resources plus() {
      return whole.plus(part);
    }

    @org.openjdk.jmh.annotations.Benchmark
    public Resources minus() {
      return whole.minus(part);
    }

    @org.openjdk.jmh.annotations.Benchmark
    public boolean contains() {
      return whole.contains(part);
    }
  }
}
