package io.meseta.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.testing.Scenario;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelTest {
  @Test
  void timersFireByTimeAndThenInTheOrderInWhichTheyWereSet() {
    Timers<String> timers = new Timers<>();
    timers.set("late", 20);
    timers.set("b", 10);
    timers.set("a", 10);
    timers.set("gone", 5);
    timers.set("late", 10); // setting again moves it, behind those already due then
    assertTrue(timers.cancel("gone"));
    assertFalse(timers.cancel("gone"));
    assertEquals(10, timers.nextNanos());
    assertEquals(Optional.empty(), timers.pollDue(9));
    List<String> fired = new ArrayList<>();
    for (Optional<String> due = timers.pollDue(10); due.isPresent(); due = timers.pollDue(10)) {
      fired.add(due.get());
    }
    assertEquals(List.of("b", "a", "late"), fired);
    assertEquals(Long.MAX_VALUE, timers.nextNanos());
  }

  @ParameterizedTest
  @CsvSource({
    "10secs, 10000000000",
    "1.5mins, 90000000000",
    "500ms, 500000000",
    "1days, 86400000000000",
    "15 mins, 900000000000",
    ".5secs, 500000000",
    "3ns, 3"
  })
  void durationsAreReadAsUpstreamWritesThem(String text, long nanos) {
    assertEquals(nanos, Durations.parse(text).toNanos());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "secs", "-1secs", "10parsecs", "1e3secs", "99999999weeks"})
  void aBadDurationIsRefusedWithItsText(String text) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Durations.parse(text));
    assertTrue(e.getMessage().contains("'" + text + "'"), e.getMessage());
  }

  @Test
  void durationsAndSizesPrintInTheLargestUnitThatDividesThem() {
    assertEquals("90secs", Durations.format(Duration.ofSeconds(90)));
    assertEquals("1weeks", Durations.format(Duration.ofDays(7)));
    assertEquals("0ns", Durations.format(Duration.ZERO));
    assertEquals("64MB", Bytes.parse("64MB").toString());
    assertEquals("1GB", Bytes.mega(1024).toString());
    assertEquals(1536, Bytes.parse("1536B").count());
    assertThrows(IllegalArgumentException.class, () -> Bytes.parse("1.5GB"));
    assertThrows(IllegalArgumentException.class, () -> Bytes.parse("99999999TB"));
  }

  @Test
  void aFlagNamesItselfInItsErrors() {
    Flag<Integer> port = Flag.of("port", FlagTypes.integer(0, 65535), "5050", "Where to listen.");
    assertEquals(80, port.read("80"));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> port.read("70000"));
    assertEquals("--port: '70000' is not between 0 and 65535", e.getMessage());
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> port.read("x"))
            .getMessage()
            .startsWith("--port: "));
  }

  @Test
  @Scenario("V-9")
  void idsThatCannotNameADirectoryAreRefused() {
    for (String good : List.of("a", "a b", "ä", "...", "x".repeat(255))) {
      assertEquals(Optional.empty(), Ids.invalid(good), good);
    }
    for (String bad :
        List.of("", ".", "..", "a/b", "a\\b", "a\nb", "\u007f", "x".repeat(256), "ä".repeat(128))) {
      assertTrue(Ids.invalid(bad).isPresent(), bad);
    }
  }

  @Test
  void uuidsAreVersionFourAndSurviveTheirBytes() {
    Rng rng = Rng.seeded(3);
    for (int i = 0; i < 100; i++) {
      UUID uuid = Ids.uuid(rng);
      assertEquals(4, uuid.version());
      assertEquals(2, uuid.variant());
      assertEquals(uuid, Ids.uuid(Ids.bytes(uuid)));
    }
    assertArrayEquals(
        new byte[] {0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2}, Ids.bytes(new UUID(1, 2)));
  }

  @Test
  void aSeedReplaysTheSameChoices() {
    List<Integer> first = new ArrayList<>(List.of(1, 2, 3, 4, 5, 6, 7, 8));
    List<Integer> second = new ArrayList<>(first);
    Rng.seeded(9).shuffle(first);
    Rng.seeded(9).shuffle(second);
    assertEquals(first, second);
    assertEquals(List.of(1, 2, 3, 4, 5, 6, 7, 8), first.stream().sorted().toList());
  }

  @Test
  void theSystemClockCountsFromTheEpochAndNeverBackwards() {
    Clock clock = Clock.system();
    long before = clock.nanos();
    long gapMillis = Math.abs(Clock.wall(before).toEpochMilli() - Instant.now().toEpochMilli());
    assertTrue(gapMillis < 60_000, "within a minute of the wall clock: " + gapMillis);
    assertTrue(clock.nanos() >= before);
    assertEquals(1.5, Clock.seconds(1_500_000_000L));
  }
}
