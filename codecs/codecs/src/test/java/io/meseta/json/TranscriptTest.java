package io.meseta.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Message;
import io.meseta.json.MesosJsonException.Kind;
import io.meseta.schema.v1.master.Response;
import io.meseta.schema.v1.scheduler.Event;
import io.meseta.testing.Scenario;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Replays what upstream's master answered to JSON of every kind. The part of an exchange that the
 * mapping decides is compared: the error text of a body that it refuses; of one that it takes,
 * whether a call came out with a type; and of an answer, every byte.
 */
@Scenario({
  "J-1", "J-2", "J-3", "J-4", "J-5", "J-6", "J-7", "J-8", "J-9", "J-10", "J-11", "J-12", "J-13",
  "J-14", "J-15", "J-17", "J-18", "J-19", "J-20", "J-21", "W-5", "W-6"
})
final class TranscriptTest {
  private static final int ENTRIES = 841;

  /** Answers of other routes: their JSON is composed by the v0 API, numbers and strings by us. */
  private static final Set<String> V0_PATHS = Set.of("/frameworks", "/state-summary", "/weights");

  /**
   * Refused here (J-16) where upstream cuts fractions and wraps what is out of range. Recorded as
   * accepted, and only some of them marked as defects.
   */
  private static final Set<String> NUMBERS_BENT_UPSTREAM =
      Set.of(
          "J-14-uint32-required-set_logging_level-level-03",
          "J-14-uint32-required-set_logging_level-level-04",
          "J-14-uint32-required-set_logging_level-level-07",
          "J-14-uint32-required-set_logging_level-level-08",
          "J-14-uint32-required-set_logging_level-level-24",
          "J-14-uint32-required-set_logging_level-level-25",
          "J-14-uint32-required-set_logging_level-level-26",
          "J-14-uint64-required-range-begin-03",
          "J-14-uint64-required-range-begin-04",
          "J-14-uint64-required-range-begin-07",
          "J-14-uint64-required-range-begin-08",
          "J-14-uint64-required-range-begin-24",
          "J-14-uint64-required-range-begin-26",
          "J-14-int64-required-kill_policy-nanoseconds-03",
          "J-14-int64-required-kill_policy-nanoseconds-07",
          "J-14-int64-required-kill_policy-nanoseconds-24",
          "J-14-int64-required-kill_policy-nanoseconds-25",
          "J-14-int64-required-kill_policy-nanoseconds-26",
          "J-14-int32-duration-nanos-03",
          "J-14-int32-duration-nanos-07",
          "J-14-int32-duration-nanos-24",
          "J-14-int32-duration-nanos-25",
          "J-14-int32-duration-nanos-26",
          "J-16-int64-in-03",
          "J-16-int64-in-05",
          "J-16-int64-in-06",
          "J-16-int64-in-08",
          "J-16-int64-in-12",
          "J-16-uint32-03",
          "J-16-uint32-04",
          "J-16-uint32-05");

  /** Marked as defects: bodies that are no JSON and pass upstream. */
  private static final Map<String, String> BAD_JSON_ACCEPTED_UPSTREAM =
      Map.of(
          "J-10-syntax-20", "syntax error at line 1 near: }",
          "J-10-syntax-23", "syntax error at line 1 near: }",
          "J-10-invalid-utf8", "the text is not UTF-8");

  /** One exchange. */
  private record Entry(JsonNode json) {
    String id() {
      return json.path("id").asText();
    }

    boolean has(String field) {
      return json.has(field);
    }

    byte[] bytes(String name) {
      return has(name + "64")
          ? Base64.getDecoder().decode(json.path(name + "64").asText())
          : json.path(name).asText().getBytes(StandardCharsets.UTF_8);
    }

    String answer() {
      return new String(bytes("answer"), StandardCharsets.UTF_8);
    }

    boolean accepted() {
      return json.path("status").asInt() == 200;
    }

    Message call() {
      return json.path("path").asText().equals("/api/v1/scheduler")
          ? io.meseta.schema.v1.scheduler.Call.getDefaultInstance()
          : io.meseta.schema.v1.master.Call.getDefaultInstance();
    }

    Message answerType() {
      return json.path("path").asText().equals("/api/v1/scheduler")
          ? Event.getDefaultInstance()
          : Response.getDefaultInstance();
    }
  }

