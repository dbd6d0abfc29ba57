package io.meseta.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import io.meseta.api.Futures;
import io.meseta.api.RawHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Upstream's transcripts of HTTP behaviour, sent again to a running master. */
class GoldenTransportTest {
  private static final String INFO =
      "{\"user\":\"root\",\"name\":\"golden\",\"failover_timeout\":3600.0,\"roles\":[\"r1\"],"
          + "\"capabilities\":[{\"type\":\"MULTI_ROLE\"}]";

  /** Our better answers where upstream's is a defect or a closed connection: status, text. */
  private static final Map<String, String> BETTER =
      Map.ofEntries(
          Map.entry("T-9-sched-2", "200 *"),
          Map.entry("T-9-sched-3", "200 *"),
          Map.entry("T-9-sched-4", "200 *"),
          Map.entry("T-9-sched-5", "200 *"),
          Map.entry("crash-T-21-unknown", "501 *"),
          // The name of a scheme has no case (RFC 7235).
          Map.entry("auth-sched-lower", "400 Failed to validate scheduler::Call: *"),
          // Lines that end without a carriage return are how requests are smuggled.
          Map.entry("raw-lf-only", "400 *"),
          Map.entry("raw-garbage", "400 *"),
          Map.entry("raw-unknown-method", "400 *"),
          // Other versions than 1.x cannot be understood.
          Map.entry("raw-bad-version", "501 *"));

  @TempDir static Path directory;
  private static LocalNode plain;
  private static LocalNode guarded;
  private static LocalNode firewalled;
  private static TestFramework connected;
  private static TestFramework alices;
  private static Map<String, String> gone;
  private static Map<String, String> replaced;
  private static Map<String, String> tornDown;
  private static TestFramework replacement;

  @BeforeAll
  static void start() throws IOException {
    Path credentials =
        Files.writeString(
            directory.resolve("credentials.json"),
            "{\"credentials\":[{\"principal\":\"alice\",\"secret\":\"wonder\"},"
                + "{\"principal\":\"bob\",\"secret\":\"builder\"}]}");
    plain = TestNodes.start(directory.resolve("plain"), Map.of());
    guarded =
        TestNodes.start(
            directory.resolve("guarded"),
            Map.of("authenticate_http_frameworks", "true", "credentials", credentials.toString()));
    firewalled =
        TestNodes.start(
            directory.resolve("firewalled"),
            Map.of(
                "firewall_rules",
                "{\"disabled_endpoints\":{\"paths\":[\"/api/v1/scheduler\",\"/version\"]}}"));

    connected = new TestFramework(plain.port(), INFO + "}");
    alices =
        new TestFramework(
            guarded.port(), INFO + "}", Map.of("Authorization", "Basic YWxpY2U6d29uZGVy"));

    try (TestFramework closing = new TestFramework(plain.port(), INFO + "}")) {
      gone = ids(closing);
    }
    TestFramework first = new TestFramework(plain.port(), INFO + "}");
    replaced = ids(first);
    replacement =
        new TestFramework(plain.port(), INFO + ",\"id\":{\"value\":\"" + first.id() + "\"}}");
    TestFramework ending = new TestFramework(plain.port(), INFO + "}");
    assertEquals(202, ending.call("{\"type\":\"TEARDOWN\"}").status());
    tornDown = new HashMap<>(ids(ending));
    tornDown.put("STREAM_ID_NEW", ending.streamId());
  }

  @AfterAll
  static void stop() {
    connected.close();
    replacement.close();
    alices.close();
    List.of(plain, guarded, firewalled).forEach(node -> Futures.await(node.stop()));
  }

  private static Map<String, String> ids(TestFramework framework) {
    return Map.of("FRAMEWORK_ID", framework.id(), "STREAM_ID", framework.streamId());
  }

  @TestFactory
  Stream<DynamicTest> transcripts() {
    return Golden.entries("transport.json").stream()
        .filter(entry -> !entry.has("skip"))
        .map(entry -> dynamicTest(entry.get("id").asText(), () -> replay(entry)));
  }

  /** So that nobody loses one: what is not sent says why. */
  @Test
  void everyTranscriptIsSentOrSaysWhyNot() {
    List<JsonNode> entries = Golden.entries("transport.json");
    assertEquals(440, entries.size());
    long skipped = entries.stream().filter(entry -> entry.has("skip")).count();
    assertEquals(272, skipped);
    assertTrue(
        entries.stream()
            .filter(entry -> entry.has("skip"))
            .noneMatch(entry -> entry.get("skip").asText().isBlank()));
    // Each defect of upstream's that is not skipped has an answer of ours.
    for (JsonNode entry : entries) {
      if (entry.has("do_not_copy")) {
        assertTrue(BETTER.containsKey(entry.get("id").asText()), entry.get("id").asText());
      }
    }
  }

