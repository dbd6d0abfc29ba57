package io.meseta.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.json.MesosJson;
import io.meseta.kernel.Principal;
import io.meseta.master.Standing;
import io.meseta.master.core.MasterEffect;
import io.meseta.master.core.MasterInput;
import io.meseta.media.MediaType;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.schema.v1.scheduler.Event;
import io.meseta.security.Authenticator;
import io.meseta.security.BasicAuthenticator;
import io.meseta.security.Credentials;
import io.meseta.testing.Scenario;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each row of the table of checks, in both encodings: the first check that fails decides. */
class CheckOrderTest {
  private static final byte[] NOTHING = new byte[0];
  private static ApiFixture server;

  /** Only the two in which calls come. */
  enum Encoding {
    JSON(MediaType.JSON),
    PROTOBUF(MediaType.PROTOBUF);

    final MediaType type;

    Encoding(MediaType type) {
      this.type = type;
    }

    byte[] encode(Call call) {
      return this == JSON ? MesosJson.write(call) : call.toByteArray();
    }

    Map<String, String> headers() {
      return Map.of("Content-Type", type.text());
    }
  }

  @BeforeAll
  static void start() {
    server = ApiFixture.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void assertText(int status, String text, RawHttp.Response response) {
    assertEquals(text, response.text());
    assertEquals(status, response.status());
    assertEquals(Optional.of("text/plain; charset=utf-8"), response.header("Content-Type"));
  }

  @Test
  @Scenario("T-2")
  void forbiddenPathsAnswer403UnderAllTheirNames() {
    Set<String> rules = Set.of("/api/v1/scheduler", "/version");
    try (ApiFixture firewalled = ApiFixture.start(o -> o.withForbiddenPaths(rules))) {
      for (String path : List.of("/api/v1/scheduler", "/master/api/v1/scheduler/")) {
        assertText(
            403,
            "Endpoint '/master/api/v1/scheduler' is disabled",
            firewalled.exchange("POST", path, Map.of(), NOTHING));
      }
      assertText(
          403,
          "Endpoint '/version' is disabled",
          firewalled.exchange("GET", "/version", Map.of(), NOTHING));
      assertEquals(200, firewalled.exchange("GET", "/health", Map.of(), NOTHING).status());
    }
  }

  @Test
  @Scenario({"SchedulerHttpApiTest.AuthenticationRequired", "T-3"})
  void withoutCredentialsAnswers401WithAChallengeBeforeAnythingElse() {
    Credentials credentials =
        Credentials.parse("{\"credentials\":[{\"principal\":\"alice\",\"secret\":\"a:b\"}]}");
    Authenticator basic = new BasicAuthenticator("mesos-master-scheduler", credentials);
    try (ApiFixture guarded = ApiFixture.start(o -> o.withAuthenticator(basic))) {
      // Not even the method is looked at.
      RawHttp.Response refused =
          guarded.exchange("GET", ApiFixture.PATH, Map.of("Content-Type", "foo"), NOTHING);
      assertText(401, "401 Unauthorized.", refused);
      assertEquals(
          Optional.of("Basic realm=\"mesos-master-scheduler\""),
          refused.header("WWW-Authenticate"));

      String right = "Basic " + base64("alice:a:b");
      guarded.post(
          Map.of("Content-Type", "application/json", "Authorization", right),
          Encoding.JSON.encode(ApiFixture.revive()));
      MasterInput.SchedulerCall call = guarded.master.next(MasterInput.SchedulerCall.class);
      assertEquals(Principal.named("alice"), call.principal());
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  @Scenario("T-4")
  void aPrincipalWithClaimsAloneIsForbidden() {
    Authenticator claims =
        header ->
            new Authenticator.Outcome.Accepted(new Principal(Optional.empty(), Map.of("fid", "f")));
    try (ApiFixture guarded = ApiFixture.start(o -> o.withAuthenticator(claims))) {
      assertText(403, "403 Forbidden.", guarded.post(Map.of(), NOTHING));
    }
  }

  @Test
  @Scenario("T-5")
  void aFollowerRedirectsToTheLeaderWithPathAndQuery() {
    Standing following = new Standing(Standing.Phase.FOLLOWING, Optional.of(ScriptedMaster.INFO));
    try (ApiFixture follower = ApiFixture.start(following)) {
      for (String target : List.of("/api/v1/scheduler?a=b", "http://x:1/api/v1/scheduler?a=b")) {
        RawHttp.Response answer = follower.exchange("PUT", target, Map.of(), NOTHING);
        assertEquals(307, answer.status());
        assertEquals(
            Optional.of("//master.example.org:5050/api/v1/scheduler?a=b"),
            answer.header("Location"));
      }
    }
  }

  @Test
  @Scenario("T-5")
  void withoutALeaderAnswers503() {
    Standing leaderless = new Standing(Standing.Phase.FOLLOWING, Optional.empty());
    try (ApiFixture follower = ApiFixture.start(leaderless)) {
      assertText(503, "No leader elected", follower.post(Map.of(), NOTHING));
      assertText(
          503, "No leader elected", follower.exchange("GET", "/redirect", Map.of(), NOTHING));
    }
  }

  @Test
  @Scenario("T-6")
  void whileTheMasterRecoversAnswers503BeforeTheMethodIsLookedAt() {
    Standing recovering = new Standing(Standing.Phase.RECOVERING, Optional.of(ScriptedMaster.INFO));
    try (ApiFixture early = ApiFixture.start(recovering)) {
      RawHttp.Response answer = early.exchange("GET", ApiFixture.PATH, Map.of(), NOTHING);
      assertText(503, "Master has not finished recovery", answer);
      assertEquals(200, early.exchange("GET", "/health", Map.of(), NOTHING).status());
      assertEquals(307, early.exchange("GET", "/redirect", Map.of(), NOTHING).status());
    }
  }

  @Test
  @Scenario({"SchedulerHttpApiTest.GetRequest", "T-7"})
  void otherMethodsThanPostAnswer405() {
    for (String method : List.of("GET", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE")) {
      RawHttp.Response answer =
          server.exchange(method, ApiFixture.PATH, Map.of("Content-Type", "foo"), NOTHING);
      assertText(
          405,
          "405 Method Not Allowed. Expecting one of { 'POST' }, but received '" + method + "'.",
          answer);
      assertEquals(Optional.of("POST"), answer.header("Allow"));
    }
    assertEquals(405, server.exchange("HEAD", ApiFixture.PATH, Map.of(), NOTHING).status());
  }

  @ParameterizedTest
  @EnumSource
  @Scenario({"SchedulerHttpApiTest.NoContentType", "T-8"})
  void withoutContentTypeAnswers400(Encoding encoding) {
    assertText(
        400,
        "Expecting 'Content-Type' to be present",
        server.post(Map.of(), encoding.encode(ApiFixture.subscribe())));
  }

  @ParameterizedTest
  @EnumSource
  @Scenario({"SchedulerHttpApiTest.UnsupportedContentMediaType", "T-9"})
  void anotherContentTypeAnswers415(Encoding encoding) {
    for (String type : List.of("", "foo", "text/plain", "application/recordio", "application/*")) {
      assertText(
          415,
          "Expecting 'Content-Type' of application/json or application/x-protobuf",
          server.post(Map.of("Content-Type", type), encoding.encode(ApiFixture.subscribe())));
    }
  }

  @ParameterizedTest
  @EnumSource
  @Scenario("T-26")
  void contentTypeIsComparedWithoutCaseAndParameters(Encoding encoding) {
    for (String type :
        List.of(
            encoding.type.text().toUpperCase(java.util.Locale.ROOT),
            encoding.type.text() + "; charset=utf-8")) {
      RawHttp.Response answer =
          server.post(Map.of("Content-Type", type), encoding.encode(ApiFixture.revive()));
      assertEquals(202, answer.status());
    }
  }

  @ParameterizedTest
  @EnumSource
  @Scenario({"SchedulerHttpApiTest.MalformedContent", "T-10"})
  void aBodyThatIsNoCallAnswers400(Encoding encoding) {
    byte[] garbage = {'g', 'a', 'r', 'b', 'a', 'g', 'e'};
    RawHttp.Response answer = server.post(encoding.headers(), garbage);
    assertEquals(400, answer.status());
    assertTrue(
        answer
            .text()
            .startsWith(
                encoding == Encoding.JSON
                    ? "Failed to parse body into JSON: "
                    : "Failed to parse body into Call protobuf"),
        answer.text());
  }

  @Test
  @Scenario("T-10")
  void jsonThatDoesNotFitAnswersWithTheReason() {
    assertText(
        400,
        "Failed to convert JSON into Call protobuf: Expecting a JSON object",
        server.post(Encoding.JSON.headers(), "[1]".getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @EnumSource
  @Scenario({"SchedulerHttpApiTest.ValidJsonButInvalidProtobuf", "T-11"})
  void aCallWithoutTypeAnswers400(Encoding encoding) {
    assertText(
        400,
        "Failed to validate scheduler::Call: Expecting 'type' to be present",
        server.post(encoding.headers(), encoding.encode(Call.getDefaultInstance())));
  }

  @ParameterizedTest
  @EnumSource
  @Scenario("T-62")
  void subscribeWithoutItsMessageAnswers400BeforeAcceptIsLookedAt(Encoding encoding) {
    Call call = Call.newBuilder().setType(Call.Type.SUBSCRIBE).build();
    assertText(
        400,
        "Failed to validate scheduler::Call: Expecting 'subscribe' to be present",
        server.post(
            Map.of("Content-Type", encoding.type.text(), "Accept", "foo"), encoding.encode(call)));
  }

  @ParameterizedTest
  @EnumSource
  @Scenario({"SchedulerHttpApiTest.NotAcceptable", "T-12"})
  void subscribeThatAcceptsNeitherAnswers406BeforeTheStreamIdIsLookedAt(Encoding encoding) {
    assertText(
        406,
        "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'",
        server.post(
            Map.of("Content-Type", encoding.type.text(), "Accept", "foo", "Mesos-Stream-Id", "x"),
            encoding.encode(ApiFixture.subscribe())));
  }

  @ParameterizedTest
  @EnumSource
  @Scenario({"SchedulerHttpApiTest.SubscribeWithStreamId", "T-13"})
  void subscribeWithAStreamIdAnswers400(Encoding encoding) {
    for (String streamId : List.of("", "x")) {
      assertText(
          400,
          "Subscribe calls should not include the 'Mesos-Stream-Id' header",
          server.post(
              Map.of("Content-Type", encoding.type.text(), "Mesos-Stream-Id", streamId),
              encoding.encode(ApiFixture.subscribe())));
    }
  }

  @ParameterizedTest
  @EnumSource
  @Scenario("T-14")
  void aRefusedSubscriptionIsAStreamWithAnError(Encoding encoding) {
    try (RawHttp http = server.connect()) {
      http.send(
          RawHttp.request(
              "POST",
              ApiFixture.PATH,
              Map.of("Content-Type", encoding.type.text(), "Accept", encoding.type.text()),
              encoding.encode(ApiFixture.subscribe())));
      MasterInput.Subscribe subscribe = server.master.next(MasterInput.Subscribe.class);
      Event error =
          Event.newBuilder()
              .setType(Event.Type.ERROR)
              .setError(Event.Error.newBuilder().setMessage("no"))
              .build();
      server.master.send(
          0,
          List.of(
              new MasterEffect.Send(subscribe.stream(), error),
              new MasterEffect.CloseStream(subscribe.stream())));

      RawHttp.Response head = http.head();
      assertEquals(200, head.status());
      assertEquals(Optional.of(encoding.type.text()), head.header("Content-Type"));
      assertEquals(Optional.of(subscribe.streamId()), head.header("Mesos-Stream-Id"));
      assertEquals(36, subscribe.streamId().length());
      assertEquals(1, http.recordsToEnd().size());
      assertTrue(http.isClosedByServer());
    }
  }

  @ParameterizedTest
  @EnumSource
  @Scenario({"T-15", "T-24"})
  void whatTheMasterSaysOfACallIsAnsweredAsItIs(Encoding encoding) {
    try (ApiFixture quiet = ApiFixture.start()) {
      quiet.master.keepSilent();
      try (RawHttp http = quiet.connect()) {
        byte[] request =
            RawHttp.request(
                "POST",
                ApiFixture.PATH,
                Map.of("Content-Type", encoding.type.text(), "Mesos-Stream-Id", "s"),
                encoding.encode(ApiFixture.revive()));

        http.send(request);
        MasterInput.SchedulerCall call = quiet.master.next(MasterInput.SchedulerCall.class);
        assertEquals(Optional.of("s"), call.streamId());
        assertEquals(ApiFixture.revive(), call.call());
        quiet.master.answer(call, 403, "Framework is not subscribed");
        assertText(403, "Framework is not subscribed", http.response());

        http.send(request);
        quiet.master.answer(quiet.master.next(MasterInput.SchedulerCall.class), 202, "");
        RawHttp.Response accepted = http.response();
        assertEquals(202, accepted.status());
        assertEquals("", accepted.text());
        assertEquals(Optional.empty(), accepted.header("Content-Type"));
      }
    }
  }
}
