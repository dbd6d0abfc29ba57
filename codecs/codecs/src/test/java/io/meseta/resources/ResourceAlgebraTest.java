package io.meseta.resources;

import static io.meseta.testing.ResourceBuilder.scalar;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.Value;
import io.meseta.testing.Scenario;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceAlgebraTest {
  private static Resources parse(String text) {
    return Resources.parse(text);
  }

  @Test
  @Scenario({"ResourcesTest.InitializedIsEmpty", "ResourcesTest.EmptyUnequal"})
  void theEmptyBagIsEmptyAndDifferent() {
    assertTrue(Resources.EMPTY.isEmpty());
    assertNotEquals(Resources.EMPTY, parse("cpus:2"));
    assertEquals(Resources.EMPTY, Resources.of(List.of()));
  }

  @Test
  @Scenario({"ResourcesTest.BadResourcesNotAllocatable", "R-20", "R-21", "R-34"})
  void invalidResourcesAreRefusedAndZeroVanishes() {
    Resource nameless = scalar("", 1).build();

    var thrown = assertThrows(IllegalArgumentException.class, () -> Resources.EMPTY.plus(nameless));
    assertEquals("Resource ':1' is invalid: Empty resource name", thrown.getMessage());
    assertTrue(Resources.EMPTY.plus(scalar("cpus", 0).build()).isEmpty());
  }

  @Test
  @Scenario("R-1")
  void theOldFormIsRefused() {
    Resource old =
        ReservationFormat.downgrade(scalar("cpus", 1).reserved("r").build()).orElseThrow();
    assertThrows(IllegalArgumentException.class, () -> Resources.of(old));
  }

  @Test
  @Scenario("ResourcesTest.ScalarEquals")
  void scalarsOfOneRoleAreEqual() {
    assertEquals(parse("cpus:3;mem:3072"), parse("mem:3072;cpus:3"));
    assertNotEquals(parse("cpus(role1):3"), parse("cpus(role2):3"));
    assertNotEquals(parse("cpus:3"), parse("cpus:3;mem:1"));
  }

  @Test
  @Scenario({"ResourcesTest.ScalarSubset", "ResourcesTest.ScalarSubset2"})
  void scalarsContainSmallerOnesOfTheirRole() {
    assertTrue(parse("cpus:1;mem:4096").contains(parse("cpus:1;mem:3072")));
    assertFalse(parse("cpus:1;mem:3072").contains(parse("cpus:1;mem:4096")));
    assertTrue(parse("cpus(role1):3").contains(parse("cpus(role1):1")));
    assertFalse(parse("cpus(role1):3").contains(parse("cpus(role2):1")));
    assertTrue(parse("cpus:1").contains(Resources.EMPTY));
    assertFalse(Resources.EMPTY.contains(parse("cpus:1")));
  }

  @Test
  @Scenario({"ResourcesTest.ScalarAddition", "ResourcesTest.ScalarAddition2", "R-30"})
  void scalarsAddPerRole() {
    Resources sum = parse("cpus:1;mem:5").plus(parse("cpus:2;mem:10"));
    assertEquals(parse("cpus:3;mem:15"), sum);
    assertEquals(2, sum.size());

    Resources roles =
        parse("cpus(role1):1").plus(parse("cpus(role2):3")).plus(parse("cpus(role1):5"));
    assertEquals(parse("cpus(role1):6;cpus(role2):3"), roles);
    assertEquals(9, roles.cpus().orElseThrow());
  }

  @Test
  @Scenario({"ResourcesTest.ScalarSubtraction", "ResourcesTest.ScalarSubtraction2", "R-31"})
  void scalarsSubtractPerRoleAndNeverBelowZero() {
    assertEquals(
        parse("cpus:49.5;mem:3072"), parse("cpus:50;mem:4096").minus(parse("cpus:0.5;mem:1024")));
    Resources some = parse("cpus:50;mem:4096");
    assertTrue(some.minus(some).isEmpty());
    assertEquals(
        parse("cpus(role1):4;cpus(role2):3"),
        parse("cpus(role1):5;cpus(role2):3").minus(parse("cpus(role1):1")));
    assertTrue(parse("cpus:1").minus(parse("cpus:2")).isEmpty());
    assertEquals(parse("cpus:1"), parse("cpus:1").minus(parse("mem:2")));
  }

  @Test
  @Scenario({
    "ResourcesTest.RangesSubtraction2",
    "ResourcesTest.RangesSubtraction3",
    "ResourcesTest.RangesSubtraction4",
    "R-13"
  })
  void rangesLeaveNothingBehindWhenUsedUp() {
    Resources total = parse("ports:[50000-60000]");
    Resources offered = parse("ports:[50000-50001]");
    Resources used = parse("ports:[50002-60000]");

    assertTrue(total.minus(offered.plus(used)).isEmpty());
    assertTrue(total.minus(total).ports().isEmpty());
    assertEquals(0, total.minus(total).size());
    assertEquals(parse("ports:[50001-60000]"), total.minus(parse("ports:[50000-50000]")));
  }

  @Test
  @Scenario({
    "ValuesTest.SetSubtraction",
    "ResourcesTest.SetEquals",
    "ResourcesTest.SetSubset",
    "ResourcesTest.SetAddition",
    "ResourcesTest.SetSubtraction",
    "R-15"
  })
  void setsFollowSetRules() {
    assertEquals(parse("disks:{sda1,sda2}"), parse("disks:{sda2,sda1}"));
    assertTrue(parse("disks:{sda1,sda2}").contains(parse("disks:{sda1}")));
    assertFalse(parse("disks:{sda1}").contains(parse("disks:{sda1,sda2}")));
    assertEquals(
        Set.of("sda1", "sda2", "sda3", "sda4"),
        parse("disks:{sda1,sda2,sda3}").plus(parse("disks:{sda3,sda4}")).set("disks"));
    assertEquals(
        parse("disks:{sda1}"), parse("disks:{sda1,sda2,sda3}").minus(parse("disks:{sda2,sda3}")));
    assertEquals(parse("disks:{sda4}"), parse("disks:{sda4}").minus(parse("disks:{sda1}")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | '' | true",
        "'' | cpus:1 | false",
        "cpus:0.5 | cpus:1 | false",
        "ports:[1-3] | ports:2 | true",
        "ports:[1-1] | ports:2 | false",
        "features:{a,b} | features:2 | true",
        "features:{a} | features:2 | false",
        "cpus:3;ports:[1-3];features:{a,b,c} | cpus:3;ports:3;features:3 | true",
        "cpus(role1):2 | cpus:3 | false",
        "cpus(role1):2;cpus:1 | cpus:3 | true",
        "ports(role1):[1-10] | ports:12 | false",
        "ports(role1):[1-10];ports:[20-25] | ports:12 | true"
      })
  @Scenario({"ResourcesTest.ContainsResourceQuantities", "R-35"})
  void quantitiesLookAtSumsByName(String bag, String quantities, boolean contained) {
    assertEquals(contained, parse(bag).contains(ResourceQuantities.parse(quantities)));
  }

  @Test
  @Scenario({"ResourcesTest.ContainsResourceQuantities", "R-25"})
  void aSharedVolumeCountsOnce() {
    Resource volume = scalar("disk", 64).reserved("r").volume("id", "p").shared().build();
    Resources bag = Resources.of(volume, volume);

    assertFalse(bag.contains(ResourceQuantities.parse("disk:128")));
    assertTrue(bag.plus(parse("disk:64")).contains(ResourceQuantities.parse("disk:128")));
  }

  @Test
  @Scenario({"ResourcesTest.Get", "ResourcesTest.Names", "ResourcesTest.Types", "R-36"})
  void namesTypesAndPartsByName() {
    Resources bag = parse("cpus(role1):2;cpus:4;mem(role1):10;ports:[1-2]");

    assertEquals(parse("cpus(role1):2;cpus:4"), bag.get("cpus"));
    assertTrue(bag.get("gpus").isEmpty());
    assertEquals(Set.of("cpus", "mem", "ports"), bag.names());
    assertEquals(
        Map.of("cpus", Value.Type.SCALAR, "mem", Value.Type.SCALAR, "ports", Value.Type.RANGES),
        bag.types());
    assertEquals(parse("cpus(role1):2;cpus:4;mem(role1):10"), bag.scalars());
  }

  @Test
  @Scenario({"ResourcesTest.Count", "R-26"})
  void onlyIdenticalObjectsCount() {
    Resource one = scalar("cpus", 1).build();
    Resource volume = scalar("disk", 64).reserved("r").volume("id", "p").shared().build();

    assertEquals(1, Resources.of(one).count(one));
    assertEquals(0, Resources.of(one, one).count(one));
    assertEquals(1, Resources.of(one, one).count(scalar("cpus", 2).build()));
    assertEquals(0, Resources.EMPTY.count(volume));
    assertEquals(2, Resources.of(volume, volume).count(volume));
  }

  @Test
  @Scenario("R-37")
  void matchIgnoresTheAmount() {
    Resources bag = parse("cpus:4;cpus(r):1");
    assertEquals(scalar("cpus", 4).build(), bag.match(scalar("cpus", 9).build()).orElseThrow());
    assertTrue(bag.match(scalar("mem", 9).build()).isEmpty());
  }

  @Test
  @Scenario({
    "ResourcesTest.StrippedResourcesVolume",
    "ResourcesTest.StrippedResourcesAllocated",
    "ResourcesTest.StrippedResourcesReserved",
    "ResourcesTest.StrippedResourcesResourceProvider",
    "ResourcesTest.StrippedResourcesNonScalar",
    "ResourcesTest.StrippedResourcesRevocable",
    "ResourcesTest.isScalarQuantity",
    "R-40"
  })
  void strippedScalarsHaveNoMetadata() {
    Resources bag =
        Resources.of(
            scalar("disk", 200).reserved("r").volume("id", "p").build(),
            scalar("disk", 10).build(),
            scalar("cpus", 1).allocated("r").build(),
            scalar("cpus", 2).dynamic("r", "p").build(),
            scalar("cpus", 4).provider("x").build(),
            scalar("cpus", 8).revocable().build(),
            scalar("disk", 1).reserved("r").volume("s", "p").shared().build());

    assertEquals(
        parse("disk:211;cpus:15"),
        bag.plus(parse("ports:[1-2];zones:{a}")).createStrippedScalarQuantity());
    assertTrue(parse("ports:[1-2]").createStrippedScalarQuantity().isEmpty());
  }

  @Test
  @Scenario("R-41")
  void sumAddsAll() {
    assertEquals(parse("cpus:3"), Resources.sum(List.of(parse("cpus:1"), parse("cpus:2"))));
    assertEquals(Resources.EMPTY, Resources.sum(List.of()));
  }

  @Test
  @Scenario({"R-2", "R-30"})
  void manyObjectsThatDoNotMergeStayApart() {
    Bag bag = new Bag();
    for (int i = 0; i < 800; i++) {
      bag.add(Entry.of(scalar("cpus", 1).dynamic("r", "p", "n=" + i).build()));
    }
    Resources many = bag.toResources();

    assertEquals(800, many.size());
    assertEquals(many, many.plus(many).minus(many));
    assertEquals(800, many.plus(many).size());
    assertTrue(many.plus(many).contains(many));
    assertFalse(many.contains(many.plus(many)));
  }
}
