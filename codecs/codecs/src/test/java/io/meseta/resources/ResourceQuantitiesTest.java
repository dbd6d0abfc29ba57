package io.meseta.resources;

import static io.meseta.testing.ResourceBuilder.scalar;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.testing.Scenario;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceQuantitiesTest {
  private static ResourceQuantities quantities(String text) {
    return ResourceQuantities.parse(text);
  }

  private static ResourceLimits limits(String text) {
    return ResourceLimits.parse(text);
  }

  @ParameterizedTest
  @CsvSource({
    "'', {}",
    "cpus:1, cpus:1",
    "' cpus : 1 ; mem: 1024 ;', cpus:1; mem:1024",
    "mem:1024;cpus:1, cpus:1; mem:1024",
    "cpus:1;cpus:10.5, cpus:11.5",
    "cpus:0, {}",
    "cpus:0;mem:1.5, mem:1.5"
  })
  @Scenario({"QuantitiesTest.FromStringValid", "QuantitiesTest.Stringify", "R-54"})
  void textsAreRead(String text, String printed) {
    assertEquals(printed, quantities(text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cpus:-1",
        "cpus:nan",
        "cpus:inf",
        "cpus:abc",
        "cpus:1,mem:2",
        "cpus",
        "cpus:",
        "cpus:1:2",
        "cpus=1",
        ":1",
        "ports:[1-2]",
        "zones:{a}",
        "cpus:1e16",
        "cpus:7.6e-313"
      })
  @Scenario({"QuantitiesTest.FromStringInvalid", "LimitsTest.FromStringInvalid", "R-54"})
  void brokenTextsAreRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> ResourceQuantities.parse(text));
    assertThrows(IllegalArgumentException.class, () -> ResourceLimits.parse(text));
  }

  @Test
  @Scenario({"QuantitiesTest.FromScalarResources", "QuantitiesTest.FromResources", "R-53", "R-56"})
  void resourcesLoseTheirMetadata() {
    Resources scalars =
        Resources.parse("cpus:1;cpus(r):2;mem:512").plus(scalar("cpus", 4).revocable().build());

    assertEquals(quantities("cpus:7;mem:512"), ResourceQuantities.ofScalars(scalars));
    Resources all = Resources.parse("cpus:1;ports:[5000-6000];zones:{a,b}");
    assertEquals(quantities("cpus:1;ports:1001;zones:2"), ResourceQuantities.of(all));
    assertThrows(IllegalArgumentException.class, () -> ResourceQuantities.ofScalars(all));
    assertEquals(ResourceQuantities.EMPTY, ResourceQuantities.of(Resources.EMPTY));
    assertEquals(
        Long.MAX_VALUE,
        Resources.parse("ports:[0-18446744073709551615]").quantities().millis("ports"));
  }

  @ParameterizedTest
  @CsvSource({
    "'', cpus:1, cpus:1",
    "cpus:1, '', cpus:1",
    "cpus:1, cpus:2, cpus:3",
    "cpus:1;mem:5, alphas:1;disk:2;mem:5;zetas:3, alphas:1;cpus:1;disk:2;mem:10;zetas:3"
  })
  @Scenario({"QuantitiesTest.Addition", "QuantitiesTest.Sum", "R-53"})
  void sums(String left, String right, String sum) {
    assertEquals(quantities(sum), quantities(left).plus(quantities(right)));
    assertEquals(quantities(sum), quantities(right).plus(quantities(left)));
    assertEquals(
        quantities(sum), ResourceQuantities.sum(List.of(quantities(left), quantities(right))));
  }

  @ParameterizedTest
  @CsvSource({
    "'', cpus:1, ''",
    "cpus:1, '', cpus:1",
    "cpus:1, cpus:0.4, cpus:0.6",
    "cpus:1, cpus:1.4, ''",
    "cpus:1;mem:100, alphas:1;cpus:0.5, cpus:0.5;mem:100",
    "cpus:1;mem:100, zetas:5, cpus:1;mem:100"
  })
  @Scenario({"QuantitiesTest.Subtraction", "R-53"})
  void differences(String left, String right, String rest) {
    assertEquals(quantities(rest), quantities(left).minus(quantities(right)));
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', true",
    "cpus:1, '', true",
    "'', cpus:1, false",
    "cpus:1, cpus:1, true",
    "cpus:1;mem:1, mem:1, true",
    "cpus:1;mem:1, mem:2, false",
    "cpus:1;mem:1, disk:1, false",
    "cpus:1, cpus:1.0001, true"
  })
  @Scenario({"QuantitiesTest.Contains", "R-53"})
  void containment(String left, String right, boolean contained) {
    assertEquals(contained, quantities(left).contains(quantities(right)));
  }

  @Test
  @Scenario("R-53")
  void absentNamesAreZero() {
    ResourceQuantities some = quantities("mem:2;cpus:1.5");

    assertEquals(1500, some.millis("cpus"));
    assertEquals(1.5, some.get("cpus"));
    assertEquals(0, some.millis("disk"));
    assertEquals(2, some.size());
    assertEquals("mem", some.name(1));
    assertEquals(2000, some.millis(1));
    assertEquals(some, ResourceQuantities.of(Map.of("cpus", 1500L, "mem", 2000L, "disk", 0L)));
    assertEquals(some.hashCode(), quantities("cpus:1.5;mem:2").hashCode());
    assertEquals(quantities("cpus:1"), ResourceQuantities.of("cpus", 1000));
    assertTrue(ResourceQuantities.of("cpus", 0).isEmpty());
  }

  @Test
  @Scenario({"LimitsTest.FromStringValid", "LimitsTest.FromStringInvalid", "R-55"})
  void aLimitOfZeroIsKept() {
    ResourceLimits some = limits("cpus:0;mem:10");

    assertEquals(OptionalLong.of(0), some.millis("cpus"));
    assertEquals(OptionalLong.empty(), some.millis("disk"));
    assertEquals("cpus:0; mem:10", some.toString());
    assertEquals("{}", ResourceLimits.NONE.toString());
    assertEquals(some, ResourceLimits.of(Map.of("cpus", 0L, "mem", 10_000L)));
    assertThrows(IllegalArgumentException.class, () -> limits("cpus:1;cpus:2"));
    assertThrows(IllegalArgumentException.class, () -> ResourceLimits.of(Map.of("cpus", -1L)));
  }

  @ParameterizedTest
  @CsvSource({
    "'', cpus:10, ''",
    "cpus:1, cpus:2, cpus:0",
    "cpus:1;mem:10, cpus:1;disk:10, cpus:0;mem:10",
    "cpus:1;mem:10, cpus:1;mem:5;disk:10, cpus:0;mem:5"
  })
  @Scenario({"LimitsTest.SubtractQuantities", "R-55"})
  void usingUpALimitKeepsIt(String limits, String used, String rest) {
    assertEquals(limits(rest), limits(limits).minus(quantities(used)));
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', true",
    "'', cpus:1, true",
    "cpus:1, '', false",
    "cpus:1, cpus:1, true",
    "cpus:1, cpus:2, false",
    "cpus:1;mem:1, cpus:1;mem:1;disk:1, true",
    "cpus:1;mem:1;disk:1, cpus:1;mem:1, false"
  })
  @Scenario({"LimitsTest.Contains", "R-55"})
  void stricterLimitsAreContained(String left, String right, boolean contained) {
    assertEquals(contained, limits(left).contains(limits(right)));
  }

  @ParameterizedTest
  @CsvSource({
    "'', cpus:100, true",
    "cpus:1, cpus:1, true",
    "cpus:1, cpus:1.5, false",
    "cpus:0, cpus:1, false",
    "cpus:0, mem:1, true"
  })
  @Scenario({"LimitsTest.ContainsQuantities", "R-55"})
  void quantitiesStayWithinLimits(String left, String right, boolean contained) {
    assertEquals(contained, limits(left).contains(quantities(right)));
  }
}
