package io.meseta.resources;

import static io.meseta.testing.ResourceBuilder.labels;
import static io.meseta.testing.ResourceBuilder.scalar;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.Resource.DiskInfo;
import io.meseta.schema.v1.Resource.DiskInfo.Source;
import io.meseta.testing.ResourceBuilder;
import io.meseta.testing.Scenario;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiskResourcesTest {
  private static ResourceBuilder disk(double size) {
    return scalar("disk", size).reserved("role");
  }

  private static Resources bag(ResourceBuilder... resources) {
    return Resources.of(
        Arrays.stream(resources).map(ResourceBuilder::build).toArray(Resource[]::new));
  }

  @Test
  @Scenario({"DiskResourcesTest.Equals", "R-22"})
  void onlySourceAndPersistenceIdIdentify() {
    assertNotEquals(bag(disk(10)), bag(disk(10).path("p")));
    assertEquals(bag(disk(10).path("p1")), bag(disk(10).path("p2")));
    assertEquals(bag(disk(10).volume("id", "p1")), bag(disk(10).volume("id", "p2")));
    assertNotEquals(bag(disk(10).volume("id1", "p")), bag(disk(10).volume("id2", "p")));
    assertNotEquals(
        bag(disk(10).volume("id", "p")), bag(scalar("disk", 10).reserved("x").volume("id", "p")));
  }

  @Test
  @Scenario("DiskResourcesTest.DiskSourceEquals")
  void rootAndTypeIdentifyASource() {
    assertEquals(
        bag(disk(10).mountSource("/a").path("p1")), bag(disk(10).mountSource("/a").path("p2")));
    assertNotEquals(bag(disk(10).mountSource("/a")), bag(disk(10).mountSource("/b")));
    assertNotEquals(bag(disk(10).pathSource("/a")), bag(disk(10).pathSource("/b")));
    assertNotEquals(bag(disk(10).pathSource("/a")), bag(disk(10).mountSource("/a")));
    DiskInfo.Source raw = DiskInfo.Source.newBuilder().setType(Source.Type.RAW).build();
    assertNotEquals(
        bag(disk(10).source(raw.toBuilder().setVendor("v").build())), bag(disk(10).source(raw)));
    assertNotEquals(
        bag(disk(10).source(raw.toBuilder().setProfile("x").build())), bag(disk(10).source(raw)));
    assertEquals(
        bag(disk(10).source(raw.toBuilder().setMetadata(labels("a", "b=1")).build())),
        bag(disk(10).source(raw.toBuilder().setMetadata(labels("b=1", "a")).build())));
  }

  @ParameterizedTest
  @CsvSource({
    "RAW, true, true", "RAW, false, false", "PATH, true, false", "PATH, false, false",
    "BLOCK, true, true", "BLOCK, false, true", "MOUNT, true, true", "MOUNT, false, true"
  })
  @Scenario({"DiskResourcesSourceTest.SourceIdentity", "R-32"})
  void someSourcesNeverSplitOrMerge(Source.Type type, boolean withId, boolean indivisible) {
    for (boolean vendor : new boolean[] {true, false}) {
      for (boolean profile : new boolean[] {true, false}) {
        DiskInfo.Source.Builder source = DiskInfo.Source.newBuilder().setType(type);
        if (withId) {
          source.setId("id");
        }
        if (vendor) {
          source.setVendor("vendor");
        }
        if (profile) {
          source.setProfile("profile");
        }
        Resources one = bag(scalar("disk", 1).source(source.build()));
        Resources two = bag(scalar("disk", 2).source(source.build()));

        assertEquals(indivisible ? 2 : 1, one.plus(one).size());
        assertEquals(!indivisible, one.plus(one).equals(two));
        assertEquals(!indivisible, two.contains(one));
        assertEquals(indivisible ? two : one, two.minus(one));
        assertTrue(one.minus(one).isEmpty());
        assertTrue(one.plus(one).contains(one.plus(one)));
        assertFalse(one.contains(one.plus(one)));
      }
    }
  }

  @Test
  @Scenario({"DiskResourcesTest.Addition", "DiskResourcesTest.DiskSourceAddition"})
  void onlyPlainSpaceMerges() {
    assertEquals(bag(disk(20).path("p")), bag(disk(10).path("p"), disk(10).path("p")));
    Resources volumes = bag(disk(10).volume("1", "p"), disk(10).volume("2", "p"));
    assertEquals(2, volumes.size());
    assertFalse(volumes.contains(bag(disk(20).volume("1", "p"))));
    assertEquals(
        bag(disk(20).pathSource("/a")), bag(disk(10).pathSource("/a"), disk(10).pathSource("/a")));
    Resources mounts = bag(disk(10).mountSource("/a"), disk(10).mountSource("/a"));
    assertNotEquals(bag(disk(20).mountSource("/a")), mounts);
    assertFalse(bag(disk(20).mountSource("/a")).contains(bag(disk(10).mountSource("/a"))));
  }

  @Test
  @Scenario({"DiskResourcesTest.Subtraction", "DiskResourcesTest.DiskSourceSubtraction"})
  void volumesAreTakenWhole() {
    assertEquals(bag(disk(10).path("p")), bag(disk(10).path("p")).minus(bag(disk(10))));
    assertEquals(
        bag(disk(10).volume("1", "p")),
        bag(disk(10).volume("1", "p")).minus(bag(disk(10).volume("2", "p"))));
    assertTrue(bag(disk(10).volume("1", "p")).minus(bag(disk(10).volume("1", "other"))).isEmpty());
    assertEquals(
        bag(disk(20).mountSource("/a")),
        bag(disk(20).mountSource("/a")).minus(bag(disk(10).mountSource("/a"))));
    assertEquals(
        bag(disk(10).pathSource("/a")),
        bag(disk(20).pathSource("/a")).minus(bag(disk(10).pathSource("/a"))));
  }

  @Test
  @Scenario({"DiskResourcesTest.Contains", "DiskResourcesTest.SourceContains", "R-32"})
  void everyVolumeIsMatchedOnce() {
    Resources one = bag(disk(50).volume("1", "p"));
    Resources two = bag(disk(50).volume("1", "q"));
    Resources both = one.plus(two);

    assertFalse(one.contains(both));
    assertFalse(two.contains(both));
    assertTrue(both.contains(both));
    assertTrue(both.contains(one));
    assertFalse(
        bag(disk(20).pathSource("/a").volume("1", "p"))
            .contains(bag(disk(10).pathSource("/a").volume("1", "p"))));
    assertTrue(
        bag(disk(20).pathSource("/a"))
            .contains(bag(disk(10).pathSource("/a"), disk(10).pathSource("/a"))));
    assertFalse(
        bag(disk(10).mountSource("/a"))
            .contains(bag(disk(10).mountSource("/a"), disk(10).mountSource("/a"))));
  }

  @Test
  @Scenario("DiskResourcesTest.FilterPersistentVolumes")
  void filtersLookAtPersistenceAndSource() {
    Resources bag =
        bag(disk(10).volume("1", "p"), disk(20).path("p"), disk(30), disk(40).mountSource("/a"));

    assertEquals(bag(disk(10).volume("1", "p")), bag.persistentVolumes());
    assertEquals(bag(disk(40).mountSource("/a")), bag.disk(Source.Type.MOUNT));
    assertTrue(bag.disk(Source.Type.RAW).isEmpty());
  }

  @Test
  @Scenario("R-22")
  void theLeftMountPointSurvivesAMerge() {
    Resources merged = bag(disk(10).path("left")).plus(bag(disk(10).path("right")));
    assertEquals("left", merged.toProto().getFirst().getDisk().getVolume().getContainerPath());
  }

  @Test
  @Scenario({
    "ResourceProviderIDTest.Addition",
    "ResourceProviderIDTest.Subtraction",
    "ResourceProviderIDTest.Equals",
    "ResourceProviderIDTest.Contains"
  })
  void providersKeepTheirResourcesApart() {
    Resources agent = bag(disk(1));
    Resources first = bag(disk(1).provider("a"));
    Resources second = bag(disk(1).provider("b"));

    assertEquals(bag(disk(2).provider("a")), first.plus(first));
    assertEquals(1, first.plus(first).size());
    for (Resources other : new Resources[] {agent, second}) {
      assertNotEquals(first, other);
      assertFalse(first.contains(other));
      assertFalse(other.contains(first));
      assertEquals(first, first.minus(other));
      assertEquals(2, first.plus(other).size());
    }
    assertEquals(first, first.plus(agent).plus(second).hasProvider("a"));
    assertEquals(first.plus(second), first.plus(agent).plus(second).hasProvider());
    assertEquals(agent, first.plus(agent).plus(second).hasNoProvider());
  }

  @Test
  @Scenario({
    "RevocableResourceTest.Equals",
    "RevocableResourceTest.Addition",
    "RevocableResourceTest.Subtraction",
    "RevocableResourceTest.Contains",
    "RevocableResourceTest.Filter"
  })
  void revocableResourcesStayApart() {
    Resources normal = bag(scalar("cpus", 1));
    Resources revocable = bag(scalar("cpus", 1).revocable());
    Resources both = normal.plus(revocable);

    assertNotEquals(normal, revocable);
    assertEquals(bag(scalar("cpus", 2).revocable()), revocable.plus(revocable));
    assertEquals(2, both.size());
    assertEquals(normal, normal.minus(revocable));
    assertTrue(revocable.minus(revocable).isEmpty());
    assertTrue(both.contains(normal));
    assertTrue(both.contains(revocable));
    assertFalse(both.contains(normal.plus(normal)));
    assertFalse(both.contains(revocable.plus(revocable)));
    assertEquals(revocable, both.revocable());
    assertEquals(normal, both.nonRevocable());
  }
}
