package io.meseta.bench;

import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.TaskState;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** How many real processes an agent gets through. */
final class ThroughputBenchmark implements Benchmark {
  private static final int BATCH = 200;

  @Override
  public String name() {
    return "task-throughput";
  }

  @Override
  public String setUp() {
    return "one agent, a checkpointing framework, allocation interval 10 ms: ACCEPTs of "
        + BATCH
        + " tasks that run /bin/true, from the first"
        + " ACCEPT until every TASK_FINISHED has come and was acknowledged; the first batch warms up and does not count";
  }

  @Override
  public List<Figure> run(boolean brief) throws Exception {
    int batches = brief ? 2 : 10;
    Vertx vertx = Vertx.vertx();
    try (LocalProcess local =
        LocalProcess.start(
            "--allocation_interval=10ms",
            "--resources=cpus:100;mem:100000;disk:1000;ports:[31000-32000]")) {
      CompletableFuture<Double> rate = new CompletableFuture<>();
      Set<String> finished = new HashSet<>();
      long[] begin = new long[1];
      int[] launched = new int[1];
      try (LoadFramework framework =
          new LoadFramework(
              vertx,
              local.master(),
              true,
              (self, offer) -> {
                if (launched[0] > finished.size() || launched[0] > batches * BATCH) {
                  self.decline(offer, 0);
                  return;
                }
                if (launched[0] == BATCH) {
                  begin[0] = System.nanoTime();
                }
                List<TaskInfo> tasks = new ArrayList<>();
                for (int i = 0; i < BATCH; i++) {
                  tasks.add(LoadFramework.noOp(offer, "t" + launched[0]++));
                }
                self.launch(offer, tasks, 0);
              },
              status -> {
                if (status.getState() == TaskState.TASK_FINISHED) {
                  finished.add(status.getTaskId().getValue());
                  if (finished.size() == (batches + 1) * BATCH) {
                    rate.complete(batches * BATCH / ((System.nanoTime() - begin[0]) / 1e9));
                  }
                } else if (status.getState() != TaskState.TASK_STARTING
                    && status.getState() != TaskState.TASK_RUNNING) {
                  rate.completeExceptionally(new IllegalStateException(status.toString()));
                }
              })) {
        framework
            .failure()
            .exceptionally(
                e -> {
                  rate.completeExceptionally(e);
                  return null;
                });
        return List.of(
            Figure.atLeast(
                    150, "tasks finished and acknowledged", rate.get(300, TimeUnit.SECONDS), "/s")
                .besides("about 11 /s"));
      }
    } finally {
      vertx.close();
    }
  }
}
