package io.meseta.api;

import io.meseta.bus.Bus;
import io.meseta.bus.Subscription;
import io.meseta.kernel.Principal;
import io.meseta.master.FromApi;
import io.meseta.master.MasterAddresses;
import io.meseta.master.Standing;
import io.meseta.master.ToApi;
import io.meseta.master.core.MasterEffect;
import io.meseta.master.core.MasterInput;
import io.meseta.master.core.RequestAddress;
import io.meseta.master.core.StreamAddress;
import io.meseta.media.MediaType;
import io.meseta.schema.v1.scheduler.Call;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One API instance's way to the master: what clients did goes there in one message per tick,
 * answers and events come back at the instance's own address (D-5). Lives on the instance's event
 * loop.
 *
 * <p>A master that cannot be reached, or begins a new term, takes every waiting call and every
 * stream of the old one with it.
 */
final class MasterConnection {
  private static final Logger LOG = LoggerFactory.getLogger(MasterConnection.class);

  /** Between attempts to reach a master that is not there. */
  private static final long RETRY_MILLIS = 20;

  /** Between looks for calls and streams whose time is over. */
  private static final long SWEEP_MILLIS = 1_000;

  private record Waiting(HttpServerRequest request, long sinceNanos) {}

  private final Vertx vertx;
  private final Context context;
  private final Bus bus;
  private final String node;
  private final int instance;
  private final ApiOptions.Limits limits;
  private final WorkerExecutor workers;

  private Standing standing = Standing.UNKNOWN;
  private long epoch;
  private long nextNumber;
  private final Map<Long, Waiting> calls = new LinkedHashMap<>();
  private final Map<Long, OutgoingStream> streams = new HashMap<>();
  private List<MasterInput> outgoing = new ArrayList<>();
  private final Set<HttpConnection> taken = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Long> drained = new LinkedHashSet<>();
  private boolean flushing;
  private boolean attaching;
  private boolean stopped;
  private @Nullable Subscription subscription;
  private final Promise<Void> leading = Promise.promise();
  private long sweeper = -1;

