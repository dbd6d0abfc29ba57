package io.meseta.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import io.meseta.api.Futures;
import io.meseta.api.RawHttp;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Upstream's transcripts of every scheduler call, sent again to a running master with two agents,
 * in file order: each framework is offered one of them.
 */
class GoldenSchedulerCallsTest {
  private static final String INFO =
      "{\"user\":\"root\",\"name\":\"golden\",\"failover_timeout\":1000.0,"
          + "\"roles\":[\"r1\",\"r2\"],\"capabilities\":[{\"type\":\"MULTI_ROLE\"},"
          + "{\"type\":\"RESERVATION_REFINEMENT\"},{\"type\":\"PARTITION_AWARE\"},"
          + "{\"type\":\"TASK_KILLING_STATE\"}]}";

  /** Calls whose effects come with later issues; their structural checks are replayed. */
  private static final Map<String, String> LATER =
      Map.of(
          "UPDATE_FRAMEWORK-", "changing a framework's description comes later",
          "RECONCILE_OPERATIONS-unknown", "operations come later");

  @TempDir static Path directory;
  private static LocalNode node;
  private static TestFramework other;
  private static TestFramework framework;
  private static String agentId;
  private static String foreignOffer;

  @BeforeAll
  static void start() {
    node = TestNodes.start(directory, Map.of());
    agentId = new ScriptedAgent(node, "agent1.example.org").id();
    other = new TestFramework(node.port(), INFO.replace("golden", "other"));
    foreignOffer = other.offer();
    // One agent is enough for it: the second one is for the framework that calls.
    other.call("{\"type\":\"SUPPRESS\"}");
    framework = new TestFramework(node.port(), INFO);
    new ScriptedAgent(node, "agent2.example.org").id();
    framework.offer();
  }

  @AfterAll
  static void stop() {
    other.close();
    framework.close();
    Futures.await(node.stop());
  }

  @TestFactory
  Stream<DynamicTest> transcripts() {
    return Golden.entries("scheduler-calls.json").stream()
        .filter(entry -> !entry.has("skip") && later(entry).isEmpty())
        .map(entry -> dynamicTest(entry.get("id").asText(), () -> replay(entry)));
  }

  @Test
  void everyTranscriptIsSentOrSaysWhyNot() {
    List<JsonNode> entries = Golden.entries("scheduler-calls.json");
    assertEquals(170, entries.size());
    for (JsonNode entry : entries) {
      assertTrue(entry.has("skip") || entry.has("request"), entry.toString());
    }
    assertEquals(1, entries.stream().filter(entry -> entry.has("skip")).count());
    assertEquals(15, entries.stream().filter(entry -> !later(entry).isEmpty()).count());
  }

  private static String later(JsonNode entry) {
    String id = entry.get("id").asText();
    return LATER.entrySet().stream()
        .filter(prefix -> id.startsWith(prefix.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  private static void replay(JsonNode entry) {
    String id = entry.get("id").asText();
    if (entry.path("precondition").asText().startsWith("framework closed its stream")) {
      replayDisconnected(entry);
      return;
    }
    boolean foreign = id.endsWith("-foreign") || id.endsWith("-foreign-offer");
    Map<String, String> placeholders = new HashMap<>();
    placeholders.put("FRAMEWORK_ID", framework.id());
    placeholders.put("STREAM_ID", framework.streamId());
    placeholders.put("AGENT_ID", agentId);
    placeholders.put("MASTER_ID-0030", "");
    if (entry.toString().contains("${OFFER_ID}")) {
      placeholders.put("OFFER_ID", foreign ? foreignOffer : framework.offer());
    }
    try (RawHttp http = RawHttp.connect(node.port())) {
      http.send(Golden.request(entry.get("request"), placeholders));
      RawHttp.Response answer = http.response();
      JsonNode expected = entry.get("response");
      assertEquals(Golden.fill(expected.path("body").asText(), placeholders), answer.text());
      assertEquals(expected.get("status").asInt(), answer.status());
    }
    if (entry.has("then")) {
      placeholders.put("MASTER_ID", node.masterId());
      compareEvents(entry, placeholders);
    }
    if (foreign) {
      // Unlike upstream, nobody declines or loses what was offered to another framework.
      other.settle();
      assertTrue(other.offers().contains(foreignOffer));
    }
  }

  private static void compareEvents(JsonNode entry, Map<String, String> placeholders) {
    List<JsonNode> expected = new ArrayList<>();
    boolean ends = false;
    for (JsonNode then : entry.get("then")) {
      for (JsonNode record : then.get("records")) {
        String text = record.asText().replace("${MASTER_ID}-0030", other.id());
        expected.add(
            Golden.expected(TestFramework.JSON.getNodeFactory().textNode(text), placeholders));
      }
      ends = then.path("stream_end").asText().equals("closed by server");
    }
    if (ends) {
      JsonNode event = framework.next();
      while (Set.of("OFFERS", "RESCIND").contains(event.path("type").asText())) {
        event = framework.next();
      }
      assertEquals("END", event.path("type").asText());
      return;
    }
    List<JsonNode> seen = framework.settle().stream().map(Golden::masked).toList();
    assertEquals(expected, seen);
    if (entry.toString().contains("${OFFER_ID}")) {
      framework.offers().remove(placeholders.get("OFFER_ID"));
    }
  }

  private static void replayDisconnected(JsonNode entry) {
    TestFramework leaving = new TestFramework(node.port(), INFO);
    leaving.close();
    Map<String, String> placeholders = Map.of("FRAMEWORK_ID", leaving.id());
    long deadline = System.nanoTime() + 10_000_000_000L;
    RawHttp.Response answer;
    do {
      try (RawHttp http = RawHttp.connect(node.port())) {
        http.send(Golden.request(entry.get("request"), placeholders));
        answer = http.response();
      }
    } while (answer.status() == 400 && System.nanoTime() < deadline);
    assertEquals(entry.get("response").get("status").asInt(), answer.status());
    assertEquals(entry.get("response").get("body").asText(), answer.text());
  }
}
