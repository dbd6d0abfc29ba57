package io.meseta.cli;

import io.meseta.client.CallException;
import io.meseta.client.SchedulerClient;
import io.meseta.client.SchedulerClientOptions;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.schema.v1.scheduler.Event;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Runs a {@link TaskRun} against a master to its end and tears the framework down, whatever
 * happens.
 */
final class FrameworkSession implements AutoCloseable {
  /** How long the master may take to answer the farewell. */
  private static final Duration FAREWELL = Duration.ofSeconds(3);

  private final SchedulerClient client;
  private final TaskRun tasks;
  private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();
  private final CompositeDisposable underWay = new CompositeDisposable();

  /**
   * @param watcher hears of each change of a task's status, on the client's context
   */
  FrameworkSession(
      Vertx vertx,
      SchedulerClientOptions options,
      Collection<TaskInfo> templates,
      Consumer<TaskRun.Run> watcher) {
    client = SchedulerClient.create(vertx, options);
    tasks = new TaskRun(templates, this::send, watcher);
  }

  private void send(Call.Builder call) {
    underWay.add(client.call(call).subscribe(() -> {}, this::failed));
  }

  /**
   * A call that got lost is repaired by reconciliation at the next SUBSCRIBED; a refusal is not.
   */
  private void failed(Throwable error) {
    if (error instanceof CallException refused && !refused.mayRetry()) {
      outcome.completeExceptionally(error);
    }
  }

  void start(FrameworkInfo framework) {
    underWay.add(
        client
            .subscribe(Call.Subscribe.newBuilder().setFrameworkInfo(framework).build())
            .subscribe(
                this::on,
                outcome::completeExceptionally,
                () ->
                    outcome.completeExceptionally(new IllegalStateException("the stream ended"))));
  }

  private void on(Event event) {
    if (event.getType() == Event.Type.ERROR) {
      outcome.completeExceptionally(new IllegalStateException(event.getError().getMessage()));
      return;
    }
    tasks.on(event);
    concludeIfDone();
  }

  private void concludeIfDone() {
    if (tasks.isDone()) {
      outcome.complete(tasks.isSuccessful());
    }
  }

  TaskRun tasks() {
    return tasks;
  }

  Optional<FrameworkID> frameworkId() {
    return client.frameworkId();
  }

  /**
   * Waits for the end of all tasks.
   *
   * @param limit after which they are killed and this keeps waiting for their ends
   * @return whether all finished well
   * @throws ExecutionException if the master refused the framework or one of its calls
   */
  boolean await(Optional<Duration> limit) throws InterruptedException, ExecutionException {
    if (limit.isPresent()) {
      try {
        return outcome.get(limit.get().toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        client.onContext(
            () -> {
              tasks.killAll();
              concludeIfDone();
            });
      }
    }
    return outcome.get();
  }

  @Override
  public void close() {
    if (client.frameworkId().isPresent()) {
      // Without an answer the failover timeout of zero removes the framework when the connection
      // closes.
      var ignored =
          client
              .call(Call.newBuilder().setType(Call.Type.TEARDOWN))
              .onErrorComplete()
              .blockingAwait(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
    }
    underWay.dispose();
    client.close();
  }
}
