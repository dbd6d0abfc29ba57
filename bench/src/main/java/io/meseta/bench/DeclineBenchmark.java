package io.meseta.bench;

import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.scheduler.Call;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** How soon what one framework declines is offered to another. */
final class DeclineBenchmark implements Benchmark {
  /** The refusal is far longer than the run, so that nobody is offered what it declined. */
  private static final double LONG_SECONDS = 3600;

  private record Held(LoadFramework by, Offer offer, long atNanos) {}

  @Override
  public String name() {
    return "decline-to-offer";
  }

  @Override
  public String setUp() {
    return "one agent, two frameworks, default allocation interval: one holds the offer and declines it, the other is offered"
        + " the same at once; from sending the DECLINE to receiving OFFERS";
  }

  @Override
  public List<Figure> run(boolean brief) throws Exception {
    int rounds = brief ? 50 : 500;
    int warmUp = 20;
    double[] millis = new double[rounds];
    Vertx vertx = Vertx.vertx();
    BlockingQueue<Held> held = new LinkedBlockingQueue<>();
    try (LocalProcess local = LocalProcess.start();
        LoadFramework a = framework(vertx, local, held);
        LoadFramework b = framework(vertx, local, held)) {
      Held now = next(held);
      for (int round = 0; round < warmUp + rounds; round++) {
        LoadFramework other = now.by() == a ? b : a;
        // The other forgets what it declined before; nothing is free yet, so this gives it no
        // offer.
        other.send(Call.newBuilder().setType(Call.Type.REVIVE));
        TimeUnit.MILLISECONDS.sleep(5);
        long begin = System.nanoTime();
        now.by().decline(now.offer(), LONG_SECONDS);
        now = next(held);
        if (now.by() != other) {
          throw new IllegalStateException("the framework that declined was offered the same again");
        }
        if (round >= warmUp) {
          millis[round - warmUp] = (now.atNanos() - begin) / 1e6;
        }
      }
    } finally {
      vertx.close();
    }
    Statistics all = Statistics.of(millis);
    return List.of(
        Figure.atMost(20, "DECLINE to the next offer, p50", all.percentile(50), "ms")
            .besides("up to 1000 ms (waits for the next batch)"),
        Figure.of("DECLINE to the next offer, p99", all.percentile(99), "ms"));
  }

  private static LoadFramework framework(
      Vertx vertx, LocalProcess local, BlockingQueue<Held> held) {
    return new LoadFramework(
        vertx,
        local.master(),
        false,
        (self, offer) -> held.add(new Held(self, offer, System.nanoTime())),
        status -> {});
  }

  private static Held next(BlockingQueue<Held> held) throws InterruptedException {
    Held next = held.poll(30, TimeUnit.SECONDS);
    if (next == null) {
      throw new IllegalStateException("no offer within 30 s");
    }
    return next;
  }
}