  private static List<Entry> entries() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    List<Entry> entries = new ArrayList<>();
    try (InputStream in = TranscriptTest.class.getResourceAsStream("transcripts.jsonl");
        var read = mapper.readerFor(JsonNode.class).<JsonNode>readValues(in)) {
      while (read.hasNext()) {
        entries.add(new Entry(read.next()));
      }
    }
    return entries;
  }

  @Test
  void everyExchangeIsReplayed() throws IOException {
    List<Entry> entries = entries();
    assertEquals(ENTRIES, entries.size());
    for (Entry entry : entries) {
      if (entry.has("defect")) {
        assertTrue(
            NUMBERS_BENT_UPSTREAM.contains(entry.id())
                || BAD_JSON_ACCEPTED_UPSTREAM.containsKey(entry.id()),
            entry.id());
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> requests() throws IOException {
    return entries().stream()
        .filter(entry -> !V0_PATHS.contains(entry.json().path("path").asText()))
        .map(entry -> dynamicTest(entry.id(), () -> replayRequest(entry)));
  }

  private static void replayRequest(Entry entry) throws Exception {
    if (NUMBERS_BENT_UPSTREAM.contains(entry.id())) {
      MesosJsonException refused = refusal(entry);
      assertEquals(Kind.CONVERSION, refused.kind());
      assertTrue(refused.reason().contains("it takes whole numbers from "), refused.reason());
    } else if (BAD_JSON_ACCEPTED_UPSTREAM.containsKey(entry.id())) {
      MesosJsonException refused = refusal(entry);
      assertEquals(Kind.SYNTAX, refused.kind());
      assertEquals(BAD_JSON_ACCEPTED_UPSTREAM.get(entry.id()), refused.reason());
    } else if (entry.answer().startsWith("Failed to parse body into JSON")
        || entry.answer().startsWith("Failed to convert JSON into Call")) {
      assertEquals(entry.answer(), refusal(entry).describe("Call"));
    } else {
      // Whatever upstream said then, it had a call: with a type, or missing just that.
      Message call =
          entry.has("proto")
              ? entry.call().getParserForType().parseFrom(entry.bytes("body"))
              : MesosJson.read(entry.bytes("body"), entry.call());
      boolean typeless = entry.answer().contains("Expecting 'type' to be present");
      // Validation of the call, not conversion, misses required fields of upstream's older type.
      boolean uninitialized = entry.answer().contains("Not initialized: ");
      assertEquals(
          !typeless && !uninitialized,
          call.hasField(call.getDescriptorForType().findFieldByName("type")));
    }
  }

  private static MesosJsonException refusal(Entry entry) {
    return assertThrows(
        MesosJsonException.class, () -> MesosJson.read(entry.bytes("body"), entry.call()));
  }

  /** An answer is read and written again: not a byte may change. */
  @TestFactory
  Stream<DynamicTest> answers() throws IOException {
    return entries().stream()
        .filter(entry -> entry.accepted() && entry.has("answer"))
        .map(entry -> dynamicTest(entry.id(), () -> replayAnswer(entry)));
  }

  private static void replayAnswer(Entry entry) throws Exception {
    String answer = nearest(entry.answer());
    if (V0_PATHS.contains(entry.json().path("path").asText())) {
      assertEquals(answer, rewritten(answer));
    } else {
      byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
      Message message = MesosJson.read(bytes, entry.answerType());
      assertEquals(answer, new String(MesosJson.write(message), StandardCharsets.UTF_8));
    }
  }

  /** An answer in protobuf, written as JSON, is the answer that was given in JSON. */
  @TestFactory
  Stream<DynamicTest> protobufAnswers() throws IOException {
    Map<String, Entry> byId =
        entries().stream().collect(Collectors.toMap(Entry::id, entry -> entry));
    return byId.values().stream()
        .filter(entry -> entry.accepted() && entry.has("answerProto"))
        .map(entry -> dynamicTest(entry.id(), () -> replayProtobufAnswer(entry, byId)));
  }

  private static void replayProtobufAnswer(Entry entry, Map<String, Entry> byId) throws Exception {
    Message message = entry.answerType().getParserForType().parseFrom(entry.bytes("answer"));
    byte[] written = MesosJson.write(message);
    assertEquals(message, withoutDefaults(MesosJson.read(written, entry.answerType()), message));
    Entry json =
        byId.get(
            entry.id().equals("J-6-weights-protobuf")
                ? "J-6-weight-out-17"
                : entry.id().replace("-protobuf", ""));
    if (json != null && json.has("answer")) {
      String expected =
          nearest(json.answer())
              // The encoded form keeps the id that the other one shows as a placeholder.
              .replaceAll("\\$\\{MASTER_ID}", "");
      String actual =
          new String(written, StandardCharsets.UTF_8)
              .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "");
      assertEquals(expected, actual);
    }
  }

  /** Upstream's last digit is not always the nearest one; both texts name the same double. */
  private static String nearest(String json) {
    return json.replace("0.30000000000000007", "0.30000000000000004")
        .replace("12345678901234568000.0", "12345678901234567000.0")
        .replace("1795420458.3826605", "1795420458.3826604");
  }

  /** What JSON adds to a message is its defaults: reading sets fields that were unset. */
  private static Message withoutDefaults(Message read, Message original) {
    return Defaults.written(original).equals(read) ? original : read;
  }

  /** The same JSON value by our number and string formats. */
  private static String rewritten(String json) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = MesosJson.generator(bytes)) {
      write(new ObjectMapper().readTree(json), out);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static void write(JsonNode node, JsonGenerator out) throws IOException {
    switch (node.getNodeType()) {
      case OBJECT -> {
        out.writeStartObject();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
          out.writeFieldName(field.getKey());
          write(field.getValue(), out);
        }
        out.writeEndObject();
      }
      case ARRAY -> {
        out.writeStartArray();
        for (JsonNode element : node) {
          write(element, out);
        }
        out.writeEndArray();
      }
      case NUMBER -> {
        if (node.isDouble()) {
          MesosJson.writeNumber(out, node.doubleValue());
        } else {
          out.writeNumber(node.longValue());
        }
      }
      case STRING -> out.writeString(node.textValue());
      case BOOLEAN -> out.writeBoolean(node.booleanValue());
      default -> throw new IllegalArgumentException(node.toString());
    }
  }

  @Test
  void encodedFormsAreWrittenAsTheirMessages() throws Exception {
    for (Entry entry : entries()) {
      if (entry.accepted() && entry.has("answerProto")) {
        byte[] encoded = entry.bytes("answer");
        ByteArrayOutputStream direct = new ByteArrayOutputStream();
        try (JsonGenerator out = MesosJson.generator(direct)) {
          MesosJson.writeEncoded(encoded, entry.answerType().getDescriptorForType(), out);
        }
        Message message = entry.answerType().getParserForType().parseFrom(encoded);
        assertArrayEquals(MesosJson.write(message), direct.toByteArray());
      }
    }
  }
}
