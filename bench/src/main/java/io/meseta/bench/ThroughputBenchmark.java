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
  /** Tasks that are alive at any time. */
  private static final int BATCH = 200;

  private static final int WARM_UP = 300;

  @Override
  public String name() {
    return "task-throughput";
  }

  @Override
  public String setUp() {
    return "one agent, a checkpointing framework, allocation interval 10 ms: ACCEPTs with as many /bin/true as keep "
        + BATCH
        + " tasks alive; finished tasks per second, each acknowledged, after "
        + WARM_UP
        + " tasks of warm-up";
  }

  @Override
  public List<Figure> run(boolean brief) throws Exception {
    int total = WARM_UP + (brief ? 500 : 3000);
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
                int room = Math.min(BATCH - (launched[0] - finished.size()), total - launched[0]);
                int count = Math.min(room, LoadFramework.noOpsIn(offer));
                if (count <= 0) {
                  self.decline(offer, 0);
                  return;
                }
                List<TaskInfo> tasks = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                  tasks.add(LoadFramework.noOp(offer, "t" + launched[0]++));
                }
                self.launch(offer, tasks, 0);
              },
              status -> {
                if (status.getState() == TaskState.TASK_FINISHED) {
                  finished.add(status.getTaskId().getValue());
                  if (finished.size() == WARM_UP) {
                    begin[0] = System.nanoTime();
                  } else if (finished.size() == total) {
                    rate.complete((total - WARM_UP) / ((System.nanoTime() - begin[0]) / 1e9));
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
