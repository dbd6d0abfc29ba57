package io.meseta.resources;

import static io.meseta.testing.ResourceBuilder.scalar;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.meseta.kernel.Rng;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.Resource.DiskInfo.Source;
import io.meseta.testing.Scenario;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShrinkingTest {
  private final Rng rng = Rng.seeded(1);

  private Resources shrink(Resources bag, String target) {
    return Shrinking.shrink(bag, ResourceQuantities.parse(target), rng);
  }

  @ParameterizedTest
  @CsvSource({
    "cpus:2, cpus:1, cpus:1",
    "cpus:2;mem:20, cpus:1;mem:10, cpus:1;mem:10",
    "cpus:2;mem:20, cpus:1;mem:10;disk:10, cpus:1;mem:10",
    "cpus:2;mem:20, cpus:1, cpus:1",
    "cpus:2, cpus:3, cpus:2",
    "cpus:2;ports:[1-2], cpus:1, cpus:1",
    "cpus:2, '', ''"
  })
  @Scenario({"ResourcesTest.ShrinkToQuantities", "R-50"})
  void quantitiesDropWhatTheyDoNotName(String bag, String target, String result) {
    assertEquals(Resources.parse(result), shrink(Resources.parse(bag), target));
  }

  @ParameterizedTest
  @CsvSource({
    "cpus:2;mem:20, '', cpus:2;mem:20",
    "cpus:2;mem:20, cpus:1, cpus:1;mem:20",
    "cpus:2;mem:20, cpus:0, mem:20",
    "cpus:2;mem:20, cpus:1;mem:10;disk:10, cpus:1;mem:10",
    "cpus:2;ports:[1-2], cpus:1, cpus:1;ports:[1-2]"
  })
  @Scenario({"ResourcesTest.ShrinkToLimits", "R-51"})
  void limitsKeepWhatTheyDoNotName(String bag, String limits, String result) {
    assertEquals(
        Resources.parse(result),
        Shrinking.shrink(Resources.parse(bag), ResourceLimits.parse(limits), rng));
  }

  @Test
  @Scenario({"ResourcesTest.ShrinkToQuantities", "ResourcesTest.ShrinkToLimits", "R-52"})
  void repeatedCutsDoNotAlwaysSpareTheSameDisk() {
    Resources bag =
        Resources.of(scalar("disk", 10).build(), scalar("disk", 10).mountSource("/a").build());
    Set<Resources> seen = new HashSet<>();
    Set<Resources> seenWithLimits = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      Resources one = shrink(bag, "disk:10");
      assertEquals(10_000, one.quantities().millis("disk"));
      seen.add(one);
      seenWithLimits.add(Shrinking.shrink(bag, ResourceLimits.parse("disk:10"), rng));
    }
    assertEquals(2, seen.size());
    assertEquals(2, seenWithLimits.size());
  }

  @Test
  @Scenario({"ResourcesTest.ShrinkToQuantities", "R-49"})
  void indivisibleDisksStayWholeOrGo() {
    Resources mount = Resources.of(scalar("disk", 20).mountSource("/a").build());

    assertEquals(Resources.EMPTY, shrink(mount, "disk:10"));
    assertSame(mount, Shrinking.shrink(mount, ResourceLimits.NONE, rng));
    assertEquals(mount, shrink(mount, "disk:20"));
    assertThrows(
        IllegalArgumentException.class, () -> shrink(Resources.parse("ports:[1-2]"), "ports:1"));
  }

  @Test
  @Scenario("R-49")
  void oneResourceIsCutIfItCanBeDivided() {
    Resource path = scalar("disk", 20).pathSource("/a").build();
    assertEquals(
        Optional.of(scalar("disk", 10).pathSource("/a").build()), Shrinking.shrink(path, 10_000));
    assertEquals(Optional.of(path), Shrinking.shrink(path, 30_000));
    assertEquals(
        Optional.empty(),
        Shrinking.shrink(scalar("disk", 20).source(Source.Type.BLOCK).build(), 10_000));
    assertEquals(
        Optional.empty(),
        Shrinking.shrink(scalar("disk", 20).reserved("r").volume("i", "p").build(), 10_000));
  }
}
