package io.meseta.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import io.meseta.json.MesosJson;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.schema.v1.scheduler.Event;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client against scripted masters on real sockets. */
class SchedulerClientTest {
  private static final Call.Subscribe SUBSCRIBE =
      Call.Subscribe.newBuilder()
          .setFrameworkInfo(FrameworkInfo.newBuilder().setUser("u").setName("n"))
          .build();

  private record Received(HttpServerRequest request, Call call) {}

  private Vertx vertx;
  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  /** A master that hands every call to the script. */
  private int master(BiConsumer<Call, HttpServerRequest> script) {
    HttpServer server =
        vertx
            .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            body -> {
                              Call call = parse(request, body);
                              received.add(new Received(request, call));
                              script.accept(call, request);
                            }));
    return server.listen().await().actualPort();
  }

  private static Call parse(HttpServerRequest request, Buffer body) {
    try {
      return request.getHeader("Content-Type").equals("application/json")
          ? MesosJson.read(body.getBytes(), Call.getDefaultInstance())
          : Call.parseFrom(body.getBytes());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpServerResponse accept(HttpServerRequest request) {
    HttpServerResponse response = request.response().setChunked(true);
    response.putHeader("Content-Type", request.getHeader("Accept"));
    response.putHeader("Mesos-Stream-Id", "stream-1");
    return response;
  }

  private static Buffer record(HttpServerRequest request, Message event) {
    byte[] bytes =
        request.getHeader("Accept").equals("application/json")
            ? MesosJson.write(event)
            : event.toByteArray();
    return Buffer.buffer(bytes.length + "\n").appendBytes(bytes);
  }

  private static Event subscribed() {
    return Event.newBuilder()
        .setType(Event.Type.SUBSCRIBED)
        .setSubscribed(
            Event.Subscribed.newBuilder()
                .setFrameworkId(FrameworkID.newBuilder().setValue("f-1"))
                .setHeartbeatIntervalSeconds(15))
        .build();
  }

  private static Event heartbeat() {
    return Event.newBuilder().setType(Event.Type.HEARTBEAT).build();
  }

  private SchedulerClient client(int... ports) {
    List<String> masters =
        java.util.Arrays.stream(ports).mapToObj(port -> "127.0.0.1:" + port).toList();
    return SchedulerClient.create(
        vertx,
        new SchedulerClientOptions(
            masters,
            SchedulerClientOptions.Encoding.PROTOBUF,
            java.util.Optional.empty(),
            Duration.ofMillis(1),
            Duration.ofMillis(20),
            Duration.ofSeconds(10)));
  }

  private static TestSubscriber<Event> awaitCount(TestSubscriber<Event> subscriber, int count) {
    subscriber.awaitCount(count);
    assertTrue(subscriber.values().size() >= count, "got " + subscriber.values());
    return subscriber;
  }

  @ParameterizedTest
  @EnumSource(SchedulerClientOptions.Encoding.class)
  void subscribesAndCallsUnderTheIdAndTheStreamThatTheMasterGave(
      SchedulerClientOptions.Encoding encoding) throws Exception {
    int port =
        master(
            (call, request) -> {
              if (call.getType() == Call.Type.SUBSCRIBE) {
                accept(request).write(record(request, subscribed()));
              } else {
                request.response().setStatusCode(202).end();
              }
            });
    try (SchedulerClient client =
        SchedulerClient.create(
            vertx,
            SchedulerClientOptions.of(List.of("127.0.0.1:" + port))
                .withEncoding(encoding)
                .withCredentials(new SchedulerClientOptions.Credentials("p", "s")))) {
      TestSubscriber<Event> events = awaitCount(client.subscribe(SUBSCRIBE).test(), 1);
      assertEquals(List.of(subscribed()), events.values());
      client.call(Call.newBuilder().setType(Call.Type.REVIVE)).blockingAwait();
      Received first = received.poll(10, TimeUnit.SECONDS);
      assertFalse(first.call().hasFrameworkId());
      assertEquals("Basic cDpz", first.request().getHeader("Authorization"));
      Received second = received.poll(10, TimeUnit.SECONDS);
      assertEquals("f-1", second.call().getFrameworkId().getValue());
      assertEquals("stream-1", second.request().getHeader("Mesos-Stream-Id"));
    }
  }

  @Test
  void followsTheRedirectToTheLeader() {
    int leader = master((call, request) -> accept(request).write(record(request, subscribed())));
    int other =
        master(
            (call, request) ->
                request
                    .response()
                    .setStatusCode(307)
                    .putHeader("Location", "//127.0.0.1:" + leader + "/api/v1/scheduler")
                    .end());
    try (SchedulerClient client = client(other)) {
      awaitCount(client.subscribe(SUBSCRIBE).test(), 1);
      assertEquals("f-1", client.frameworkId().orElseThrow().getValue());
    }
  }

  @Test
  void subscribesAgainUnderTheSameIdWhenTheStreamBreaksOrNobodyLeads() throws Exception {
    int[] attempts = new int[1];
    int port =
        master(
            (call, request) -> {
              switch (attempts[0]++) {
                case 0 -> request.response().setStatusCode(503).end("No leader elected");
                case 1 -> accept(request).end(record(request, subscribed()));
                case 2 -> {
                  HttpServerResponse response = accept(request);
                  response.write(Buffer.buffer("nonsense\n"));
                }
                default -> accept(request).write(record(request, subscribed()));
              }
            });
    try (SchedulerClient client = client(port)) {
      awaitCount(client.subscribe(SUBSCRIBE).test(), 2);
      received.poll(10, TimeUnit.SECONDS);
      received.poll(10, TimeUnit.SECONDS);
      Received third = received.poll(10, TimeUnit.SECONDS);
      assertEquals("f-1", third.call().getFrameworkId().getValue());
      assertEquals("f-1", third.call().getSubscribe().getFrameworkInfo().getId().getValue());
    }
  }

  @Test
  void aRefusedSubscriptionFailsWithStatusAndText() {
    int port =
        master((call, request) -> request.response().setStatusCode(401).end("no credentials"));
    try (SchedulerClient client = client(port)) {
      TestSubscriber<Event> events = client.subscribe(SUBSCRIBE).test();
      assertTrue(events.awaitDone(10, TimeUnit.SECONDS).values().isEmpty());
      events.assertError(
          error -> error instanceof CallException refused && refused.status() == 401);
    }
  }

  @Test
  void anErrorEventEndsTheStreamForGood() {
    Event error =
        Event.newBuilder()
            .setType(Event.Type.ERROR)
            .setError(Event.Error.newBuilder().setMessage("Framework has been removed"))
            .build();
    int port = master((call, request) -> accept(request).end(record(request, error)));
    try (SchedulerClient client = client(port)) {
      client
          .subscribe(SUBSCRIBE)
          .test()
          .awaitDone(10, TimeUnit.SECONDS)
          .assertValues(error)
          .assertComplete();
      assertEquals(1, received.size());
    }
  }

  @Test
  void anAcceptedTeardownEndsTheStreamForGood() {
    List<HttpServerResponse> streams = new java.util.concurrent.CopyOnWriteArrayList<>();
    int port =
        master(
            (call, request) -> {
              if (call.getType() == Call.Type.SUBSCRIBE) {
                HttpServerResponse stream = accept(request);
                streams.add(stream);
                stream.write(record(request, subscribed()));
              } else {
                // The stream ends before the call is answered.
                streams
                    .getFirst()
                    .end()
                    .onComplete(ended -> request.response().setStatusCode(202).end());
              }
            });
    try (SchedulerClient client = client(port)) {
      TestSubscriber<Event> events = awaitCount(client.subscribe(SUBSCRIBE).test(), 1);
      client.call(Call.newBuilder().setType(Call.Type.TEARDOWN)).blockingAwait();
      events.awaitDone(10, TimeUnit.SECONDS).assertComplete();
      assertEquals(1, streams.size());
    }
  }

  @Test
  void aRefusedCallFailsAndACallWithoutSubscriptionIsAnError() {
    int port =
        master(
            (call, request) -> {
              if (call.getType() == Call.Type.SUBSCRIBE) {
                accept(request).write(record(request, subscribed()));
              } else {
                request.response().setStatusCode(400).end("Expecting 'x' to be present");
              }
            });
    try (SchedulerClient client = client(port)) {
      assertInstanceOf(
          IllegalStateException.class,
          assertThrows(
              RuntimeException.class,
              () -> client.call(Call.newBuilder().setType(Call.Type.REVIVE)).blockingAwait()));
      awaitCount(client.subscribe(SUBSCRIBE).test(), 1);
      CallException e =
          assertThrows(
              CallException.class,
              () -> client.call(Call.newBuilder().setType(Call.Type.ACCEPT)).blockingAwait());
      assertEquals(400, e.status());
      assertFalse(e.mayRetry());
      assertTrue(e.getMessage().contains("Expecting 'x' to be present"));
    }
  }

  @Test
  void eventsAreHandedOnOnlyAsTheyAreAskedForAndNoneIsLost() {
    int count = 500;
    int port =
        master(
            (call, request) -> {
              HttpServerResponse response = accept(request);
              Buffer all = record(request, subscribed());
              for (int i = 0; i < count; i++) {
                all.appendBuffer(record(request, heartbeat()));
              }
              // Records are cut anywhere.
              for (int at = 0; at < all.length(); at += 7) {
                response.write(all.slice(at, Math.min(all.length(), at + 7)));
              }
            });
    try (SchedulerClient client = client(port)) {
      TestSubscriber<Event> events = client.subscribe(SUBSCRIBE).test(3);
      awaitCount(events, 3);
      assertEquals(3, events.values().size());
      events.request(count);
      awaitCount(events, count + 1);
      assertEquals(count + 1, events.values().size());
      events.assertNotComplete().assertNoErrors();
    }
  }

  @Test
  void cancellingClosesTheConnection() throws Exception {
    BlockingQueue<String> closed = new LinkedBlockingQueue<>();
    int port =
        master(
            (call, request) -> {
              request.connection().closeHandler(ignored -> closed.add("closed"));
              accept(request).write(record(request, subscribed()));
            });
    try (SchedulerClient client = client(port)) {
      awaitCount(client.subscribe(SUBSCRIBE).test(), 1).cancel();
      assertEquals("closed", closed.poll(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void mastersMustBeHostAndPort() {
    for (String bad : List.of("", "host", "host:", ":5050", "host:0", "host:70000", "host:x")) {
      assertThrows(
          IllegalArgumentException.class, () -> SchedulerClientOptions.of(List.of(bad)), bad);
    }
    assertEquals(new Endpoint("::1", 5050), Endpoint.parse("[::1]:5050"));
    assertEquals(new Endpoint("m", 5050), Endpoint.ofLocation("//m:5050/api/v1/scheduler", 80));
    assertEquals(
        "Credentials[principal=p]", new SchedulerClientOptions.Credentials("p", "s").toString());
  }
}
