package io.meseta.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.meseta.api.RawHttp;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A framework that speaks JSON, and keeps count of its offers. */
final class TestFramework implements AutoCloseable {
  static final JsonMapper JSON = new JsonMapper();
  static final String PATH = "/api/v1/scheduler";

  private final int port;
  private final Map<String, String> headers;
  private final RawHttp stream;
  private final String streamId;
  private final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
  private final Set<String> offers = new LinkedHashSet<>();
  private String id = "";
  private int markers;

  /**
   * Subscribes.
   *
   * @param info the whole {@code framework_info}
   * @param headers besides those of JSON
   */
  TestFramework(int port, String info, Map<String, String> headers) {
    this.port = port;
    this.headers = new HashMap<>(headers);
    this.headers.put("Content-Type", "application/json");
    JsonNode parsed = parse(info);
    String call =
        "{\"type\":\"SUBSCRIBE\""
            + (parsed.has("id") ? ",\"framework_id\":" + parsed.get("id") : "")
            + ",\"subscribe\":{\"framework_info\":"
            + info
            + "}}";
    stream = RawHttp.connect(port);
    stream.send(RawHttp.request("POST", PATH, this.headers, call.getBytes(StandardCharsets.UTF_8)));
    RawHttp.Response head = stream.head();
    if (head.status() != 200) {
      throw new AssertionError("refused with " + head.status());
    }
    streamId = head.header("Mesos-Stream-Id").orElseThrow();
    Thread.ofVirtual().start(this::read);
    JsonNode subscribed = next();
    if (!subscribed.path("type").asText().equals("SUBSCRIBED")) {
      throw new AssertionError("not subscribed: " + subscribed);
    }
    id = subscribed.path("subscribed").path("framework_id").path("value").asText();
  }

  TestFramework(int port, String info) {
    this(port, info, Map.of());
  }

  private void read() {
    try {
      while (true) {
        events.add(parse(stream.textRecord()));
      }
    } catch (RuntimeException | AssertionError e) {
      events.add(JSON.createObjectNode().put("type", "END"));
    }
  }

  static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(json, e);
    }
  }

  String id() {
    return id;
  }

  String streamId() {
    return streamId;
  }

  /**
   * The next event but heartbeats; offers are noted on the way. {@code END} is the stream's end.
   */
  JsonNode next() {
    while (true) {
      try {
        JsonNode event = events.poll(10, TimeUnit.SECONDS);
        if (event == null) {
          throw new AssertionError("no event for 10 s");
        }
        switch (event.path("type").asText()) {
          case "HEARTBEAT" -> {}
          case "OFFERS" -> {
            event
                .path("offers")
                .path("offers")
                .forEach(offer -> offers.add(offer.path("id").path("value").asText()));
            return event;
          }
          case "RESCIND" -> {
            offers.remove(event.path("rescind").path("offer_id").path("value").asText());
            return event;
          }
          default -> {
            return event;
          }
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** An offer that stands; asks for one if there is none. */
  String offer() {
    if (offers.isEmpty()) {
      call("{\"type\":\"REVIVE\"}");
    }
    while (offers.isEmpty()) {
      next();
    }
    return offers.iterator().next();
  }

  Set<String> offers() {
    return offers;
  }

  /**
   * All events but offers, rescinds and heartbeats that the calls so far have led to: the answer to
   * a reconciliation that is asked for now comes behind them.
   */
  java.util.List<JsonNode> settle() {
    String marker = "marker-" + ++markers;
    RawHttp.Response answer =
        call(
            "{\"type\":\"RECONCILE\",\"reconcile\":{\"tasks\":[{\"task_id\":{\"value\":\""
                + marker
                + "\"}}]}}");
    if (answer.status() != 202) {
      throw new AssertionError(answer.status() + " " + answer.text());
    }
    java.util.List<JsonNode> before = new java.util.ArrayList<>();
    while (true) {
      JsonNode event = next();
      String type = event.path("type").asText();
      if (event.toString().contains("\"" + marker + "\"")) {
        return before;
      }
      if (!type.equals("OFFERS") && !type.equals("RESCIND")) {
        before.add(event);
      }
      if (type.equals("END")) {
        return before;
      }
    }
  }

  /** Sends a call without its framework id, on a connection of its own. */
  RawHttp.Response call(String call) {
    String whole = "{\"framework_id\":{\"value\":\"" + id + "\"}," + call.strip().substring(1);
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("Mesos-Stream-Id", streamId);
    try (RawHttp http = RawHttp.connect(port)) {
      return http.exchange("POST", PATH, all, whole.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Override
  public void close() {
    stream.close();
  }
}
