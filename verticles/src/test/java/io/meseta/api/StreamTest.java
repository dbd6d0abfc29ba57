package io.meseta.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.meseta.json.MesosJson;
import io.meseta.master.FromApi;
import io.meseta.master.Standing;
import io.meseta.master.core.MasterEffect;
import io.meseta.master.core.MasterInput;
import io.meseta.master.core.MasterInput.CloseCause;
import io.meseta.master.core.StreamAddress;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.ExecutorID;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.schema.v1.scheduler.Event;
import io.meseta.testing.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What happens to subscribers, and to calls that wait, between the client and the master. */
class StreamTest {
  private static final Map<String, String> PROTOBUF =
      Map.of("Content-Type", "application/x-protobuf", "Accept", "application/x-protobuf");
  private static final Event HEARTBEAT = Event.newBuilder().setType(Event.Type.HEARTBEAT).build();

  private static StreamAddress subscribe(ApiFixture server, RawHttp http) {
    http.send(
        RawHttp.request("POST", ApiFixture.PATH, PROTOBUF, ApiFixture.subscribe().toByteArray()));
    return server.master.next(MasterInput.Subscribe.class).stream();
  }

  private static Event message(int bytes) {
    return Event.newBuilder()
        .setType(Event.Type.MESSAGE)
        .setMessage(
            Event.Message.newBuilder()
                .setAgentId(AgentID.newBuilder().setValue("a"))
                .setExecutorId(ExecutorID.newBuilder().setValue("e"))
                .setData(ByteString.copyFrom(new byte[bytes])))
        .build();
  }

  private static MasterEffect send(StreamAddress stream, Event event) {
    return new MasterEffect.Send(stream, event);
  }

  @Test
  @Scenario("T-52")
  void eachRecordIsOneChunkEvenIfManyComeInOneTick() throws Exception {
    try (ApiFixture server = ApiFixture.start();
        RawHttp http = server.connect()) {
      StreamAddress stream = subscribe(server, http);
      List<MasterEffect> effects = new ArrayList<>();
      for (int i = 1; i <= 100; i++) {
        effects.add(send(stream, message(i)));
      }
      server.master.send(0, effects);
      assertEquals(200, http.head().status());
      for (int i = 1; i <= 100; i++) {
        assertEquals(message(i), Event.parseFrom(http.record()));
      }
    }
  }

  @Test
  void largeEventsKeepTheirPlaceInTheOrder() throws Exception {
    try (ApiFixture server = ApiFixture.start();
        RawHttp http = server.connect()) {
      StreamAddress stream = subscribe(server, http);
      Event large = message(10 << 20);
      server.master.send(
          0, List.of(send(stream, HEARTBEAT), send(stream, large), send(stream, HEARTBEAT)));
      http.head();
      assertEquals(HEARTBEAT, Event.parseFrom(http.record()));
      assertEquals(large, Event.parseFrom(http.record()));
      assertEquals(HEARTBEAT, Event.parseFrom(http.record()));
    }
  }

  @Test
  @Scenario("T-34")
  void jsonEventsAreCompactObjects() {
    try (ApiFixture server = ApiFixture.start();
        RawHttp http = server.connect()) {
      http.send(
          RawHttp.request(
              "POST",
              ApiFixture.PATH,
              Map.of("Content-Type", "application/json", "Accept-Encoding", "gzip"),
              MesosJson.write(ApiFixture.subscribe())));
      StreamAddress stream = server.master.next(MasterInput.Subscribe.class).stream();
      server.master.send(0, List.of(send(stream, HEARTBEAT)));
      // Streams are never compressed (T-29).
      assertEquals(Optional.empty(), http.head().header("Content-Encoding"));
      assertEquals("{\"type\":\"HEARTBEAT\"}", http.textRecord());
    }
  }

  @Test
  void whatHasLeftIsAcknowledgedInBytesOfProtobuf() {
    try (ApiFixture server = ApiFixture.start();
        RawHttp http = server.connect()) {
      StreamAddress stream = subscribe(server, http);
      server.master.send(0, List.of(send(stream, message(1000)), send(stream, HEARTBEAT)));
      long total = (long) message(1000).getSerializedSize() + HEARTBEAT.getSerializedSize();
      MasterInput.StreamAcknowledged acknowledged;
      do {
        acknowledged = server.master.next(MasterInput.StreamAcknowledged.class);
        assertEquals(stream, acknowledged.stream());
      } while (acknowledged.bytes() < total);
      assertEquals(total, acknowledged.bytes());
    }
  }

