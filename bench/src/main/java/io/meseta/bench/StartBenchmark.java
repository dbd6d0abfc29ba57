package io.meseta.bench;

import java.util.List;

/** How long a user waits for {@code meseta local}. */
final class StartBenchmark implements Benchmark {
  @Override
  public String name() {
    return "local-start";
  }

  @Override
  public String setUp() {
    return "from starting bin/meseta local (one agent, AOT cache trained, files in the page cache) to its READY line;"
        + " median of the runs";
  }

  @Override
  public List<Figure> run(boolean brief) throws Exception {
    double[] millis = new double[brief ? 3 : 11];
    for (int i = 0; i < millis.length; i++) {
      try (LocalProcess local = LocalProcess.start()) {
        millis[i] = local.readyMillis();
      }
    }
    Statistics all = Statistics.of(millis);
    return List.of(
        Figure.atMost(2000, "READY, median", all.percentile(50), "ms")
            .besides("1300 ms (master and agent, until the agent is active)"),
        Figure.of("READY, slowest", all.percentile(100), "ms"));
  }
}
