package io.meseta.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meseta.api.RawHttp;
import io.meseta.json.MesosJson;
import io.meseta.json.MesosJsonException;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.schema.v1.scheduler.Event;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Transcripts of upstream's behaviour, how to send them again, and how to compare. */
final class Golden {
  private Golden() {}

  /** All entries of a file of test resources. */
  static List<JsonNode> entries(String file) {
    try (InputStream in = Golden.class.getResourceAsStream("/golden/" + file)) {
      List<JsonNode> entries = new ArrayList<>();
      TestFramework.JSON.readTree(in).forEach(entries::add);
      return entries;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String fill(String text, Map<String, String> placeholders) {
    String filled = text;
    for (Map.Entry<String, String> placeholder : placeholders.entrySet()) {
      filled = filled.replace("${" + placeholder.getKey() + "}", placeholder.getValue());
    }
    return filled;
  }

  /** The bytes of an entry's request. */
  static byte[] request(JsonNode request, Map<String, String> placeholders) {
    if (request.has("raw")) {
      return request.get("raw").asText().getBytes(StandardCharsets.ISO_8859_1);
    }
    Map<String, String> headers = new LinkedHashMap<>();
    request
        .path("headers")
        .properties()
        .forEach(
            header -> headers.put(header.getKey(), fill(header.getValue().asText(), placeholders)));
    return RawHttp.request(
        request.get("method").asText(),
        request.get("path").asText(),
        headers,
        body(request, placeholders));
  }

  private static byte[] body(JsonNode request, Map<String, String> placeholders) {
    String decoded = request.path("body_decoded").toString();
    if (decoded.contains("${")) {
      try {
        byte[] json = fill(decoded, placeholders).getBytes(StandardCharsets.UTF_8);
        return MesosJson.read(json, Call.getDefaultInstance()).toByteArray();
      } catch (MesosJsonException e) {
        throw new AssertionError(decoded, e);
      }
    }
    return request.has("body_base64")
        ? Base64.getDecoder().decode(request.get("body_base64").asText())
        : fill(request.path("body").asText(), placeholders).getBytes(StandardCharsets.UTF_8);
  }

  /** A record of a stream, whatever its encoding, without what differs from run to run. */
  static JsonNode record(byte[] bytes, boolean protobuf) {
    try {
      return masked(
          TestFramework.JSON.readTree(protobuf ? MesosJson.write(Event.parseFrom(bytes)) : bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A recorded record, in the same form. */
  static JsonNode expected(JsonNode recorded, Map<String, String> placeholders) {
    JsonNode json =
        recorded.isTextual() ? TestFramework.parse(recorded.asText()) : recorded.get("decoded");
    return masked(TestFramework.parse(fill(json.toString(), placeholders)));
  }

  /** Times, and what tells one cluster from another, are taken out; that they are there stays. */
  static JsonNode masked(JsonNode json) {
    if (json instanceof ObjectNode object) {
      object
          .properties()
          .forEach(
              field -> {
                switch (field.getKey()) {
                  case "timestamp", "uuid", "port", "hostname", "pid", "version" ->
                      object.put(field.getKey(), "*");
                  case "framework_id", "master_info" -> maskIds(field.getValue());
                  default -> masked(field.getValue());
                }
              });
    } else if (json instanceof ArrayNode array) {
      array.forEach(Golden::masked);
    }
    return json;
  }

  private static void maskIds(JsonNode node) {
    if (node instanceof ObjectNode object) {
      if (object.has("value")) {
        object.put("value", "*");
      }
      if (object.has("id")) {
        object.put("id", "*");
      }
      masked(object);
    }
  }
}
