package io.meseta.client;

import io.meseta.json.MesosJson;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.schema.v1.scheduler.Event;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.CompletableEmitter;
import io.reactivex.rxjava3.core.Flowable;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The client over two HTTP/1.1 connections: one for the endless answer to SUBSCRIBE, one on which
 * calls are pipelined so that their order holds (T-30, T-31). All state belongs to one Vert.x
 * context.
 */
final class HttpSchedulerClient implements SchedulerClient {
  /** Calls on the wire that are not answered yet; more wait in the connection's queue. */
  private static final int PIPELINED_CALLS = 256;

  private final Context context;
  private final SchedulerClientOptions options;
  private final HttpClient streams;
  private final HttpClient calls;
  private volatile @Nullable EventStream current;

  HttpSchedulerClient(Vertx vertx, SchedulerClientOptions options) {
    this.context = vertx.getOrCreateContext();
    this.options = options;
    // A stream may be silent between heartbeats, so no idle time-out; the watchdog of EventStream
    // looks after it.
    this.streams =
        vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(1));
    this.calls =
        vertx.createHttpClient(
            new HttpClientOptions().setPipelining(true).setPipeliningLimit(PIPELINED_CALLS),
            new PoolOptions().setHttp1MaxSize(1));
  }

  SchedulerClientOptions options() {
    return options;
  }

  HttpClient streams() {
    return streams;
  }

  Context context() {
    return context;
  }

  @Override
  public Flowable<Event> subscribe(Call.Subscribe subscribe) {
    return Flowable.fromPublisher(
        subscriber -> {
          EventStream stream = new EventStream(this, subscribe, subscriber);
          current = stream;
          stream.start();
        });
  }

  @Override
  public Optional<FrameworkID> frameworkId() {
    EventStream stream = current;
    return stream == null ? Optional.empty() : stream.frameworkId();
  }

  @Override
  public Completable call(Call.Builder call) {
    return Completable.create(
        emitter -> context.runOnContext(ignored -> send(call.clone(), emitter)));
  }

  @Override
  public void onContext(Runnable action) {
    context.runOnContext(ignored -> action.run());
  }

  private void send(Call.Builder call, CompletableEmitter emitter) {
    EventStream stream = current;
    if (stream == null || stream.leader().isEmpty() || stream.frameworkId().isEmpty()) {
      emitter.tryOnError(new IllegalStateException("not subscribed: " + call.getType()));
      return;
    }
    call.setFrameworkId(stream.frameworkId().get());
    stream.leaving(call.getType() == Call.Type.TEARDOWN);
    RequestOptions request =
        request(stream.leader().get())
            .setIdleTimeout(options.callTimeout().toMillis())
            .putHeader("Mesos-Stream-Id", stream.streamId());
    calls
        .request(request)
        .compose(ready -> ready.send(encode(call.build())))
        .compose(answer -> answer.body().map(body -> new Answer(answer.statusCode(), body)))
        .onSuccess(
            answer -> {
              if (answer.status() / 100 == 2) {
                if (call.getType() == Call.Type.TEARDOWN) {
                  stream.complete();
                }
                emitter.onComplete();
              } else {
                emitter.tryOnError(
                    new CallException(
                        answer.status(), answer.body().toString(StandardCharsets.UTF_8)));
              }
            })
        .onFailure(emitter::tryOnError);
  }

  private record Answer(int status, Buffer body) {}

  /** A POST to a master's scheduler API with everything but the stream id. */
  RequestOptions request(Endpoint master) {
    RequestOptions request =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(master.host())
            .setPort(master.port())
            .setURI("/api/v1/scheduler")
            .putHeader("Content-Type", mediaType())
            .putHeader("Accept", mediaType());
    options
        .credentials()
        .ifPresent(
            credentials ->
                request.putHeader(
                    "Authorization",
                    "Basic "
                        + Base64.getEncoder()
                            .encodeToString(
                                (credentials.principal() + ":" + credentials.secret())
                                    .getBytes(StandardCharsets.UTF_8))));
    return request;
  }

  private String mediaType() {
    return switch (options.encoding()) {
      case PROTOBUF -> "application/x-protobuf";
      case JSON -> "application/json";
    };
  }

  Buffer encode(Call call) {
    return Buffer.buffer(
        switch (options.encoding()) {
          case PROTOBUF -> call.toByteArray();
          case JSON -> MesosJson.write(call);
        });
  }

  @Override
  public void close() {
    EventStream stream = current;
    if (stream != null) {
      stream.cancel();
    }
    streams.close();
    calls.close();
  }
}