  @Test
  @Scenario("T-37")
  void aClientThatGoesAwayIsReported() {
    try (ApiFixture server = ApiFixture.start()) {
      StreamAddress stream;
      try (RawHttp http = server.connect()) {
        stream = subscribe(server, http);
        server.master.send(0, List.of(send(stream, HEARTBEAT)));
        http.head();
      }
      assertEquals(
          new MasterInput.StreamClosed(stream, CloseCause.CLIENT),
          server.master.next(MasterInput.StreamClosed.class));
      // And one that goes before it hears anything.
      try (RawHttp http = server.connect()) {
        stream = subscribe(server, http);
      }
      assertEquals(
          new MasterInput.StreamClosed(stream, CloseCause.CLIENT),
          server.master.next(MasterInput.StreamClosed.class));
    }
  }

  @Test
  void aClientThatClosesInTheMiddleOfARecordIsReported() {
    try (ApiFixture server = ApiFixture.start()) {
      StreamAddress stream;
      try (RawHttp http = server.connect()) {
        stream = subscribe(server, http);
        server.master.send(0, List.of(send(stream, message(20 << 20))));
        http.head();
      }
      assertEquals(
          new MasterInput.StreamClosed(stream, CloseCause.CLIENT),
          server.master.next(MasterInput.StreamClosed.class));
    }
  }

  @Test
  @Scenario("T-36")
  void aSlowReaderIsCutWhenTooManyBytesAreOnTheirWay() {
    try (ApiFixture server =
            ApiFixture.start(
                o -> o.withLimits(o.limits().withStream(4 << 20, Duration.ofMinutes(10))));
        RawHttp http = RawHttp.connect(server.api.port(), 8 << 10)) {
      StreamAddress stream = subscribe(server, http);
      for (int i = 0; i < 200; i++) {
        server.master.send(0, List.of(send(stream, message(64 << 10))));
      }
      MasterInput.StreamClosed closed = server.master.next(MasterInput.StreamClosed.class);
      assertEquals(new MasterInput.StreamClosed(stream, CloseCause.OVERFLOW), closed);
    }
  }

  @Test
  @Scenario("T-36")
  void aSlowReaderIsCutWhenNothingLeavesForTooLong() {
    try (ApiFixture server =
            ApiFixture.start(
                o -> o.withLimits(o.limits().withStream(1 << 30, Duration.ofMillis(300))));
        RawHttp http = RawHttp.connect(server.api.port(), 8 << 10)) {
      StreamAddress stream = subscribe(server, http);
      server.master.send(0, List.of(send(stream, message(16 << 20))));
      MasterInput.StreamClosed closed = server.master.next(MasterInput.StreamClosed.class);
      assertEquals(new MasterInput.StreamClosed(stream, CloseCause.OVERFLOW), closed);
    }
  }

  @Test
  @Scenario("T-31")
  void whatIsPipelinedBehindSubscribeIsNeverAnswered() {
    try (ApiFixture server = ApiFixture.start();
        RawHttp http = server.connect()) {
      StreamAddress stream = subscribe(server, http);
      http.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
      server.master.send(0, List.of(send(stream, HEARTBEAT), new MasterEffect.CloseStream(stream)));
      http.head();
      assertEquals(1, http.recordsToEnd().size());
      assertTrue(http.isClosedByServer());
    }
  }

