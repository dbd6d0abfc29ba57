package io.meseta.client;

import com.google.protobuf.InvalidProtocolBufferException;
import io.meseta.json.MesosJson;
import io.meseta.json.MesosJsonException;
import io.meseta.recordio.RecordDecoder;
import io.meseta.recordio.RecordIoException;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.schema.v1.scheduler.Event;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription over as many connections as it takes: connects, follows redirects, waits and
 * tries again, watches heartbeats, and hands on events as they are asked for. Everything but {@link
 * #request} and {@link #cancel} runs on the client's context.
 */
final class EventStream implements Subscription {
  /** Redirects followed in a row before it counts as a failed attempt. */
  private static final int MAX_REDIRECTS = 5;

  /** Heartbeats that may be missed before the connection is given up (T-35). */
  private static final int MISSED_HEARTBEATS = 5;

  private static final int MAX_RECORD_BYTES = 256 << 20;
  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

  private final HttpSchedulerClient client;
  private final Context context;
  private final Call.Subscribe subscribe;
  private final Subscriber<? super Event> subscriber;
  private final Deque<Event> waiting = new ArrayDeque<>();
  private volatile Optional<FrameworkID> frameworkId = Optional.empty();
  private volatile Optional<Endpoint> leader = Optional.empty();
  private String streamId = "";
  private @Nullable HttpClientResponse response;
  private long demand;
  private boolean done;
  private boolean leaving;
  private int nextMaster;
  private int redirects;
  private long backOffMillis;
  private long heartbeatMillis = 15_000;
  private long watchdog = -1;
  private long connection; // counts attempts, so that what belongs to an older one is ignored

  EventStream(
      HttpSchedulerClient client, Call.Subscribe subscribe, Subscriber<? super Event> subscriber) {
    this.client = client;
    this.context = client.context();
    this.subscribe = subscribe;
    this.subscriber = subscriber;
    this.backOffMillis = client.options().minBackOff().toMillis();
    if (subscribe.getFrameworkInfo().hasId()
        && !subscribe.getFrameworkInfo().getId().getValue().isEmpty()) {
      frameworkId = Optional.of(subscribe.getFrameworkInfo().getId());
    }
  }

  Optional<FrameworkID> frameworkId() {
    return frameworkId;
  }

  Optional<Endpoint> leader() {
    return response == null ? Optional.empty() : leader;
  }

  String streamId() {
    return streamId;
  }

  void start() {
    subscriber.onSubscribe(this);
    context.runOnContext(ignored -> connect());
  }

  @Override
  public void request(long n) {
    context.runOnContext(
        ignored -> {
          if (n <= 0) {
            fail(new IllegalArgumentException("request(" + n + ")"));
            return;
          }
          demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
          drain();
        });
  }

  @Override
  public void cancel() {
    context.runOnContext(ignored -> finish());
  }

  private void connect() {
    if (done) {
      return;
    }
    long attempt = ++connection;
    Endpoint master = leader.orElseGet(this::anyMaster);
    client
        .streams()
        .request(client.request(master))
        .compose(ready -> ready.send(client.encode(call())))
        .onSuccess(
            answer -> {
              if (attempt == connection && !done) {
                answered(master, answer);
              } else {
                answer.request().connection().close();
              }
            })
        .onFailure(cause -> lost(attempt, master + ": " + cause.getMessage()));
  }

  private Endpoint anyMaster() {
    var masters = client.options().masters();
    return Endpoint.parse(masters.get(nextMaster++ % masters.size()));
  }

  private Call call() {
    Call.Builder call = Call.newBuilder().setType(Call.Type.SUBSCRIBE).setSubscribe(subscribe);
    frameworkId.ifPresent(
        id -> {
          call.setFrameworkId(id);
          call.getSubscribeBuilder().getFrameworkInfoBuilder().setId(id);
        });
    return call.build();
  }

  private void answered(Endpoint master, HttpClientResponse answer) {
    int status = answer.statusCode();
    String location = answer.getHeader("Location");
    if (status == 200) {
      opened(master, answer);
    } else if (status == 307 && location != null && redirects++ < MAX_REDIRECTS) {
      leader = Optional.of(Endpoint.ofLocation(location, master.port()));
      connect();
    } else if (status == 307 || status == 429 || status >= 500) {
      lost(connection, master + " answered " + status);
    } else {
      answer
          .body()
          .onComplete(
              body ->
                  fail(
                      new CallException(
                          status,
                          body.succeeded()
                              ? body.result().toString(StandardCharsets.UTF_8)
                              : answer.statusMessage())));
    }
  }

  private void opened(Endpoint master, HttpClientResponse answer) {
    long attempt = connection;
    leader = Optional.of(master);
    response = answer;
    redirects = 0;
    streamId = Optional.ofNullable(answer.getHeader("Mesos-Stream-Id")).orElse("");
    RecordDecoder decoder = new RecordDecoder(MAX_RECORD_BYTES);
    answer.exceptionHandler(cause -> lost(attempt, String.valueOf(cause.getMessage())));
    answer.endHandler(ignored -> lost(attempt, "the master closed the stream"));
    answer.handler(
        chunk -> {
          if (attempt == connection) {
            received(attempt, decoder, chunk);
          }
        });
    watch(attempt);
  }

  private void received(long attempt, RecordDecoder decoder, Buffer chunk) {
    try {
      List<byte[]> records = new ArrayList<>();
      decoder.feed(chunk.getBytes(), records::add);
      for (byte[] record : records) {
        waiting.add(decode(record));
      }
    } catch (RecordIoException | InvalidProtocolBufferException | MesosJsonException e) {
      lost(attempt, "unreadable event: " + e.getMessage());
      return;
    }
    watch(attempt);
    drain();
  }

  private Event decode(byte[] record) throws InvalidProtocolBufferException, MesosJsonException {
    return switch (client.options().encoding()) {
      case PROTOBUF -> Event.parseFrom(record);
      case JSON -> MesosJson.read(record, Event.getDefaultInstance());
    };
  }

  private void drain() {
    while (!done && demand > 0 && !waiting.isEmpty()) {
      Event event = waiting.poll();
      demand--;
      if (event.hasSubscribed()) {
        frameworkId = Optional.of(event.getSubscribed().getFrameworkId());
        heartbeatMillis =
            Math.max(1, (long) (event.getSubscribed().getHeartbeatIntervalSeconds() * 1000));
        backOffMillis = client.options().minBackOff().toMillis();
      }
      subscriber.onNext(event);
      if (event.getType() == Event.Type.ERROR) {
        complete();
      }
    }
    if (!done && response != null) {
      if (waiting.isEmpty()) {
        response.resume();
      } else {
        response.pause();
      }
    }
  }

  private void watch(long attempt) {
    unwatch();
    watchdog =
        context
            .owner()
            .setTimer(
                heartbeatMillis * MISSED_HEARTBEATS,
                ignored -> lost(attempt, MISSED_HEARTBEATS + " heartbeats missed"));
  }

  private void unwatch() {
    if (watchdog >= 0) {
      context.owner().cancelTimer(watchdog);
      watchdog = -1;
    }
  }

  /** The connection is of no more use: try again after a while, at any master. */
  private void lost(long attempt, String reason) {
    if (done || attempt != connection) {
      return;
    }
    if (leaving) {
      complete();
      return;
    }
    connection++;
    hangUp();
    waiting.clear();
    leader = Optional.empty();
    redirects = 0;
    long wait = backOffMillis / 2 + ThreadLocalRandom.current().nextLong(backOffMillis / 2 + 1);
    backOffMillis = Math.min(backOffMillis * 2, client.options().maxBackOff().toMillis());
    LOG.atInfo()
        .setMessage("subscribing again")
        .addKeyValue("reason", reason)
        .addKeyValue("wait_ms", wait)
        .log();
    context.owner().setTimer(Math.max(1, wait), ignored -> connect());
  }

  private void hangUp() {
    unwatch();
    if (response != null) {
      response.request().connection().close();
      response = null;
    }
  }

  private void finish() {
    done = true;
    connection++;
    waiting.clear();
    hangUp();
  }

  /** Whether a TEARDOWN is on its way: the stream may end before its answer comes. */
  void leaving(boolean value) {
    leaving = value;
  }

  /** The framework is gone by its own wish: the end of the connection is the end of the stream. */
  void complete() {
    if (!done) {
      finish();
      subscriber.onComplete();
    }
  }

  private void fail(Throwable cause) {
    if (!done) {
      finish();
      subscriber.onError(cause);
    }
  }
}
