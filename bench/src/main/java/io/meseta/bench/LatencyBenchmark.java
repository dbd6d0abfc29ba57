package io.meseta.bench;

import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.TaskState;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** How soon a launched task runs. */
final class LatencyBenchmark implements Benchmark {
  private static final long PERIOD_MILLIS = 20;

  @Override
  public String name() {
    return "launch-latency";
  }

  @Override
  public String setUp() {
    return "one agent, a checkpointing framework, allocation interval 10 ms: every 20 ms one ACCEPT launches one /bin/true;"
        + " from sending the ACCEPT to receiving TASK_RUNNING, after 500 launches of warm-up";
  }

  @Override
  public List<Figure> run(boolean brief) throws Exception {
    int warmUp = 500;
    int count = brief ? 200 : 2000;
    Vertx vertx = Vertx.vertx();
    double[] running = new double[count];
    double[] ended = new double[count];
    Map<String, Long> sent = new HashMap<>();
    Deque<Offer> offers = new ArrayDeque<>();
    CompletableFuture<Void> done = new CompletableFuture<>();
    int[] launched = new int[1];
    int[] finished = new int[1];
    try (LocalProcess local =
            LocalProcess.start(
                "--allocation_interval=10ms",
                "--resources=cpus:100;mem:100000;disk:1000;ports:[31000-32000]");
        LoadFramework framework =
            new LoadFramework(
                vertx,
                local.master(),
                true,
                (self, offer) -> offers.add(offer),
                status -> {
                  int number = Integer.parseInt(status.getTaskId().getValue());
                  double millis =
                      (System.nanoTime() - sent.get(status.getTaskId().getValue())) / 1e6;
                  if (status.getState() == TaskState.TASK_RUNNING && number >= warmUp) {
                    running[number - warmUp] = millis;
                  } else if (status.getState() == TaskState.TASK_FINISHED) {
                    if (number >= warmUp) {
                      ended[number - warmUp] = millis;
                    }
                    if (++finished[0] == warmUp + count) {
                      done.complete(null);
                    }
                  } else if (status.getState() == TaskState.TASK_FAILED) {
                    done.completeExceptionally(new IllegalStateException(status.toString()));
                  }
                })) {
      framework
          .failure()
          .exceptionally(
              e -> {
                done.completeExceptionally(e);
                return null;
              });
      // The timer runs on the context of the framework's events, so that they share their state
      // without locks.
      framework.onContext(
          () ->
              vertx.setPeriodic(
                  PERIOD_MILLIS,
                  timer -> {
                    if (launched[0] == warmUp + count) {
                      vertx.cancelTimer(timer);
                    } else if (!offers.isEmpty()) {
                      Offer offer = offers.poll();
                      String id = String.valueOf(launched[0]++);
                      sent.put(id, System.nanoTime());
                      framework.launch(List.of(offer), List.of(LoadFramework.noOp(offer, id)), 0);
                    }
                  }));
      done.get(300, TimeUnit.SECONDS);
    } finally {
      vertx.close();
    }
    Statistics toRunning = Statistics.of(running);
    Statistics toEnd = Statistics.of(ended);
    return List.of(
        Figure.atMost(20, "ACCEPT to TASK_RUNNING, p50", toRunning.percentile(50), "ms")
            .besides("106 ms"),
        Figure.atMost(100, "ACCEPT to TASK_RUNNING, p99", toRunning.percentile(99), "ms")
            .besides("123 ms (p95)"),
        Figure.of("ACCEPT to TASK_RUNNING, slowest", toRunning.percentile(100), "ms"),
        Figure.of("ACCEPT to TASK_FINISHED, p50", toEnd.percentile(50), "ms").besides("195 ms"));
  }
}
