package io.meseta.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.meseta.api.Futures;
import io.meseta.api.RawHttp;
import io.meseta.log.journal.DirectoryInUseException;
import io.meseta.testing.Scenario;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything in one JVM: how it starts, serves and stops. */
class LocalNodeTest {
  private static final String INFO =
      "{\"user\":\"root\",\"name\":\"test\",\"roles\":[\"r1\"],"
          + "\"capabilities\":[{\"type\":\"MULTI_ROLE\"}]}";

  @TempDir Path directory;

  @Test
  @Scenario("SchedulerHttpApiTest.Subscribe")
  void aFrameworkIsOfferedWhatAnAgentHas() {
    LocalNode node = TestNodes.start(directory, Map.of());
    String agent = new ScriptedAgent(node, "agent1").id();
    try (TestFramework framework = new TestFramework(node.port(), INFO)) {
      JsonNode offers = framework.next();
      assertEquals("OFFERS", offers.path("type").asText());
      JsonNode offer = offers.path("offers").path("offers").get(0);
      assertEquals(agent, offer.path("agent_id").path("value").asText());
      assertTrue(framework.id().startsWith(node.masterId()));
    }
    Futures.await(node.stop());
  }

  @Test
  void stoppingEndsOpenStreamsWithinFiveSeconds() {
    LocalNode node = TestNodes.start(directory, Map.of());
    new ScriptedAgent(node, "agent1").id();
    try (TestFramework framework = new TestFramework(node.port(), INFO)) {
      framework.offer();
      long before = System.nanoTime();
      Futures.await(node.stop());
      assertTrue(System.nanoTime() - before < 5_000_000_000L);
      JsonNode event = framework.next();
      while (!event.path("type").asText().equals("END")) {
        event = framework.next();
      }
    }
    // Neither the port nor the directory is held any more.
    LocalNode again = TestNodes.start(directory, Map.of());
    assertNotEquals(node.masterId(), again.masterId());
    Futures.await(again.stop());
  }

  @Test
  @Scenario("C-13")
  void aFrameworkComesBackAfterARestartOfTheMaster() {
    String info = INFO.replace("{\"user\"", "{\"failover_timeout\":600.0,\"user\"");
    LocalNode node = TestNodes.start(directory, Map.of());
    String id;
    try (TestFramework framework = new TestFramework(node.port(), info)) {
      id = framework.id();
      Futures.await(node.stop());
    }
    LocalNode again = TestNodes.start(directory, Map.of());
    String back = info.replace("{\"failover", "{\"id\":{\"value\":\"" + id + "\"},\"failover");
    try (TestFramework framework = new TestFramework(again.port(), back)) {
      assertEquals(id, framework.id());
    }
    Futures.await(again.stop());
  }

  @Test
  void aPortInUseFailsTheStart() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      LocalOptions options = TestNodes.options(directory, Map.of());
      LocalOptions sameport =
          new LocalOptions(
              options.workDir(),
              options.ip(),
              taken.getLocalPort(),
              options.master(),
              options.agents(),
              2,
              options.limits(),
              options.blockedThreadCheck());
      assertInstanceOf(BindException.class, Futures.failure(LocalNode.start(sameport)));
    }
  }

  @Test
  void aDirectoryInUseFailsTheStartAndLeavesTheOtherAlone() {
    LocalNode node = TestNodes.start(directory, Map.of());
    Throwable failure = Futures.failure(LocalNode.start(TestNodes.options(directory, Map.of())));
    assertInstanceOf(DirectoryInUseException.class, failure);
    try (TestFramework framework = new TestFramework(node.port(), INFO)) {
      assertFalse(framework.id().isEmpty());
    }
    Futures.await(node.stop());
  }

  @Test
  void aThousandSubscribersHearTheirMaster() {
    LocalNode node = TestNodes.start(directory, Map.of());
    byte[] subscribe =
        RawHttp.request(
            "POST",
            TestFramework.PATH,
            Map.of("Content-Type", "application/json"),
            ("{\"type\":\"SUBSCRIBE\",\"subscribe\":{\"framework_info\":" + INFO + "}}")
                .getBytes(StandardCharsets.UTF_8));
    List<RawHttp> clients = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    try {
      for (int i = 0; i < 1000; i++) {
        clients.add(RawHttp.connect(node.port()).send(subscribe));
      }
      for (RawHttp client : clients) {
        assertEquals(200, client.head().status());
        JsonNode subscribed = TestFramework.parse(client.textRecord());
        ids.add(subscribed.path("subscribed").path("framework_id").path("value").asText());
        assertEquals("{\"type\":\"HEARTBEAT\"}", client.textRecord());
      }
      assertEquals(1000, ids.size());
      long before = System.nanoTime();
      Futures.await(node.stop());
      assertTrue(System.nanoTime() - before < 5_000_000_000L);
      clients.forEach(RawHttp::recordsToEnd);
    } finally {
      clients.forEach(RawHttp::close);
    }
  }
}
