package io.meseta.resources;

import static io.meseta.testing.ResourceBuilder.dynamicReservation;
import static io.meseta.testing.ResourceBuilder.scalar;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.schema.v1.Resource;
import io.meseta.testing.Scenario;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReservationsTest {
  private static Resources parse(String text) {
    return Resources.parse(text);
  }

  @Test
  @Scenario({"ResourcesTest.Reservations", "R-39", "R-45"})
  void reservationsGroupByOwner() {
    Resources bag = parse("cpus:1;mem:2;cpus(role1):3;cpus(role2):4;mem(role2):5");

    assertEquals(Set.of("role1", "role2"), bag.reservations().keySet());
    assertEquals(parse("cpus(role2):4;mem(role2):5"), bag.reservations().get("role2"));
    assertEquals(parse("cpus(role1):3"), bag.reserved("role1"));
    assertTrue(bag.reserved("*").isEmpty());
    assertEquals(parse("cpus(role1):3;cpus(role2):4;mem(role2):5"), bag.reserved());
    assertEquals(parse("cpus:1;mem:2"), bag.unreserved());
  }

  @Test
  @Scenario("ResourcesTest.HierarchicalReservations")
  void aRoleMayUseWhatItsAncestorsReserved() {
    Resources none = parse("cpus:1");
    Resources a = parse("cpus(a):2");
    Resources bx = parse("cpus(a/bx):4");
    Resources b = parse("cpus(a/b):8");
    Resources bxc = parse("cpus(a/bx/c):16");
    Resources bag = Resources.sum(List.of(none, a, bx, b, bxc));

    assertEquals(none, bag.allocatableTo("*"));
    assertEquals(none.plus(a), bag.allocatableTo("a"));
    assertEquals(none.plus(a).plus(bx), bag.allocatableTo("a/bx"));
    assertEquals(none.plus(a).plus(bx).plus(bxc), bag.allocatableTo("a/bx/c"));
    assertEquals(bx.plus(bxc), bag.reservedToSubtree("a/bx"));
    assertEquals(Resources.sum(List.of(a, bx, b, bxc)), bag.reservedToSubtree("a"));
  }

  @Test
  @Scenario({
    "ResourcesTest.ToUnreserved",
    "R-44",
    "R-46",
    "ResourcesOperationTest.FlattenResources"
  })
  void withoutReservationsAllMerges() {
    assertEquals(parse("cpus:3"), parse("cpus(role1):1;cpus(role2):2").toUnreserved());
    assertEquals(1, parse("cpus(role1):1;cpus(role2):2").toUnreserved().size());
    Resources reserved =
        parse("cpus:1;cpus(role1):1").toUnreserved().pushReservation(dynamicReservation("r", "p"));
    assertEquals(Resources.of(scalar("cpus", 2).dynamic("r", "p").build()), reserved);
  }

  @Test
  @Scenario({"R-42", "R-43"})
  void reservationsStack() {
    Resources base = Resources.of(scalar("cpus", 2).reserved("a").build());

    Resources refined = base.pushReservation(dynamicReservation("a/b", "p"));

    assertEquals(
        Resources.of(scalar("cpus", 2).reserved("a").dynamic("a/b", "p").build()), refined);
    assertEquals(refined, refined.refined());
    assertEquals(refined, refined.dynamicallyReserved());
    assertTrue(base.refined().isEmpty());
    assertTrue(base.dynamicallyReserved().isEmpty());
    assertEquals(base, refined.popReservation());
    assertEquals(parse("cpus:2"), base.popReservation());
    assertThrows(IllegalArgumentException.class, () -> parse("cpus:2").popReservation());
    assertThrows(
        IllegalArgumentException.class, () -> base.pushReservation(dynamicReservation("b", "p")));
  }

  @Test
  @Scenario({"ResourcesTest.ReservationAncestor", "R-47"})
  void theAncestorKeepsTheCommonReservations() {
    Resources none = parse("cpus:1");
    Resources foo = none.pushReservation(dynamicReservation("foo", "p"));
    Resources bar = foo.pushReservation(dynamicReservation("foo/bar", "p"));
    Resources baz = foo.pushReservation(dynamicReservation("foo/baz", "p"));

    assertEquals(foo, Resources.reservationAncestor(bar, baz));
    assertEquals(foo, Resources.reservationAncestor(foo, baz));
    assertEquals(none, Resources.reservationAncestor(foo, none));
    assertEquals(bar, Resources.reservationAncestor(bar, bar));
    assertThrows(
        IllegalArgumentException.class, () -> Resources.reservationAncestor(foo, parse("cpus:2")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cpus(role1):2;mem(role1):10;cpus:4;mem:20 | cpus(role1):3;mem(role1):15"
            + " | cpus(role1):2;mem(role1):10;cpus:1;mem:5",
        "cpus(role1):1;mem(role1):5;cpus(role2):2;mem(role2):8;cpus:1;mem:7"
            + " | cpus(role1):3;mem(role1):15"
            + " | cpus(role1):1;mem(role1):5;cpus:1;mem:7;cpus(role2):1;mem(role2):3",
        "cpus(role1):5;mem(role1):5;cpus:5;mem:5 | cpus:6;mem:6"
            + " | cpus:5;mem:5;cpus(role1):1;mem(role1):1",
        "ports(role1):[1-5];ports:[6-10] | ports:[2-3] | ports(role1):[2-3]"
      })
  @Scenario({"ResourcesTest.Find", "R-48"})
  void findPrefersTheOwnRoleThenUnreservedThenAny(String have, String target, String found) {
    assertEquals(Optional.of(parse(found)), parse(have).find(parse(target)));
  }

  @Test
  @Scenario({"ResourcesTest.Find", "RevocableResourceTest.Find", "R-48"})
  void findFailsIfAPartIsMissing() {
    assertEquals(
        Optional.empty(),
        parse("cpus(role1):1;mem(role1):1").find(parse("cpus(role1):2;mem(role1):2")));
    Resources revocable = Resources.of(scalar("cpus", 1).revocable().build());
    assertEquals(Optional.empty(), revocable.find(parse("cpus:1")));
    assertEquals(Optional.empty(), parse("cpus:1").find(revocable));
    assertEquals(Optional.of(revocable), revocable.find(revocable));
  }

  @Test
  @Scenario("R-48")
  void findDoesNotGiveTheSameResourceTwice() {
    assertEquals(
        Optional.empty(), parse("cpus(role1):2").find(parse("cpus(role2):2;cpus(role3):2")));
  }

  @Test
  @Scenario({"ReservedResourcesTest.Equals", "R-17"})
  void everyPartOfAReservationIdentifies() {
    List<Resource> variants =
        List.of(
            scalar("cpus", 8).build(),
            scalar("cpus", 8).reserved("r1").build(),
            scalar("cpus", 8).reserved("r2").build(),
            scalar("cpus", 8).dynamic("r1", "p1").build(),
            scalar("cpus", 8).dynamic("r1", "p2").build(),
            scalar("cpus", 8).dynamic("r2", "p1").build(),
            scalar("cpus", 8).dynamic("r2", "p2").build(),
            scalar("cpus", 8).dynamic("r2", "p2", "foo=bar").build(),
            scalar("cpus", 8).dynamic("r2", "p2", "foo=baz").build(),
            scalar("cpus", 8).dynamic("r2").build(),
            scalar("cpus", 8).dynamic("r2", "p2", "foo").build());

    for (int i = 0; i < variants.size(); i++) {
      for (int j = 0; j < variants.size(); j++) {
        Resources left = Resources.of(variants.get(i));
        Resources right = Resources.of(variants.get(j));
        assertEquals(i == j, left.equals(right), left + " and " + right);
        assertEquals(i == j, left.contains(right));
        assertEquals(i == j ? 1 : 2, left.plus(right).size());
        assertEquals(i == j, left.minus(right).isEmpty());
      }
    }
    assertEquals(
        Resources.of(scalar("cpus", 8).dynamic("r", "p", "a=1", "b").build()),
        Resources.of(scalar("cpus", 8).dynamic("r", "p", "b", "a=1").build()));
  }

  @Test
  @Scenario({
    "ReservedResourcesTest.AdditionStaticallyReserved",
    "ReservedResourcesTest.AdditionDynamicallyReservedWithoutLabels",
    "ReservedResourcesTest.AdditionDynamicallyReservedWithSameLabels",
    "ReservedResourcesTest.AdditionDynamicallyReservedWithDistinctLabels"
  })
  void equalReservationsMerge() {
    assertEquals(
        Resources.of(scalar("cpus", 12).reserved("r").build()),
        Resources.of(
            scalar("cpus", 8).reserved("r").build(), scalar("cpus", 4).reserved("r").build()));
    assertEquals(
        Resources.of(scalar("cpus", 12).dynamic("r", "p").build()),
        Resources.of(
            scalar("cpus", 8).dynamic("r", "p").build(),
            scalar("cpus", 4).dynamic("r", "p").build()));
    assertEquals(
        Resources.of(scalar("cpus", 12).dynamic("r", "p", "l=1").build()),
        Resources.of(
            scalar("cpus", 8).dynamic("r", "p", "l=1").build(),
            scalar("cpus", 4).dynamic("r", "p", "l=1").build()));
    assertEquals(
        2,
        Resources.of(
                scalar("cpus", 8).dynamic("r", "p", "l=1").build(),
                scalar("cpus", 4).dynamic("r", "p", "l=2").build())
            .size());
  }

  @Test
  @Scenario("ReservedResourcesTest.Subtraction")
  void differentReservationsAreIndependent() {
    Resources fixed = Resources.of(scalar("cpus", 8).reserved("r").build());
    Resources dynamic = Resources.of(scalar("cpus", 8).dynamic("r", "p").build());
    Resources labelled = Resources.of(scalar("cpus", 8).dynamic("r", "p", "l=1").build());

    assertEquals(fixed, fixed.minus(dynamic));
    assertEquals(dynamic, dynamic.minus(labelled));
    assertEquals(
        Resources.of(
            scalar("cpus", 6).reserved("r").build(), scalar("cpus", 4).dynamic("r", "p").build()),
        fixed
            .plus(dynamic)
            .minus(Resources.of(scalar("cpus", 2).reserved("r").build()))
            .minus(Resources.of(scalar("cpus", 4).dynamic("r", "p").build())));
  }

  @Test
  @Scenario("ReservedResourcesTest.Contains")
  void differentReservationsDoNotContainEachOther() {
    Resources fixed = Resources.of(scalar("cpus", 8).reserved("r").build());
    Resources dynamic = Resources.of(scalar("cpus", 12).dynamic("r", "p").build());
    Resources sum = fixed.plus(dynamic);

    assertFalse(fixed.contains(dynamic));
    assertFalse(dynamic.contains(fixed));
    assertTrue(sum.contains(fixed));
    assertTrue(sum.contains(dynamic));
    assertTrue(sum.contains(sum));
    assertNotEquals(sum, fixed);
  }

  @Test
  @Scenario({"AllocatedResourcesTest.Equality", "AllocatedResourcesTest.Addition"})
  void allocationsStayApart() {
    Resources one = parse("cpus:1");
    Resources first = one.allocate("role1");
    Resources second = one.allocate("role2");

    assertNotEquals(first, second);
    assertNotEquals(first, one);
    assertFalse(one.contains(first));
    assertEquals(2, first.plus(second).size());
    assertEquals(2, first.plus(second).cpus().orElseThrow());
    assertEquals(first, first.minus(second));
    assertEquals(second, first.plus(second).minus(first));
  }

  @Test
  @Scenario({"AllocatedResourcesTest.Allocations", "R-38", "R-39"})
  void allocationsGroupByRoleAndRemerge() {
    Resources bag =
        parse("cpus:1")
            .allocate("*")
            .plus(parse("cpus:2").allocate("role1"))
            .plus(parse("cpus:3").allocate("role2"));

    assertEquals(Set.of("*", "role1", "role2"), bag.allocations().keySet());
    assertEquals(parse("cpus:2").allocate("role1"), bag.allocations().get("role1"));
    assertEquals(parse("cpus:6"), bag.unallocate());
    assertEquals(1, bag.unallocate().size());
    assertEquals(1, bag.allocate("x").size());
    assertEquals(
        parse("cpus:5").allocate("x/y"), parse("cpus:5").allocate("x/y").allocatedToSubtree("x"));
    assertTrue(bag.allocatedToSubtree("x").isEmpty());
    assertThrows(IllegalStateException.class, () -> parse("cpus:1").allocations());
  }
}
