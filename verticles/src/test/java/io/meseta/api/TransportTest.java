package io.meseta.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.json.MesosJson;
import io.meseta.master.core.MasterInput;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.testing.Scenario;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Paths, bodies, connections: what HTTP allows, and what it does not. */
class TransportTest {
  private static final byte[] NOTHING = new byte[0];
  private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
  private static ApiFixture server;

  @BeforeAll
  static void start() {
    server = ApiFixture.start(o -> o.withLimits(o.limits().withMaxBodyBytes(1 << 20)));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static byte[] json(Call call) {
    return MesosJson.write(call);
  }

  /** The head of a call. */
  private static String post(String... headers) {
    return open(headers) + "\r\n\r\n";
  }

  /** The same, but its last line goes on. */
  private static String open(String... headers) {
    return "POST /api/v1/scheduler HTTP/1.1\r\nHost: x\r\n" + String.join("\r\n", headers);
  }

  private static Call call(String framework) {
    return ApiFixture.revive().toBuilder()
        .setFrameworkId(FrameworkID.newBuilder().setValue(framework))
        .build();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  @Test
  @Scenario({"T-50", "T-51"})
  void everyWayToWriteTheSchedulersPathLeadsThere() {
    for (String path :
        List.of(
            "/api/v1/scheduler",
            "/api/v1/scheduler/",
            "//api/v1/scheduler?a=b",
            "/master/api/v1/scheduler",
            "/api/v1/scheduler/below",
            "http://anywhere:1/api/v1/scheduler")) {
      assertEquals(202, server.exchange("POST", path, JSON, json(call("f"))).status(), path);
    }
  }

  @Test
  @Scenario("T-50")
  void whatNothingServesIsNotFound() {
    for (String path :
        List.of(
            "/nope", "/api", "/API/V1/scheduler", "/%68ealth", "/../health", "/redirect/x", "/")) {
      RawHttp.Response answer = server.exchange("GET", path, Map.of(), NOTHING);
      assertEquals(404, answer.status(), path);
      assertEquals("404 Not Found.", answer.text());
    }
  }

  @Test
  void healthVersionAndRedirectNeedNoMaster() {
    assertEquals("", server.exchange("GET", "/health", Map.of(), NOTHING).text());
    assertEquals(200, server.exchange("HEAD", "/master/health", Map.of(), NOTHING).status());
    RawHttp.Response version = server.exchange("GET", "/version", Map.of(), NOTHING);
    assertEquals(Optional.of("application/json"), version.header("Content-Type"));
    assertTrue(version.text().matches("\\{.*\"version\":\"[0-9.]+\"}"), version.text());
    RawHttp.Response redirect = server.exchange("GET", "/master/redirect", Map.of(), NOTHING);
    assertEquals(307, redirect.status());
    assertEquals(Optional.of("//master.example.org:5050"), redirect.header("Location"));
  }

  @Test
  void anAgentServesHealthAndVersion() {
    ApiVerticle agent =
        ApiVerticle.forAgent(
            ApiOptions.of("agent", "127.0.0.1", ApiOptions.ANY_PORT - 7),
            0,
            java.nio.file.Path.of("none"));
    Futures.await(server.vertx.deployVerticle(agent));
    try (RawHttp http = RawHttp.connect(agent.port())) {
      assertEquals(200, http.exchange("GET", "/slave(1)/health", Map.of(), NOTHING).status());
      assertEquals(200, http.exchange("GET", "/version", Map.of(), NOTHING).status());
      assertEquals(404, http.exchange("POST", "/api/v1/scheduler", JSON, NOTHING).status());
    }
  }

  @Test
  @Scenario("T-55")
  void chunkedBodiesAreRead() {
    String body = new String(json(call("chunked")), StandardCharsets.UTF_8);
    try (RawHttp http = server.connect()) {
      http.send(
          post("Content-Type: application/json", "Transfer-Encoding: chunked") + "1\r\n{\r\n");
      String rest = body.substring(1);
      http.send(Integer.toHexString(rest.length()) + ";extension=1\r\n" + rest + "\r\n");
      http.send("0\r\n\r\n");
      assertEquals(202, http.response().status());
    }
  }

  @Test
  void aClientThatWaitsForContinueIsTold() {
    byte[] body = json(call("f"));
    try (RawHttp http = server.connect()) {
      http.send(
          open("Content-Type: application/json", "Expect: 100-continue", "Content-Length: ")
              + body.length
              + "\r\n\r\n");
      assertEquals(100, http.head().status());
      http.send(body);
      assertEquals(202, http.response().status());
    }
  }

  @Test
  void aClientThatWaitsForContinueIsRefusedBeforeItSendsTheBody() {
    try (RawHttp http = server.connect()) {
      http.send(post("Content-Type: text/plain", "Expect: 100-continue", "Content-Length: 10"));
      assertEquals(415, http.response().status());
    }
  }

  @Test
  @Scenario({"T-30", "T-61"})
  void pipelinedCallsAreHandledAndAnsweredInOrder() {
    int depth = 500; // more than any default bound of the HTTP stack
    ByteArrayOutputStream requests = new ByteArrayOutputStream();
    for (int i = 0; i < depth; i++) {
      // Every tenth is answered at once, without the master.
      byte[] body = i % 10 == 9 ? new byte[] {'x'} : json(call("p" + i));
      requests.writeBytes(RawHttp.request("POST", ApiFixture.PATH, JSON, body));
    }
    try (RawHttp http = server.connect()) {
      http.send(requests.toByteArray());
      for (int i = 0; i < depth; i++) {
        assertEquals(i % 10 == 9 ? 400 : 202, http.response().status(), "answer " + i);
      }
      for (int i = 0; i < depth; i++) {
        if (i % 10 != 9) {
          String framework = "p" + i;
          MasterInput.SchedulerCall call = server.master.next(MasterInput.SchedulerCall.class);
          while (!call.call().getFrameworkId().getValue().startsWith("p")) {
            call = server.master.next(MasterInput.SchedulerCall.class);
          }
          assertEquals(framework, call.call().getFrameworkId().getValue());
        }
      }
    }
  }

  @Test
  @Scenario("T-28")
  void aBodyAboveTheBoundAnswers413AndTheConnectionIsClosed() {
    try (RawHttp http = server.connect()) {
      http.send(post("Content-Type: application/json", "Content-Length: 1048577") + "{");
      RawHttp.Response answer = http.response();
      assertEquals(413, answer.status());
      assertEquals("The request's body is larger than 1048576 bytes", answer.text());
      assertTrue(http.isClosedByServer());
    }
  }

  @Test
  @Scenario("T-28")
  void aChunkedBodyAboveTheBoundAnswers413() {
    try (RawHttp http = server.connect()) {
      http.send(
          post("Content-Type: application/json", "Transfer-Encoding: chunked") + "100001\r\n");
      http.send(new byte[0x100001]);
      assertEquals(413, http.response().status());
    }
  }

  @Test
  @Scenario("T-29")
  void compressedBodiesAreInflated() throws IOException {
    Map<String, String> headers =
        Map.of("Content-Type", "application/json", "Content-Encoding", "gzip");
    String longId = "x".repeat(2000);
    assertEquals(202, server.post(headers, gzip(json(call(longId)))).status());
    RawHttp.Response bad = server.post(headers, json(call("f")));
    assertEquals(400, bad.status());
    assertTrue(bad.text().startsWith("Failed to decode gzip body: "), bad.text());
    byte[] whole = gzip(json(call("f")));
    byte[] cut = java.util.Arrays.copyOf(whole, whole.length - 4);
    assertEquals(400, server.post(headers, cut).status());
    assertEquals(
        400,
        server
            .post(
                Map.of("Content-Type", "application/json", "Content-Encoding", "deflate"), NOTHING)
            .status());
  }

  @Test
  @Scenario("T-29")
  void aBodyThatInflatesAboveTheBoundAnswers413() throws IOException {
    byte[] bomb = gzip(new byte[2 << 20]);
    RawHttp.Response answer =
        server.post(Map.of("Content-Type", "application/json", "Content-Encoding", "gzip"), bomb);
    assertEquals(413, answer.status());
  }

  @Test
  @Scenario("T-29")
  void longAnswersAreCompressedForThoseWhoAllowIt() throws IOException {
    byte[] text = "t".repeat(Responses.MIN_GZIP_BYTES).getBytes(StandardCharsets.UTF_8);
    io.vertx.core.http.HttpServer http =
        Futures.await(
            server
                .vertx
                .createHttpServer()
                .requestHandler(r -> Responses.body(r, 200, Responses.TEXT, text))
                .listen(0, "127.0.0.1"));
    for (String accept : List.of("gzip", "*", "br, GZIP;q=0.5")) {
      try (RawHttp client = RawHttp.connect(http.actualPort())) {
        RawHttp.Response answer =
            client.exchange("GET", "/", Map.of("Accept-Encoding", accept), NOTHING);
        assertEquals(Optional.of("gzip"), answer.header("Content-Encoding"), accept);
        byte[] inflated =
            new GZIPInputStream(new java.io.ByteArrayInputStream(answer.body())).readAllBytes();
        assertArrayEquals(text, inflated);
      }
    }
    for (String accept : List.of("gzip;q=0", "identity", "gzip;q=0, *")) {
      try (RawHttp client = RawHttp.connect(http.actualPort())) {
        RawHttp.Response answer =
            client.exchange("GET", "/", Map.of("Accept-Encoding", accept), NOTHING);
        assertEquals(Optional.empty(), answer.header("Content-Encoding"), accept);
        assertArrayEquals(text, answer.body());
      }
    }
  }

  @Test
  @Scenario("T-1")
  void whatIsNotHttpIsRefusedOrCut() {
    for (String bytes :
        List.of(
            "garbage\r\n\r\n",
            "FOO /health HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /health HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(90_000) + "\r\n\r\n",
            post("Content-Length: -1"),
            post("Content-Length: abc"))) {
      try (RawHttp http = server.connect()) {
        RawHttp.Response answer = http.send(bytes).response();
        assertTrue(
            answer.status() == 400 || answer.status() == 431,
            answer.status() + " for " + bytes.substring(0, 10));
      }
    }
    assertEquals(200, server.exchange("GET", "/health", Map.of(), NOTHING).status());
  }

  @Test
  @Scenario("T-1")
  void aBodyThatEndsEarlyReachesNobody() {
    try (RawHttp http = server.connect()) {
      http.send(post("Content-Type: application/json", "Content-Length: 100") + "{}");
    }
    try (RawHttp http = server.connect()) {
      http.send(post("Content-Type: application/json", "Transfer-Encoding: chunked") + "zz\r\n");
      assertTrue(http.isClosedByServer());
    }
    assertEquals(202, server.post(JSON, json(call("after"))).status());
  }

  @Test
  void http2WithPriorKnowledgeIsServed() throws Exception {
    io.vertx.core.http.HttpClient client =
        server.vertx.createHttpClient(
            new io.vertx.core.http.HttpClientOptions()
                .setProtocolVersion(io.vertx.core.http.HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    int status =
        Futures.await(
            client
                .request(
                    io.vertx.core.http.HttpMethod.POST,
                    server.api.port(),
                    "127.0.0.1",
                    ApiFixture.PATH)
                .compose(
                    request ->
                        request
                            .putHeader("Content-Type", "application/x-protobuf")
                            .send(io.vertx.core.buffer.Buffer.buffer(call("h2").toByteArray())))
                .map(response -> response.statusCode()));
    assertEquals(202, status);
  }
}
