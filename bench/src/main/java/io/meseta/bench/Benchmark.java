package io.meseta.bench;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** One measurement that {@code meseta bench} can make. */
interface Benchmark {
  String name();

  /**
   * What is measured and how, in one or two sentences: it becomes the set-up text of the report.
   */
  String setUp();

  /**
   * Measures.
   *
   * @param brief whether a rough figure in seconds is wanted instead of a good one in minutes
   */
  List<Figure> run(boolean brief) throws Exception;

  /**
   * One figure.
   *
   * @param must the bound that has to hold, if there is one; a minimum for rates and ratios, a
   *     maximum for times
   * @param upstream what the reference implementation reached on a like machine, as text
   */
  record Figure(
      String name,
      double value,
      String unit,
      OptionalDouble must,
      boolean higherIsBetter,
      Optional<String> upstream) {
    static Figure of(String name, double value, String unit) {
      return new Figure(name, value, unit, OptionalDouble.empty(), false, Optional.empty());
    }

    static Figure atMost(double bound, String name, double value, String unit) {
      return new Figure(name, value, unit, OptionalDouble.of(bound), false, Optional.empty());
    }

    static Figure atLeast(double bound, String name, double value, String unit) {
      return new Figure(name, value, unit, OptionalDouble.of(bound), true, Optional.empty());
    }

    Figure besides(String upstreamFigure) {
      return new Figure(name, value, unit, must, higherIsBetter, Optional.of(upstreamFigure));
    }

    boolean holds() {
      return must.isEmpty()
          || (higherIsBetter ? value >= must.getAsDouble() : value <= must.getAsDouble());
    }
  }
}