  @Test
  void callsAboveTheBoundAnswer503ButAcknowledgementsPass() {
    try (ApiFixture server =
        ApiFixture.start(o -> o.withLimits(o.limits().withMaxCallsInFlight(2)))) {
      server.master.keepSilent();
      byte[] revive =
          RawHttp.request("POST", ApiFixture.PATH, PROTOBUF, ApiFixture.revive().toByteArray());
      Call acknowledge =
          ApiFixture.revive().toBuilder()
              .setType(Call.Type.ACKNOWLEDGE)
              .setAcknowledge(
                  Call.Acknowledge.newBuilder()
                      .setAgentId(AgentID.newBuilder().setValue("a"))
                      .setTaskId(io.meseta.schema.v1.TaskID.newBuilder().setValue("t"))
                      .setUuid(
                          ByteString.copyFrom(
                              io.meseta.kernel.Ids.bytes(java.util.UUID.randomUUID()))))
              .build();
      try (RawHttp first = server.connect();
          RawHttp second = server.connect();
          RawHttp third = server.connect();
          RawHttp fourth = server.connect()) {
        first.send(revive);
        MasterInput.SchedulerCall waiting = server.master.next(MasterInput.SchedulerCall.class);
        second.send(revive);
        server.master.next(MasterInput.SchedulerCall.class);

        third.send(revive);
        RawHttp.Response refused = third.response();
        assertEquals(503, refused.status());
        assertEquals(Optional.of("1"), refused.header("Retry-After"));

        fourth.send(RawHttp.request("POST", ApiFixture.PATH, PROTOBUF, acknowledge.toByteArray()));
        MasterInput.SchedulerCall passed = server.master.next(MasterInput.SchedulerCall.class);
        assertEquals(acknowledge, passed.call());
        server.master.answer(passed, 202, "");
        assertEquals(202, fourth.response().status());

        server.master.answer(waiting, 202, "");
        assertEquals(202, first.response().status());
        third.send(revive);
        server.master.answer(server.master.next(MasterInput.SchedulerCall.class), 202, "");
        assertEquals(202, third.response().status());
      }
    }
  }

  @Test
  void aCallThatTheMasterDoesNotAnswerGets503() {
    try (ApiFixture server =
            ApiFixture.start(
                o -> o.withLimits(o.limits().withAnswerTimeout(Duration.ofMillis(200))));
        RawHttp http = server.connect()) {
      server.master.keepSilent();
      http.send(
          RawHttp.request("POST", ApiFixture.PATH, PROTOBUF, ApiFixture.revive().toByteArray()));
      RawHttp.Response answer = http.response();
      assertEquals(503, answer.status());
      assertEquals(Optional.of("1"), answer.header("Retry-After"));
    }
  }

  @Test
  @Scenario("T-41")
  void aNewTermEndsTheStreamsAndCallsOfTheOldOne() {
    try (ApiFixture server = ApiFixture.start();
        RawHttp open = server.connect();
        RawHttp unopened = server.connect();
        RawHttp call = server.connect()) {
      server.master.keepSilent();
      StreamAddress stream = subscribe(server, open);
      server.master.send(0, List.of(send(stream, HEARTBEAT)));
      open.head();
      StreamAddress second = subscribe(server, unopened);
      call.send(
          RawHttp.request("POST", ApiFixture.PATH, PROTOBUF, ApiFixture.revive().toByteArray()));
      server.master.next(MasterInput.SchedulerCall.class);

      server.master.stand(ScriptedMaster.LEADING, 2);

      assertEquals(1, open.recordsToEnd().size());
      assertEquals(503, unopened.response().status());
      assertEquals(503, call.response().status());

      // What an old leader still says is not heard.
      try (RawHttp fresh = server.connect()) {
        StreamAddress third = subscribe(server, fresh);
        server.master.stand(new Standing(Standing.Phase.FOLLOWING, Optional.empty()), 1);
        server.master.stand(ScriptedMaster.LEADING, 2);
        server.master.send(0, List.of(send(third, HEARTBEAT)));
        assertEquals(200, fresh.head().status());
        assertTrue(third.stream() > second.stream());
      }
    }
  }

  @Test
  void stoppingEndsStreamsAndTellsTheMaster() {
    try (ApiFixture server = ApiFixture.start();
        RawHttp http = server.connect()) {
      StreamAddress stream = subscribe(server, http);
      server.master.send(0, List.of(send(stream, HEARTBEAT)));
      http.head();
      long before = System.nanoTime();
      server.undeploy();
      assertTrue(System.nanoTime() - before < 5_000_000_000L);
      assertEquals(1, http.recordsToEnd().size());
      assertEquals(
          new FromApi.Detach(ApiFixture.NODE, 0),
          server.master.nextAttachment(FromApi.Detach.class));
    }
  }
}
