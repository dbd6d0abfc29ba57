package io.meseta.bench;

import java.util.Arrays;

/** Percentiles of samples, by the nearest rank. */
record Statistics(double[] sorted) {
  static Statistics of(double[] samples) {
    double[] copy = samples.clone();
    Arrays.sort(copy);
    return new Statistics(copy);
  }

  double percentile(double percent) {
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[Math.max(0, Math.min(sorted.length, rank) - 1)];
  }
}
