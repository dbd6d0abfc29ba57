package io.meseta.allocator;

import static io.meseta.allocator.SorterFixture.amounts;
import static io.meseta.allocator.SorterFixture.both;
import static io.meseta.allocator.SorterFixture.sharedVolume;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.resources.Resources;
import io.meseta.testing.Scenario;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrfSorterTest {
  @ParameterizedTest
  @CsvSource({
    "a, b, c, d, e, f",
    "a/a, b/b, c/c, d/d, e/e, f/f",
    "a/a/a/a/a, b/b/b/b, c/c/c, d/d, e/e/e/e/e/e, f/f"
  })
  @Scenario({"DRFSorterTest.DRF", "DRFSorterTest.ShallowHierarchy", "DRFSorterTest.DeepHierarchy"})
  void smallestDominantShareFirst(String a, String b, String c, String d, String e, String f) {
    SorterFixture s = SorterFixture.withTotal(both(100));
    assertEquals("", s.order());

    s.add(a, both(5));
    s.add(b, both(6));
    assertEquals(String.join(",", a, b), s.order());

    s.add(c, both(1));
    s.add(d, amounts(3, 1));
    assertEquals(String.join(",", c, d, a, b), s.order());

    s.sorter.remove(a);
    s.take(b, both(4));
    assertEquals(String.join(",", c, b, d), s.order());

    s.add(e, amounts(1, 5));
    s.removeTotal("cpus:50");
    assertEquals(String.join(",", c, b, e, d), s.order());

    s.total("mem:100");
    s.add(f, amounts(5, 1));
    s.give(c, "mem:15");
    assertEquals(String.join(",", e, b, d, c, f), s.order());

    assertTrue(s.sorter.contains(b));
    assertFalse(s.sorter.contains(a));
    assertEquals(5, s.sorter.count());

    s.sorter.deactivate(d);
    assertEquals(String.join(",", e, b, c, f), s.order());
    assertEquals(5, s.sorter.count());
    s.sorter.activate(d);
    assertEquals(String.join(",", e, b, d, c, f), s.order());
  }

  @Test
  @Scenario("DRFSorterTest.WDRF")
  void weightDividesTheShare() {
    SorterFixture s = SorterFixture.withTotal(both(100));
    s.add("a", both(5));
    s.sorter.setWeight("b", 2);
    s.add("b", both(6));
    assertEquals("b,a", s.order());

    s.add("c", both(4));
    assertEquals("b,c,a", s.order());

    s.add("d", amounts(10, 20));
    s.sorter.setWeight("d", 10);
    assertEquals("d,b,c,a", s.order());

    s.sorter.remove("b");
    assertEquals("d,c,a", s.order());

    s.give("d", amounts(10, 25));
    assertEquals("c,d,a", s.order());

    s.sorter.setWeight("e", 0.1);
    s.add("e", both(1));
    assertEquals("c,d,a,e", s.order());

    s.sorter.remove("a");
    assertEquals("c,d,e", s.order());
  }

  @Test
  @Scenario("DRFSorterTest.UpdateWeight")
  void weightMayChange() {
    SorterFixture s = SorterFixture.withTotal(both(100));
    s.add("a", both(5));
    s.add("b", both(6));
    assertEquals("a,b", s.order());
    s.sorter.setWeight("b", 2);
    assertEquals("b,a", s.order());
  }

  @Test
  @Scenario("DRFSorterTest.AllocationCountTieBreak")
  void fewerAllocationsWinAmongEqualShares() {
    SorterFixture s = SorterFixture.withTotal(both(100));
    s.add("a", both(3));
    s.add("b", both(3));
    s.add("c", both(1));
    s.give("c", both(1));
    s.give("c", both(1));
    s.add("d", both(1));
    s.give("d", both(2));
    s.add("e", both(3));
    assertEquals("a,b,e,d,c", s.order());

    s.take("c", both(3));
    assertEquals("c,a,b,e,d", s.order());
    s.give("c", both(3));
    assertEquals("a,b,e,d,c", s.order());

    s.sorter.deactivate("c");
    s.sorter.activate("c");
    assertEquals("a,b,e,d,c", s.order());
    s.take("c", both(3));
    s.give("c", both(3));
    assertEquals("a,b,e,d,c", s.order());

    s.sorter.deactivate("a");
    s.take("a", both(1));
    s.give("a", both(1));
    assertEquals("b,e,d,c", s.order());
    s.sorter.activate("a");
    assertEquals("b,e,a,d,c", s.order());
  }

  @Test
  @Scenario("DRFSorterTest.HierarchicalAllocation")
  void subtreesCompeteAsOne() {
    SorterFixture s = SorterFixture.withTotal(both(100));
    s.add("a");
    s.add("b/c");
    s.add("b/d");
    assertFalse(s.sorter.contains("b"));
    assertEquals(3, s.sorter.count());
    assertEquals("a,b/c,b/d", s.order());

    s.give("a", both(6));
    assertEquals("b/c,b/d,a", s.order());

    s.give("b/c", both(4));
    s.give("b/d", both(3));
    assertEquals("a,b/d,b/c", s.order());

    s.give("a", both(2));
    assertEquals("b/d,b/c,a", s.order());

    s.add("b/e/f");
    assertEquals("b/e/f,b/d,b/c,a", s.order());
    s.give("b/e/f", both(3.5));
    assertEquals("a,b/d,b/e/f,b/c", s.order());

    s.sorter.remove("b/e/f");
    assertEquals("b/d,b/c,a", s.order());

    s.update("b/c", both(4), both(1));
    assertEquals("b/c,b/d,a", s.order());

    s.add("b/e/f", both(3.5));
    assertEquals("b/c,b/d,b/e/f,a", s.order());
    assertEquals(4, s.sorter.count());
    assertEquals(s.footprints.scalarsOf(Resources.parse(both(8 + 1 + 3 + 3.5))), s.sorter.held());
  }

  @Test
  @Scenario("DRFSorterTest.HierarchicalIterationOrder")
  void leavesAndInnerNodesMix() {
    SorterFixture s = SorterFixture.withTotal(both(100));
    s.add("a/b");
    s.add("c");
    s.add("d");
    s.add("d/e");
    assertEquals("a/b,c,d,d/e", s.order());
    s.give("c", both(8));
    assertEquals("a/b,d,d/e,c", s.order());
    s.give("d", both(3));
    s.give("d/e", both(2));
    assertEquals("a/b,d/e,d,c", s.order());
    s.give("a/b", both(6));
    assertEquals("d/e,d,a/b,c", s.order());
  }

  @Test
  @Scenario("DRFSorterTest.AddChildToLeaf")
  void clientWithChildrenCompetesWithThem() {
    SorterFixture s = SorterFixture.withTotal(both(100));
    s.add("a", both(10));
    s.add("b", both(6));
    assertEquals("b,a", s.order());

    s.add("a/c", both(5));
    assertEquals("b,a/c,a", s.order());

    s.sorter.remove("a");
    assertEquals("a/c,b", s.order());

    s.add("a", both(10));
    assertEquals("b,a/c,a", s.order());

    s.sorter.setWeight("a/c", 0.2);
    assertEquals("b,a,a/c", s.order());
    s.sorter.setWeight("a", 3);
    assertEquals("a,a/c,b", s.order());
    s.sorter.setWeight("a/c", 1);
    assertEquals("a/c,a,b", s.order());
  }

  @Test
  @Scenario("DRFSorterTest.AddChildToInternal")
  void innerNodeMayBecomeAClient() {
    SorterFixture s = SorterFixture.withTotal(both(100));
    s.add("x/a", both(10));
    s.add("x/b", both(6));
    assertEquals("x/b,x/a", s.order());
    s.add("x", both(7));
    assertEquals("x/b,x,x/a", s.order());
    s.add("z", both(20));
    assertEquals("z,x/b,x,x/a", s.order());
    s.sorter.remove("x");
    assertEquals("x/b,x/a,z", s.order());
  }

  @Test
  @Scenario("DRFSorterTest.AddChildToInactiveLeaf")
  void childOfAnInactiveClientIsListed() {
    SorterFixture s = SorterFixture.withTotal(both(100));
    s.add("a", both(10));
    s.add("b", both(6));
    s.sorter.deactivate("a");
    assertEquals("b", s.order());
    s.add("a/c", both(5));
    assertEquals("b,a/c", s.order());
  }

  @Test
  @Scenario("DRFSorterTest.RemoveLeafCollapseParent")
  void lastSiblingGone() {
    SorterFixture s = SorterFixture.withTotal(both(100));
    s.add("a", both(10));
    s.add("b", both(6));
    s.add("a/c", both(5));
    assertEquals("b,a/c,a", s.order());
    s.sorter.remove("a/c");
    assertEquals("b,a", s.order());
    assertEquals(0.1, s.sorter.share("a"));
  }

  @Test
  @Scenario("DRFSorterTest.RemoveLeafCollapseParentInactive")
  void collapsingKeepsInactivity() {
    SorterFixture s = SorterFixture.withTotal(both(100));
    s.add("a", both(10));
    s.add("b", both(6));
    s.add("a/c", both(5));
    s.sorter.deactivate("a");
    assertEquals("b,a/c", s.order());
    s.sorter.remove("a/c");
    assertEquals("b", s.order());
    s.sorter.activate("a");
    assertEquals("b,a", s.order());
  }

  @Test
  @Scenario("DRFSorterTest.ChangeWeightOnSubtree")
  void weightOfAnInnerNode() {
    SorterFixture s = SorterFixture.withTotal(both(100));
    s.sorter.setWeight("b", 3);
    s.sorter.setWeight("a", 2);
    s.add("a/x");
    s.add("b/y");
    assertEquals("a/x,b/y", s.order());
    s.give("a/x", both(10));
    s.give("b/y", both(10));
    assertEquals("b/y,a/x", s.order());
    s.add("b/z", both(5));
    assertEquals("b/z,b/y,a/x", s.order());
    s.add("b", both(4));
    assertEquals("a/x,b,b/z,b/y", s.order());
    s.add("a/zz", both(2));
    assertEquals("a/zz,a/x,b,b/z,b/y", s.order());
  }

  @Test
  @Scenario("DRFSorterTest.SplitResourceShares")
  void volumesCountAsTheirName() {
    SorterFixture s = SorterFixture.withTotal("cpus:100;mem:100;disk:100");
    s.add("a", "cpus:9;mem:9;disk:9");
    s.add(
        "b",
        Resources.parse("cpus:9;mem:9")
            .plus(Volumes.persistent("*", "1", 5))
            .plus(Volumes.persistent("*", "2", 5)));
    assertEquals("a,b", s.order());
  }

  @Test
  @Scenario({"DRFSorterTest.UpdateTotal", "DRFSorterTest.MultipleSlavesUpdateTotal"})
  void dominantResourceChangesWithTheTotal() {
    SorterFixture s = SorterFixture.withTotal(amounts(10, 100));
    s.add("a", amounts(2, 1));
    s.add("b", amounts(1, 2));
    assertEquals("b,a", s.order());
    s.removeTotal(amounts(10, 100));
    s.total(amounts(100, 10));
    assertEquals("a,b", s.order());
  }

  @Test
  @Scenario("DRFSorterTest.RemoveResources")
  void totalAndAllocationShrink() {
    SorterFixture s = SorterFixture.withTotal("cpus:10");
    s.add("a", "cpus:6");
    s.add("b", "cpus:4");
    assertEquals("b,a", s.order());
    s.removeTotal("cpus:5");
    s.update("a", "cpus:6", "cpus:1");
    assertEquals("a,b", s.order());
  }

  @Test
  @Scenario("DRFSorterTest.RevocableResources")
  void revocableCountsInShares() {
    SorterFixture s = SorterFixture.withTotal(amounts(10, 100));
    s.total(Resources.of(SorterFixture.revocableCpus(10)));
    s.add("a", amounts(2, 1));
    s.add("b", Resources.parse(both(1)).plus(SorterFixture.revocableCpus(9)));
    assertEquals("a,b", s.order());
  }

  @Test
  @Scenario("DRFSorterTest.SharedResources")
  void sharedVolumeWeighsOnEveryHolder() {
    Resources volume = sharedVolume("id1", 100);
    SorterFixture s = new SorterFixture();
    s.total(Resources.parse("cpus:100;mem:100;disk(role1):900").plus(volume));
    s.add("a", Resources.parse(both(5)).plus(volume));
    s.add("b", both(6));
    assertEquals("b,a", s.order());
    s.add("c", Resources.parse(both(1)).plus(volume));
    assertEquals("b,a,c", s.order());
    s.sorter.remove("a");
    s.take("b", both(4));
    assertEquals("b,c", s.order());
    s.add("d", Resources.parse(amounts(1, 5)).plus(volume));
    assertEquals("b,c,d", s.order());
  }

  @Test
  @Scenario("DRFSorterTest.SameDominantSharedResourcesAcrossClients")
  void equalSharesOfASharedVolume() {
    Resources volume = sharedVolume("id1", 900);
    SorterFixture s = new SorterFixture();
    s.total(Resources.parse("cpus:100;mem:100;disk(role1):100").plus(volume));
    s.add("b", Resources.parse(amounts(5, 20)).plus(volume));
    s.add("c", Resources.parse(amounts(10, 6)).plus(volume));
    assertEquals("b,c", s.order());
    s.add("a", Resources.parse(amounts(50, 40)).plus(volume));
    assertEquals("a,b,c", s.order());
  }

  @Test
  @Scenario("DRFSorterTest.SameSharedResourcesSameClient")
  void copiesOfASharedVolumeCountOnce() {
    Resources volume = sharedVolume("id1", 50);
    SorterFixture s = new SorterFixture();
    s.total(Resources.parse("cpus:100;mem:100;disk(role1):950").plus(volume));
    s.add("a", Resources.parse(both(2)).plus(volume));
    s.add("b", both(6));
    assertEquals("a,b", s.order());
    s.give("a", volume.plus(volume).plus(volume));
    assertEquals("a,b", s.order());
  }

  @Test
  @Scenario("DRFSorterTest.SharedResourcesUnallocated")
  void sharedVolumeWeighsUntilTheLastCopyIsGone() {
    Resources volume = sharedVolume("id1", 100);
    SorterFixture s = new SorterFixture();
    s.total(Resources.parse("cpus:100;mem:100;disk(role1):900").plus(volume));
    s.add("a", Resources.parse(both(2)).plus(volume).plus(volume).plus(volume));
    s.add("b", both(6));
    assertEquals("b,a", s.order());
    s.take("a", volume);
    assertEquals("b,a", s.order());
    s.take("a", volume.plus(volume));
    assertEquals("a,b", s.order());
  }

  @Test
  @Scenario("DRFSorterTest.RemoveSharedResources")
  void totalCountsASharedVolumeOnce() {
    Resources volume = sharedVolume("id1", 100);
    SorterFixture s = new SorterFixture();
    Footprint one = s.footprints.of(SorterFixture.AGENT, volume);
    s.totals.add(one);
    s.totals.add(one);
    Quantities expected = s.footprints.scalarsOf(volume);
    assertEquals(expected, s.totals.sum());
    s.totals.subtract(one);
    assertEquals(expected, s.totals.sum());
    s.totals.subtract(one);
    assertTrue(s.totals.sum().isZero());
    assertThrows(IllegalStateException.class, () -> s.totals.subtract(one));
  }

  @Test
  @Scenario("A-114")
  void inactiveClientsWeighOnTheirAncestors() {
    SorterFixture s = SorterFixture.withTotal(both(100));
    s.add("a/x", both(9));
    s.sorter.deactivate("a/x");
    s.add("a/y", both(1));
    s.add("b", both(5));
    assertEquals("b,a/y", s.order());
    assertEquals(s.footprints.scalarsOf(Resources.parse(both(15))), s.sorter.held());
  }

  @Test
  @Scenario("A-112")
  void equalClientsInByteOrder() {
    SorterFixture s = SorterFixture.withTotal(both(100));
    String last = new String(Character.toChars(0x1F600));
    for (String client : new String[] {"b", last, "\uFB00", "a-b", "a", "a/c"}) {
      s.add(client);
    }
    assertEquals(String.join(",", "a", "a/c", "a-b", "b", "\uFB00", last), s.order());
  }

  @Test
  void slashMeansNothingAmongFrameworks() {
    DrfSorter<String> sorter =
        new DrfSorter<>(new ClusterTotals(new ResourceNames(), Set.of()), false);
    sorter.add("a", "a");
    sorter.add("a/b", "a/b");
    sorter.activate("a/b");
    sorter.activate("a");
    assertEquals("[a, a/b]", sorter.sort().toString());
    sorter.remove("a/b");
    assertEquals("[a]", sorter.sort().toString());
  }
}
