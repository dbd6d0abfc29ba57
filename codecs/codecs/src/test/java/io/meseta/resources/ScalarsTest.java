package io.meseta.resources;

import static io.meseta.testing.ResourceBuilder.scalar;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.meseta.testing.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalarsTest {
  @ParameterizedTest
  @CsvSource({
    "1.5011, 1501",
    "1.5015, 1502",
    "1.2345, 1235",
    "1.2344, 1234",
    "-1.5015, -1502",
    "0, 0",
    "0.0004, 0",
    "0.0005, 1",
    "1.0001, 1000",
    "9.2e15, 9200000000000000000"
  })
  @Scenario({"R-2", "R-3", "R-4", "ResourcesTest.PrecisionRounding"})
  void roundsToThousandthsHalfAwayFromZero(double value, long millis) {
    assertEquals(millis, Scalars.toMillis(value));
  }

  @ParameterizedTest
  @CsvSource({
    "1000001, 1000001",
    "99999999999.9994, 99999999999.999",
    "1.5, 1.5",
    "0.1, 0.1",
    "0.01, 0.01",
    "0.001, 0.001",
    "1.010, 1.01",
    "-1, -1",
    "-0.25, -0.25",
    "0, 0",
    "999999999999.999, 999999999999.999",
    "1234567890123.456, 1234567890123.46",
    "999999999999999, 999999999999999",
    "1e15, 1e+15",
    "1234567890123456, 1.23456789012346e+15",
    "Infinity, -9.22337203685478e+15"
  })
  @Scenario({"R-6", "ResourcesTest.PrintingScalarPrecision", "task-V-1x-08"})
  void printsThreeDecimalsAndFifteenDigits(double value, String text) {
    assertEquals(text, Scalars.format(Scalars.toMillis(value)));
  }

  @Test
  @Scenario({"R-5", "ResourcesTest.PrecisionManyConsecutiveOps"})
  void longChainsStayExact() {
    Resources one = Resources.of(scalar("cpus", 0.001).build());
    Resources start = Resources.of(scalar("cpus", 1.001).build());
    Resources bag = start;

    for (int i = 0; i < 100_000; i++) {
      bag = bag.plus(one);
    }
    assertEquals(101.001, bag.cpus().orElseThrow());
    for (int i = 0; i < 100_000; i++) {
      bag = bag.minus(one);
    }

    assertEquals(start, bag);
  }

  @Test
  @Scenario({"R-5", "ResourcesTest.PrecisionManyOps", "ResourcesTest.PrecisionLost"})
  void repeatedSumsAndDifferencesGiveTheStart() {
    Resources start = Resources.of(scalar("cpus", 1.001).build());
    Resources current = start;
    for (int i = 0; i < 2500; i++) {
      current = current.plus(current).plus(current).minus(current).minus(current);
      assertEquals(start, current);
    }
    assertEquals(1.001, current.cpus().orElseThrow());
  }

  @Test
  @Scenario("ResourcesTest.PrecisionSimple")
  void zeroChangesNothing() {
    Resources bag = Resources.of(scalar("cpus", 1.001).build());
    Resources zero = Resources.of(scalar("cpus", 0).build());
    assertEquals(bag, bag.plus(zero));
    assertEquals(bag, bag.minus(zero));
    assertEquals(1.001, bag.cpus().orElseThrow());
  }

  @Test
  @Scenario("R-2")
  void absurdValuesAreRefusedAndSumsNeverWrap() {
    assertThrows(IllegalArgumentException.class, () -> Resources.of(scalar("cpus", 1e16).build()));
    Resources huge = Resources.of(scalar("cpus", 9.2e15).build());
    assertEquals(Long.MAX_VALUE, huge.plus(huge).scalarMillis("cpus"));
    assertEquals(Long.MIN_VALUE, Scalars.add(Long.MIN_VALUE, -1));
  }

  @Test
  @Scenario("R-3")
  void comparesInThousandths() {
    assertEquals(
        Resources.of(scalar("cpus", 1).build()), Resources.of(scalar("cpus", 1.0001).build()));
  }
}
