package io.meseta.allocator;

import io.meseta.kernel.Clock;
import io.meseta.kernel.Meters;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives an {@link Allocator} its thread and its time (D-4): alone on one worker thread, because a
 * run over a large cluster may take 100 ms. Deploy it with {@link #deployment()}.
 *
 * <p>Inputs that arrive while a run is going on wait in a queue and are answered by one run.
 */
public final class AllocatorVerticle extends VerticleBase {
  /** So many inputs may wait for the allocator; see {@link #deliver}. */
  public static final int MAX_PENDING = 1 << 18;

  /** How many inputs are handled before effects are handed out and time is looked at. */
  private static final int SLICE = 4096;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Allocator allocator;
  private final Clock clock;
  private final Consumer<List<AllocatorEffect>> out;
  private final Meters.Counter runs;
  private final Meters.Timer runTime;
  private final Meters.Timer runLatency;
  private final ConcurrentLinkedQueue<AllocatorInput> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  /** Inputs are taken before the start too, and wait for it. */
  private volatile boolean closed;

  private volatile boolean open;

  // Only on the worker thread.
  private @Nullable Thread owner;
  private long timerId = -1;

  /**
   * @param allocator used by nobody else from now on
   * @param out gets the effects in order, never an empty list, on the allocator's thread; must not
   *     block
   */
  public AllocatorVerticle(
      Allocator allocator, Clock clock, Meters meters, Consumer<List<AllocatorEffect>> out) {
    this.allocator = allocator;
    this.clock = clock;
    this.out = out;
    this.runs =
        meters.counter(
            Meters.Name.of("allocator/mesos/allocation_runs", "meseta_allocator_allocation_runs"));
    this.runTime =
        meters.timer(Meters.Name.of("allocator/mesos/allocation_run_ms", "meseta_allocator_run"));
    this.runLatency =
        meters.timer(
            Meters.Name.of(
                "allocator/mesos/allocation_run_latency_ms", "meseta_allocator_run_latency"));
  }

  /** One instance on a worker pool of its own with one thread. */
  public static DeploymentOptions deployment() {
    return new DeploymentOptions()
        .setThreadingModel(ThreadingModel.WORKER)
        .setWorkerPoolName("meseta-allocator")
        .setWorkerPoolSize(1)
        .setInstances(1);
  }

  @Override
  public Future<?> start() {
    owner = Thread.currentThread();
    open = true;
    schedule();
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    closed = true;
    open = false;
    queue.clear();
    pending.set(0);
    return Future.succeededFuture();
  }

  /**
   * Hands inputs over, in order. From any thread, but from one at a time if their order matters.
   * Inputs that arrive after the verticle has stopped are dropped, for its term is over.
   *
   * @throws IllegalStateException if {@link #MAX_PENDING} inputs wait already. None of the inputs
   *     is taken; since books with holes are worthless, the caller must end its term
   */
  public void deliver(List<? extends AllocatorInput> inputs) {
    if (closed) {
      return;
    }
    if (pending.addAndGet(inputs.size()) > MAX_PENDING) {
      pending.addAndGet(-inputs.size());
      throw new IllegalStateException(
          "the allocator is behind: " + MAX_PENDING + " inputs wait for it");
    }
    queue.addAll(inputs);
    if (open) {
      schedule();
    }
  }

  /** How many inputs wait; for backpressure. From any thread. */
  public int pending() {
    return pending.get();
  }

  private void schedule() {
    if (scheduled.compareAndSet(false, true)) {
      context.runOnContext(
          _ -> {
            // Before looking into the queue, so that what comes later schedules again.
            scheduled.set(false);
            work();
          });
    }
  }

  private void work() {
    if (!open) {
      return;
    }
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "the allocator's thread is " + owner + ", not " + Thread.currentThread());
    }
    List<AllocatorEffect> effects = new ArrayList<>();
    int handled = 0;
    AllocatorInput input = queue.poll();
    while (input != null) {
      allocator.on(input, clock.nanos(), effects::add);
      pending.decrementAndGet();
      input = ++handled < SLICE ? queue.poll() : null;
    }
    if (!queue.isEmpty()) {
      schedule();
    }
    runIfDue(effects);
    if (!effects.isEmpty()) {
      out.accept(List.copyOf(effects));
    }
    armTimer();
  }

  private void runIfDue(List<AllocatorEffect> effects) {
    long wakeUp = allocator.wakeUpNanos();
    long before = clock.nanos();
    if (wakeUp > before) {
      return;
    }
    long runsBefore = allocator.runs();
    allocator.onTime(before, effects::add);
    long ran = allocator.runs() - runsBefore;
    if (ran > 0) {
      runs.add(ran);
      runTime.recordNanos(clock.nanos() - before);
      runLatency.recordNanos(before - wakeUp);
    }
  }

  private void armTimer() {
    if (timerId >= 0) {
      vertx.cancelTimer(timerId);
      timerId = -1;
    }
    long wakeUp = allocator.wakeUpNanos();
    if (wakeUp != Long.MAX_VALUE) {
      long millis = (wakeUp - clock.nanos() + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
      timerId =
          vertx.setTimer(
              Math.max(1, millis),
              _ -> {
                timerId = -1;
                work();
              });
    }
  }
}
