package io.meseta.bench;

import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.TaskState;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

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
    return "one agent, a checkpointing framework, allocation interval 10 ms: ACCEPTs that keep "
        + BATCH
        + " to 100 tasks of /bin/true alive; finished tasks per second, each acknowledged, after "
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
      List<Offer> held = new ArrayList<>();
      AtomicReference<LoadFramework> self = new AtomicReference<>();
      try (LoadFramework framework =
          new LoadFramework(
              vertx,
              local.master(),
              true,
              (subscribed, offer) -> {
                self.set(subscribed);
                held.add(offer);
                fill(subscribed, held, launched, finished.size(), total);
              },
              status -> {
                if (status.getState() == TaskState.TASK_FINISHED) {
                  finished.add(status.getTaskId().getValue());
                  fill(self.get(), held, launched, finished.size(), total);
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

  /** Uses everything that is offered in one ACCEPT, as soon as half of the tasks have ended. */
  private static void fill(
      LoadFramework framework, List<Offer> held, int[] launched, int finished, int total) {
    int room = Math.min(BATCH - (launched[0] - finished), total - launched[0]);
    int count = Math.min(room, held.stream().mapToInt(LoadFramework::noOpsIn).sum());
    if (count == 0 || (room < BATCH / 2 && launched[0] < total - BATCH / 2)) {
      return;
    }
    List<TaskInfo> tasks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tasks.add(LoadFramework.noOp(held.getFirst(), "t" + launched[0]++));
    }
    framework.launch(List.copyOf(held), tasks, 0);
    held.clear();
  }
}
