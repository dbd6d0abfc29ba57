package io.meseta.master.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meseta.json.MesosJson;
import io.meseta.json.MesosJsonException;
import io.meseta.kernel.Principal;
import io.meseta.schema.internal.v1.MasterToAgent.MessageCase;
import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.schema.v1.scheduler.Event;
import io.meseta.testing.Scenario;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What upstream's master answers to SUBSCRIBE and LAUNCH, word for word. Each line of {@code
 * validation.jsonl} is a call that was recorded, with the first error that came back, if any.
 */
@Scenario({
  "C-11", "V-1", "V-2", "V-3", "V-6", "V-7", "V-8", "V-30", "V-34", "V-35", "V-36", "V-37", "V-38",
  "V-39"
})
class GoldenValidationTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Recorded entries where this master answers otherwise on purpose, with what it says. */
  private static final Map<String, String> OURS =
      Map.ofEntries(
          Map.entry("V-8-01", "The framework failover_timeout (-1) is invalid"),
          Map.entry("task-V-1x-04", "Resource 'x:<TEXT>' is invalid: Unsupported resource type"),
          Map.entry("V-8-nan", "The framework failover_timeout (nan) is invalid"));

  /** Whatever the constraints say: those that would not be kept are not accepted. */
  private static final String CONSTRAINTS =
      "Offer constraints are not valid: this master does not support offer constraints;"
          + " subscribe without 'offer_constraints' and decline what does not fit";

  @TestFactory
  List<DynamicTest> recorded() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<String> lines = lines()) {
      lines.forEach(line -> tests.add(test(line)));
    }
    assertTrue(tests.size() > 200, "the recordings are there");
    return tests;
  }

  private static Stream<String> lines() {
    return new BufferedReader(
            new InputStreamReader(
                GoldenValidationTest.class.getResourceAsStream("validation.jsonl"),
                StandardCharsets.UTF_8))
        .lines();
  }

  private static DynamicTest test(String line) {
    try {
      JsonNode entry = JSON.readTree(line);
      return DynamicTest.dynamicTest(entry.get("id").asText(), () -> replay(entry));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void replay(JsonNode entry) throws IOException, MesosJsonException {
    if (entry.get("call").get("type").asText().equals("SUBSCRIBE")) {
      replaySubscribe(entry);
    } else {
      replayLaunch(entry);
    }
  }

  private static void replaySubscribe(JsonNode entry) throws IOException, MesosJsonException {
    MasterFixture fixture = new MasterFixture();
    StreamAddress stream = fixture.newStream();

    fixture.input(
        new MasterInput.Subscribe(
            stream, "id", Principal.ANONYMOUS, parse(entry.get("call").toString())));

    Event first = fixture.events.get(stream).getFirst();
    Optional<String> wanted = wanted(entry);
    assertEquals(
        wanted.isPresent() ? Event.Type.ERROR : Event.Type.SUBSCRIBED,
        first.getType(),
        first.toString());
    wanted.ifPresent(
        text -> assertEquals(canonical(text), canonical(first.getError().getMessage())));
  }

  private static void replayLaunch(JsonNode entry) throws IOException, MesosJsonException {
    MasterFixture fixture = new MasterFixture();
    TestAgent agent =
        fixture.agent().resources("ports:[31000-31100];cpus:8;mem:4096;disk:8192").register();
    TestAgent other = fixture.agent().hostname("other").register();
    TestFramework framework = fixture.framework().subscribe();
    Offer offer = fixture.offer(framework, agent, "ports:[31000-31100];cpus:8;mem:4096;disk:8192");
    String call =
        entry
            .get("call")
            .toString()
            .replace("${OFFER_ID}", offer.getId().getValue())
            .replace("${AGENT_ID}", agent.id())
            .replace("${AGENT2_ID}", other.id())
            .replace("${FRAMEWORK_ID}", framework.id());

    framework.call(parse(call).toBuilder());

    Optional<String> wanted = wanted(entry);
    if (wanted.isEmpty()) {
      assertTrue(framework.updates().isEmpty(), () -> framework.lastUpdate().toString());
      assertEquals(1, agent.received(MessageCase.RUN_TASK).size());
      return;
    }
    TaskStatus status = framework.updates().getFirst();
    String text =
        wanted
            .get()
            .replace("${AGENT_ID}", agent.id())
            .replace("${AGENT2_ID}", other.id())
            .replace("${FRAMEWORK_ID}", framework.id());
    assertEquals(canonical(text), canonical(status.getMessage()));
    assertEquals(entry.path("state").asText("TASK_ERROR"), status.getState().name());
    assertEquals(entry.path("reason").asText("REASON_TASK_INVALID"), status.getReason().name());
    assertFalse(status.hasUuid());
  }

  private static Call parse(String json) throws MesosJsonException {
    return MesosJson.read(json.getBytes(StandardCharsets.UTF_8), Call.getDefaultInstance());
  }

  private static Optional<String> wanted(JsonNode entry) {
    String id = entry.get("id").asText();
    if (entry.at("/call/subscribe/offer_constraints/role_constraints").size() > 0) {
      return Optional.of(CONSTRAINTS);
    }
    return Optional.ofNullable(OURS.get(id))
        .or(() -> Optional.ofNullable(entry.get("error")).map(JsonNode::asText));
  }

  /** The order of resources and of items in braces means nothing. */
  private static String canonical(String text) {
    List<String> words = new ArrayList<>(List.of(text.split("[ ;,]+")));
    words.sort(null);
    return String.join(" ", words);
  }
}
