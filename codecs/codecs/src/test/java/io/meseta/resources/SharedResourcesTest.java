package io.meseta.resources;

import static io.meseta.testing.ResourceBuilder.scalar;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.schema.v1.Resource;
import io.meseta.testing.Scenario;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class SharedResourcesTest {
  private static final Resource VOLUME =
      scalar("disk", 50).reserved("role1").volume("id1", "path1").shared().build();
  private static final Resource OTHER =
      scalar("disk", 50).reserved("role1").volume("id2", "path2").shared().build();

  private static Resources with(String text, int copies) {
    return Resources.parse(text).plus(Resources.of(Collections.nCopies(copies, VOLUME)));
  }

  @Test
  @Scenario({"SharedResourcesTest.ScalarAdditionShared", "R-23", "R-24", "R-25"})
  void copiesCount() {
    Resources sum = with("cpus:1;mem:5", 1).plus(with("cpus:2;mem:10", 1));

    assertEquals(3, sum.size());
    assertEquals(3, sum.cpus().orElseThrow());
    assertEquals(50_000, sum.quantities().millis("disk"));
    assertEquals(2, sum.count(VOLUME));
    assertEquals(3, sum.toProto().size());
  }

  @Test
  @Scenario({"SharedResourcesTest.ScalarSubtractionShared", "R-23"})
  void copiesAreTakenOneByOne() {
    Resources many = with("cpus:40;mem:4096", 2);
    Resources one = with("cpus:5;mem:512", 1);

    Resources less = many.minus(one);
    assertEquals(1, less.count(VOLUME));
    assertEquals(35, less.cpus().orElseThrow());
    assertEquals(0, less.minus(one).count(VOLUME));
    assertEquals(0, one.minus(many).count(VOLUME));
    assertTrue(one.minus(many).isEmpty());
  }

  @Test
  @Scenario("SharedResourcesTest.ScalarSharedCompoundExpressions")
  void sumsAndDifferencesAgree() {
    Resources r1 = with("cpus:40;mem:4096", 4);
    Resources r2 = with("cpus:10;mem:512", 3);

    assertEquals(r1, r1.plus(r1).minus(r1));
    assertEquals(r2, r1.plus(r2).minus(r1));
    assertEquals(r1, r2.minus(r1).plus(r1));
    assertTrue(r2.minus(r1).isEmpty());
    assertFalse(r1.minus(r2).isEmpty());
    assertEquals(1, r1.minus(r2).count(VOLUME));
  }

  @Test
  @Scenario({"SharedResourcesTest.ScalarNonEqualSharedOperations", "R-28"})
  void differentVolumesAreIndependent() {
    Resources first = Resources.of(VOLUME);
    Resources second = Resources.of(OTHER);

    assertEquals(2, first.plus(second).size());
    assertEquals(first, first.minus(second));
    assertFalse(first.contains(second));
    assertEquals(1, first.plus(second).count(OTHER));
  }

  @Test
  @Scenario("SharedResourcesTest.ScalarSharedAndNonSharedOperations")
  void aSharedVolumeIsNotAPlainOne() {
    Resource plain = scalar("disk", 150).reserved("role1").volume("id1", "path1").build();
    Resources shared = Resources.of(VOLUME, VOLUME);
    Resources both = shared.plus(plain);

    assertEquals(2, both.size());
    assertEquals(200_000, both.quantities().millis("disk"));
    assertFalse(shared.contains(Resources.of(plain)));
    assertFalse(Resources.of(plain).contains(shared));
    assertEquals(shared, shared.minus(Resources.of(plain)));
    assertEquals(Resources.of(plain), both.minus(shared));
  }

  @Test
  @Scenario({"SharedResourcesTest.Filter", "R-32"})
  void filtersKeepCountsAndContainmentLooksAtThem() {
    Resources bag = with("cpus:1", 2);

    assertEquals(2, bag.shared().count(VOLUME));
    assertEquals(Resources.parse("cpus:1"), bag.nonShared());
    assertTrue(bag.contains(with("cpus:1", 1)));
    assertFalse(with("cpus:1", 1).contains(bag));
    assertNotEquals(with("cpus:1", 1), bag);
  }
}