  private static void replay(JsonNode entry) {
    String id = entry.get("id").asText();
    String precondition = entry.path("precondition").asText();
    LocalNode node = plain;
    Map<String, String> placeholders = ids(connected);
    if (precondition.contains("--authenticate_http_frameworks")) {
      node = guarded;
      placeholders = ids(alices);
    } else if (precondition.contains("then closed its stream")) {
      placeholders = gone;
    } else if (precondition.contains("replaced the first")) {
      placeholders = replaced;
    } else if (precondition.equals("TEARDOWN done")) {
      placeholders = tornDown;
    } else if (id.startsWith("T-2-firewall")) {
      node = firewalled;
    } else {
      assertEquals("", precondition, "an unknown precondition");
    }
    if (precondition.contains("then closed its stream")) {
      awaitDisconnected(node, placeholders);
    }
    try (RawHttp http = RawHttp.connect(node.port())) {
      http.send(Golden.request(entry.get("request"), placeholders));
      String better = BETTER.get(id);
      if (better != null) {
        RawHttp.Response head = http.head();
        RawHttp.Response answer = head.status() == 200 ? head : http.body(head);
        assertEquals(Integer.parseInt(better.substring(0, 3)), answer.status(), answer.text());
        String prefix = better.substring(4, better.length() - 1);
        assertTrue(answer.text().startsWith(prefix), answer.text());
        return;
      }
      compare(entry, http, node, placeholders);
    }
  }

  /** The master hears a moment later that a client has gone. */
  private static void awaitDisconnected(LocalNode node, Map<String, String> ids) {
    String call =
        "{\"type\":\"REVIVE\",\"framework_id\":{\"value\":\"" + ids.get("FRAMEWORK_ID") + "\"}}";
    long deadline = System.nanoTime() + 10_000_000_000L;
    int status = 202;
    while (status == 202 && System.nanoTime() < deadline) {
      try (RawHttp http = RawHttp.connect(node.port())) {
        status =
            http.exchange(
                    "POST",
                    TestFramework.PATH,
                    Map.of(
                        "Content-Type",
                        "application/json",
                        "Mesos-Stream-Id",
                        ids.get("STREAM_ID")),
                    call.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .status();
      }
    }
  }

  private static void compare(
      JsonNode entry, RawHttp http, LocalNode node, Map<String, String> placeholders) {
    JsonNode expected = entry.get("response");
    RawHttp.Response head = http.head();
    assertEquals(expected.get("status").asInt(), head.status());
    for (String name : List.of("Content-Type", "Allow", "WWW-Authenticate", "Transfer-Encoding")) {
      assertEquals(
          expected.path("headers").path(name).asText(""), head.header(name).orElse(""), name);
    }
    assertEquals(
        expected.path("headers").has("Mesos-Stream-Id"),
        head.header("Mesos-Stream-Id").isPresent());
    if (expected.path("headers").has("Location")) {
      assertEquals("//127.0.0.1:" + node.port(), head.header("Location").orElseThrow());
    }
    if (expected.has("records")) {
      compareRecords(expected, head, http, placeholders);
    } else if (!entry.get("request").path("method").asText().equals("HEAD")) {
      compareText(expected, body(http, head), placeholders);
    }
  }

  private static String body(RawHttp http, RawHttp.Response head) {
    return http.body(head).text();
  }

  private static void compareRecords(
      JsonNode expected, RawHttp.Response head, RawHttp http, Map<String, String> placeholders) {
    boolean protobuf = head.header("Content-Type").orElseThrow().equals("application/x-protobuf");
    for (JsonNode record : expected.get("records")) {
      assertEquals(Golden.expected(record, placeholders), Golden.record(http.record(), protobuf));
    }
    if (expected.path("stream_end").asText().equals("closed by server")) {
      assertEquals(List.of(), http.recordsToEnd());
    }
  }

  private static void compareText(
      JsonNode expected, String text, Map<String, String> placeholders) {
    String recorded = Golden.fill(expected.path("body").asText(), placeholders);
    String json = "Failed to parse body into JSON: ";
    if (recorded.startsWith(json) || expected.has("body_base64")) {
      // Parsers word it differently.
      assertTrue(text.startsWith(json), text);
    } else if (recorded.startsWith("{")) {
      assertEquals(
          TestFramework.parse(recorded).properties().stream().map(Map.Entry::getKey).toList(),
          TestFramework.parse(text).properties().stream().map(Map.Entry::getKey).toList());
    } else {
      assertEquals(recorded, text);
    }
  }
}
