package io.meseta.client;

import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.schema.v1.scheduler.Event;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.vertx.core.Vertx;

/**
 * One framework's connection to the cluster.
 *
 * <pre>{@code
 * SchedulerClient client = SchedulerClient.create(vertx, SchedulerClientOptions.of(List.of("127.0.0.1:5050")));
 * client.subscribe(Call.Subscribe.newBuilder().setFrameworkInfo(info).build())
 *     .filter(Event::hasOffers)
 *     .flatMapCompletable(event -> client.call(decline(event.getOffers())))
 *     .subscribe();
 * }</pre>
 *
 * <p>Made on any thread; events and answers arrive on one Vert.x context of the client's own, so a
 * framework that does its work there needs no locks. Redirects to the leader are followed, a lost
 * stream is subscribed again under the same framework id, with back-off.
 */
public interface SchedulerClient extends AutoCloseable {
  static SchedulerClient create(Vertx vertx, SchedulerClientOptions options) {
    return new HttpSchedulerClient(vertx, options);
  }

  /**
   * Subscribes the framework; one subscription at a time.
   *
   * <p>The stream lives as long as the framework: each reconnection shows as another SUBSCRIBED
   * event, after which the framework should reconcile. It completes after an ERROR event or an
   * accepted TEARDOWN, and fails with {@link CallException} if the master refuses the call itself.
   * Cancelling closes the connection, which the master takes for a disconnection. Backpressure
   * reaches the master through the socket.
   */
  Flowable<Event> subscribe(Call.Subscribe subscribe);

  /**
   * Sends a call; framework id and stream are filled in. Completes when the master has accepted it
   * (202), which promises nothing about its effect. Calls are delivered in the order in which they
   * are subscribed to.
   *
   * <p>Fails with {@link CallException} if refused, {@link IllegalStateException} if nothing is
   * subscribed, or an {@code IOException} if the answer did not arrive; it is not repeated then,
   * because only the framework knows whether it may be.
   */
  Completable call(Call.Builder call);

  /** Runs something on the context on which events arrive. */
  void onContext(Runnable action);

  /** The framework's id since the first SUBSCRIBED. */
  java.util.Optional<FrameworkID> frameworkId();

  /** Closes all connections. */
  @Override
  void close();
}
