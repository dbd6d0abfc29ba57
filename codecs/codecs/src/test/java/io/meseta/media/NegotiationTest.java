package io.meseta.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.meseta.testing.Scenario;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Scenario({"T-8", "T-9", "T-12", "T-26", "T-27", "W-3", "W-4"})
final class NegotiationTest {
  private static final int EXCHANGES = 111;

  /** The headers of one recorded exchange and what upstream made of them. */
  private record Exchange(
      String id,
      Optional<String> contentType,
      Optional<String> accept,
      int status,
      String answerType,
      String answer,
      boolean defect) {
    static Exchange of(String line) {
      String[] columns = line.split("\t", -1);
      return new Exchange(
          columns[0],
          header(columns[1]),
          header(columns[2]),
          Integer.parseInt(columns[3]),
          columns[4],
          columns[5],
          columns[6].equals("defect"));
    }

    private static Optional<String> header(String column) {
      return column.equals("-") ? Optional.empty() : Optional.of(column);
    }

    /** Only the agent speaks in streams of records. */
    boolean agent() {
      return id.startsWith("agent-");
    }
  }

  private static List<Exchange> exchanges() throws IOException {
    try (InputStream in = NegotiationTest.class.getResourceAsStream("negotiations.tsv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .skip(1)
          .map(Exchange::of)
          .toList();
    }
  }

  @TestFactory
  Stream<DynamicTest> exchangesAreReplayed() throws IOException {
    List<Exchange> exchanges = exchanges();
    assertEquals(EXCHANGES, exchanges.size());
    return exchanges.stream().map(exchange -> dynamicTest(exchange.id(), () -> replay(exchange)));
  }

  private static void replay(Exchange exchange) {
    if (exchange.contentType().isEmpty()) {
      assertEquals(400, exchange.status());
      assertEquals(exchange.answer(), Negotiation.CONTENT_TYPE_ABSENT);
      return;
    }
    Optional<MediaType> type =
        MediaType.ofContentType(exchange.contentType().orElseThrow())
            .filter(found -> exchange.agent() || found != MediaType.RECORDIO);
    if (exchange.status() == 415 && !exchange.defect()) {
      assertEquals(Optional.empty(), type);
      assertEquals(
          exchange.answer(),
          exchange.agent()
              ? Negotiation.CONTENT_TYPE_UNSUPPORTED_WITH_STREAMS
              : Negotiation.CONTENT_TYPE_UNSUPPORTED);
      return;
    }
    // Parameters and letter case, which upstream refuses, included (T-26).
    assertEquals(true, type.isPresent());
    Optional<MediaType> chosen =
        Negotiation.accept(
            exchange.accept(),
            exchange.agent() ? Negotiation.MESSAGES_AND_STREAMS : Negotiation.MESSAGES);
    switch (exchange.status()) {
      case 200 -> assertEquals(exchange.answerType(), chosen.orElseThrow().text());
      case 406 -> {
        if (exchange.answer().startsWith("Streaming response is not supported")) {
          assertEquals(Optional.of(MediaType.RECORDIO), chosen);
        } else {
          assertEquals(Optional.empty(), chosen);
          assertEquals(
              exchange.answer(),
              exchange.agent()
                  ? Negotiation.NOT_ACCEPTABLE_WITH_STREAMS
                  : Negotiation.NOT_ACCEPTABLE);
        }
      }
      // Refused for other reasons, after its type was accepted.
      default -> assertEquals(true, exchange.defect() || exchange.status() == 400);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json; charset=utf-8",
        "Application/JSON",
        " application/json ;v=1",
        "application/json;"
      })
  void contentTypesAreReadWhateverTheirCaseAndParameters(String header) {
    assertEquals(Optional.of(MediaType.JSON), MediaType.ofContentType(header));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ";", "application/json,text/plain", "application/jso", "*/*"})
  void otherContentTypesAreNone(String header) {
    assertEquals(Optional.empty(), MediaType.ofContentType(header));
  }

  @Test
  void theMostSpecialEntryDecidesWhereverItStands() {
    assertEquals(
        Optional.of(MediaType.PROTOBUF),
        Negotiation.accept(Optional.of("*/*, application/*;q=1, application/json;q=0.0")));
    assertEquals(Optional.empty(), Negotiation.accept(Optional.of("*/*, application/*; Q=0")));
    assertEquals(
        Optional.of(MediaType.JSON),
        Negotiation.accept(Optional.of("application/*;q=0, application/json;level=1;q=0.001")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"q=", "q=abc", "q=-1", "q=.", "q=0.000", "q=1e3"})
  void weightsThatAreNoNumbersAcceptNothing(String weight) {
    assertEquals(Optional.empty(), Negotiation.accept(Optional.of("application/json;" + weight)));
  }

  @Test
  void onlySoManyEntriesAreRead() {
    String others = "text/html,".repeat(Negotiation.MAX_ENTRIES - 1);

    assertEquals(
        Optional.of(MediaType.JSON), Negotiation.accept(Optional.of(others + "application/json")));
    assertEquals(
        Optional.empty(),
        Negotiation.accept(Optional.of("text/html," + others + "application/json")));
  }
}