  MasterConnection(Vertx vertx, Bus bus, ApiOptions options, int instance, WorkerExecutor workers) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.bus = bus;
    this.node = options.node();
    this.instance = instance;
    this.limits = options.limits();
    this.workers = workers;
  }

  /** Listens and looks for the master; complete when answers would arrive. */
  Future<Void> start() {
    Subscription listening =
        bus.consume(MasterAddresses.API, MasterAddresses.API.at(node, instance), this::received);
    subscription = listening;
    sweeper = vertx.setPeriodic(SWEEP_MILLIS, timer -> sweep());
    return listening.ready().onSuccess(ready -> attach());
  }

  /** Ends all streams and tells the master that nothing more comes from here. */
  Future<Void> stop() {
    stopped = true;
    vertx.cancelTimer(sweeper);
    flush();
    dropAll();
    return bus.send(MasterAddresses.MASTER, master(), new FromApi.Detach(node, instance))
        // A master that is gone needs not be told.
        .otherwiseEmpty()
        .compose(sent -> subscription == null ? Future.succeededFuture() : subscription.close());
  }

  Standing standing() {
    return standing;
  }

  /** Completes when calls have been taken for the first time. */
  Future<Void> leading() {
    return leading.future();
  }

  /** Whether another call may wait for the master. */
  boolean hasCredit() {
    return calls.size() < limits.maxCallsInFlight();
  }

  /**
   * Whether the connection belongs to a subscriber: what is pipelined behind SUBSCRIBE is never
   * answered (T-31).
   */
  boolean isTaken(HttpConnection connection) {
    return taken.contains(connection);
  }

  /** Hands over a call; its answer is written when it comes. */
  void call(HttpServerRequest request, Principal principal, Optional<String> streamId, Call call) {
    long number = nextNumber++;
    calls.put(number, new Waiting(request, System.nanoTime()));
    post(
        new MasterInput.SchedulerCall(
            new RequestAddress(node, instance, number), principal, streamId, call));
  }

  /** Opens a stream; whether the framework is refused is told on it (T-14). */
  void subscribe(HttpServerRequest request, Principal principal, Call call, MediaType type) {
    long number = nextNumber++;
    StreamAddress address = new StreamAddress(node, instance, number);
    String streamId = UUID.randomUUID().toString();
    OutgoingStream stream =
        new OutgoingStream(
            request,
            type,
            vertx,
            workers,
            limits,
            new OutgoingStream.Listener() {
              @Override
              public void drained() {
                drained.add(number);
                scheduleFlush();
              }

              @Override
              public void closed(MasterInput.CloseCause cause) {
                if (streams.remove(number) != null) {
                  drained.remove(number);
                  post(new MasterInput.StreamClosed(address, cause));
                }
              }
            });
    stream.open(streamId);
    if (request.version() != HttpVersion.HTTP_2) {
      HttpConnection connection = request.connection();
      taken.add(connection);
      connection.closeHandler(gone -> taken.remove(connection));
    }
    streams.put(number, stream);
    post(new MasterInput.Subscribe(address, streamId, principal, call));
  }

  // To the master

  private void post(MasterInput input) {
    outgoing.add(input);
    scheduleFlush();
  }

  private void scheduleFlush() {
    if (!flushing) {
      flushing = true;
      context.runOnContext(tick -> flush());
    }
  }

  private void flush() {
    flushing = false;
    for (long number : drained) {
      OutgoingStream stream = streams.get(number);
      if (stream != null) {
        outgoing.add(
            new MasterInput.StreamAcknowledged(
                new StreamAddress(node, instance, number), stream.drainedBytes()));
      }
    }
    drained.clear();
    if (outgoing.isEmpty()) {
      return;
    }
    List<MasterInput> batch = outgoing;
    outgoing = new ArrayList<>();
    long sentIn = epoch;
    bus.send(MasterAddresses.MASTER, master(), new FromApi.Inputs(node, instance, epoch, batch))
        .onFailure(
            failure -> {
              if (sentIn == epoch) {
                lost(failure.getMessage());
              }
            });
  }

  private void attach() {
    if (attaching || stopped) {
      return;
    }
    attaching = true;
    bus.send(MasterAddresses.MASTER, master(), new FromApi.Attach(node, instance))
        .onComplete(
            sent -> attaching = false,
            failure ->
                vertx.setTimer(
                    RETRY_MILLIS,
                    timer -> {
                      attaching = false;
                      attach();
                    }));
  }

  private String master() {
    return MasterAddresses.MASTER.at(node);
  }

  // From the master

  private void received(ToApi message) {
    if (message.epoch() < epoch) {
      return;
    }
    if (message.epoch() > epoch) {
      dropAll();
      epoch = message.epoch();
    }
    standing = message.standing();
    if (standing.phase() == Standing.Phase.LEADING) {
      leading.tryComplete();
    }
    for (MasterEffect effect : message.effects()) {
      switch (effect) {
        case MasterEffect.Answer answer -> answered(answer);
        case MasterEffect.Send send -> {
          OutgoingStream stream = streams.get(send.stream().stream());
          if (stream != null) {
            stream.send(send.event());
          }
        }
        case MasterEffect.CloseStream close -> {
          OutgoingStream stream = streams.remove(close.stream().stream());
          if (stream != null) {
            drained.remove(close.stream().stream());
            stream.end();
          }
        }
        default -> throw new IllegalArgumentException("not for an API instance: " + effect);
      }
    }
  }

  private void answered(MasterEffect.Answer answer) {
    Waiting waiting = calls.remove(answer.request().request());
    if (waiting == null) {
      return;
    }
    if (answer.status() < 300) {
      Responses.empty(waiting.request(), answer.status());
    } else {
      Responses.text(waiting.request(), answer.status(), answer.text());
    }
  }

  // When things go wrong

  private void lost(String reason) {
    LOG.atWarn()
        .addKeyValue("node", node)
        .addKeyValue("instance", instance)
        .addKeyValue("calls", calls.size())
        .addKeyValue("streams", streams.size())
        .addKeyValue("reason", reason)
        .log("lost the master: its streams are closed and its calls answered 503");
    standing = Standing.UNKNOWN;
    dropAll();
    attach();
  }

  private void dropAll() {
    List<Waiting> waiting = List.copyOf(calls.values());
    List<OutgoingStream> open = List.copyOf(streams.values());
    calls.clear();
    streams.clear();
    drained.clear();
    outgoing.clear();
    waiting.forEach(call -> Responses.busy(call.request(), "The master is not available"));
    for (OutgoingStream stream : open) {
      if (stream.isUnopened()) {
        Responses.busy(stream.request(), "The master is not available");
      } else {
        stream.end();
      }
    }
  }

  private void sweep() {
    long now = System.nanoTime();
    // In the order of arrival: the first that has time left ends the search.
    Iterator<Waiting> oldest = calls.values().iterator();
    while (oldest.hasNext()) {
      Waiting call = oldest.next();
      if (now - call.sinceNanos() < limits.answerTimeout().toNanos()) {
        break;
      }
      oldest.remove();
      Responses.busy(
          call.request(),
          "The master did not answer within " + limits.answerTimeout().toSeconds() + " s");
    }
    List.copyOf(streams.values()).forEach(OutgoingStream::check);
  }
}
