package io.meseta.recordio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.testing.Scenario;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Scenario("T-33")
final class RecordDecoderTest {
  private static final int MAX_RECORD_BYTES = 100_000;

  private final RecordDecoder decoder = new RecordDecoder(MAX_RECORD_BYTES);
  private final List<String> records = new ArrayList<>();

  private void feed(String bytes) throws RecordIoException {
    decoder.feed(
        bytes.getBytes(StandardCharsets.UTF_8),
        record -> records.add(new String(record, StandardCharsets.UTF_8)));
  }

  private RecordIoException refused(String bytes) {
    return assertThrows(RecordIoException.class, () -> feed(bytes));
  }

  @Test
  void aRecordIsItsLengthInBytesALineFeedAndItsBytes() {
    assertArrayEquals(
        "3\né!".getBytes(StandardCharsets.UTF_8),
        RecordIo.encode("é!".getBytes(StandardCharsets.UTF_8)));
    assertArrayEquals("0\n".getBytes(StandardCharsets.UTF_8), RecordIo.encode(new byte[0]));
    assertArrayEquals(
        "2\nbc".getBytes(StandardCharsets.UTF_8),
        RecordIo.encode("abcd".getBytes(StandardCharsets.UTF_8), 1, 2));
  }

  @Test
  void recordsFollowEachOtherDirectly() throws RecordIoException {
    feed("5\nhello0\n006\nworld!");

    assertEquals(List.of("hello", "", "world!"), records);
    assertTrue(decoder.atBoundary());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "12\n", "3\nab"})
  void aStreamMayNotEndInsideARecord(String begun) throws RecordIoException {
    feed("1\na" + begun);

    assertEquals(List.of("a"), records);
    assertFalse(decoder.atBoundary());
  }

  @Test
  void splitsAtEveryByteMakeNoDifference() throws RecordIoException {
    String stream = "5\nhello0\n11\n{\"a\":\"1\\n\"}3\nabc";
    for (int first = 0; first <= stream.length(); first++) {
      for (int second = first; second <= stream.length(); second++) {
        records.clear();
        feed(stream.substring(0, first));
        feed(stream.substring(first, second));
        feed(stream.substring(second));
        assertEquals(List.of("hello", "", "{\"a\":\"1\\n\"}", "abc"), records);
        assertTrue(decoder.atBoundary());
      }
    }
  }

  @Test
  void anyRecordsInAnyPieces() throws RecordIoException {
    Random random = new Random(33);
    for (int round = 0; round < 30; round++) {
      List<byte[]> sent = new ArrayList<>();
      ByteArrayOutputStream stream = new ByteArrayOutputStream();
      for (int i = 0; i < 10; i++) {
        byte[] record = new byte[random.nextInt(i == 9 ? MAX_RECORD_BYTES : 50)];
        random.nextBytes(record);
        sent.add(record);
        stream.writeBytes(RecordIo.encode(record));
      }
      List<byte[]> received = new ArrayList<>();
      byte[] bytes = stream.toByteArray();
      int maxPiece = 1 + random.nextInt(round % 2 == 0 ? 8 : 20_000);
      for (int at = 0; at < bytes.length; ) {
        int size = Math.min(bytes.length - at, random.nextInt(maxPiece) + 1);
        decoder.feed(bytes, at, size, received::add);
        at += size;
      }
      assertEquals(sent.size(), received.size());
      for (int i = 0; i < sent.size(); i++) {
        assertArrayEquals(sent.get(i), received.get(i));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"x,x", "5x,5x", "-,-1", "+,+1", "' ',' 5'", "'',''"})
  void aHeaderIsDigitsOnly(String quoted, String header) throws RecordIoException {
    RecordIoException failure = refused("1\na" + header + "\nabcde");

    assertEquals(List.of("a"), records);
    assertEquals(
        "Failed to decode length '%s': Failed to convert '%s' to number".formatted(quoted, quoted),
        failure.getMessage());
  }

  @Test
  void afterAFailureNothingIsDecodedAnyMore() {
    RecordIoException failure = refused("x\n");

    assertSame(failure, refused("1\na"));
    assertEquals(List.of(), records);
  }

  @Test
  void leadingZerosAreDigitsUpToTheLongestHeader() throws RecordIoException {
    feed("0".repeat(RecordIo.MAX_HEADER_DIGITS - 1) + "1\na");
    assertEquals(List.of("a"), records);

    assertEquals(
        "Failed to decode length: more than 20 digits",
        refused("0".repeat(RecordIo.MAX_HEADER_DIGITS + 1)).getMessage());
  }

  @Test
  void recordsReachTheBoundAndNotBeyond() throws RecordIoException {
    feed(MAX_RECORD_BYTES + "\n" + "a".repeat(MAX_RECORD_BYTES));
    assertEquals(MAX_RECORD_BYTES, records.getFirst().length());

    assertEquals(
        "a record of 100001 bytes is above the bound of 100000",
        refused(MAX_RECORD_BYTES + 1 + "\n").getMessage());
  }

  @Test
  void anySizeOf64BitsIsRefusedByTheBound() {
    assertEquals(
        "a record of 18446744073709551616 bytes is above the bound of 100000",
        refused("18446744073709551616\n").getMessage());
  }

  @Test
  void aConsumerThatThrowsLosesOnlyItsRecord() throws RecordIoException {
    byte[] two = "1\na1\nb".getBytes(StandardCharsets.UTF_8);
    assertThrows(
        IllegalStateException.class,
        () ->
            decoder.feed(
                two,
                0,
                3,
                record -> {
                  throw new IllegalStateException(Arrays.toString(record));
                }));

    decoder.feed(two, 3, 3, record -> records.add(new String(record, StandardCharsets.UTF_8)));

    assertEquals(List.of("b"), records);
  }
}
