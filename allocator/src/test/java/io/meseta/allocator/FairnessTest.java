package io.meseta.allocator;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.resources.Resources;
import io.meseta.schema.v1.FrameworkInfo.Capability;
import io.meseta.testing.Scenario;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FairnessTest {
  @Test
  @Scenario("HierarchicalAllocatorTest.UnreservedDRF")
  void smallestShareIsServed() {
    AllocatorDriver d = new AllocatorDriver();
    d.addAgent("A1", "cpus:2;mem:1024").addFramework("F1", "role1").expectAgents("F1", "A1");
    d.addFramework("F2", "role2").expectNothing();
    d.addAgent("A2", "cpus:1;mem:512").expect("F2", "role2", "A2", "cpus:1;mem:512");
    d.addAgent("A3", "cpus:3;mem:2048").expectAgents("F2", "A3");
    d.addFramework("F3", "role1").expectNothing();
    d.addAgent("A4", "cpus:4;mem:4096").expectAgents("F3", "A4");
    d.addFramework("F4", "role1").expectNothing();
    d.addAgent("A5", "cpus:1;mem:512").expectAgents("F2", "A5");
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.ReservedDRF")
  void reservationsCountInShares() {
    AllocatorDriver d = new AllocatorDriver();
    d.addAgent("A1", "cpus:1;mem:512;cpus(role1):100;mem(role1):1024")
        .addFramework("F1", "role1")
        .expect("F1", "role1", "A1", "cpus:1;mem:512;cpus(role1):100;mem(role1):1024");
    d.addFramework("F2", "role2").expectNothing();
    d.addAgent("A2", "cpus:2;mem:512").expectAgents("F2", "A2");
    d.addAgent("A3", "cpus:2;mem:512").expectAgents("F2", "A3");
    d.addFramework("F3", "role1").expectNothing();
    d.addAgent("A4", "cpus(role1):2;mem(role1):1024").expectAgents("F3", "A4");
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.DRFWithFairnessExclusion")
  void excludedNamesDoNotCount() {
    AllocatorDriver d =
        new AllocatorDriver(
            AllocatorDriver.scenarioOptions().withFairSharingExcludedNames(Set.of("gpus")));
    d.addAgent("A1", "cpus:2;mem:1024;gpus:1")
        .addFramework(
            "F1",
            AllocatorDriver.with(AllocatorDriver.info("role1"), Capability.Type.GPU_RESOURCES))
        .expectAgents("F1", "A1");
    d.addFramework("F2", "role2").expectNothing();
    d.addAgent("A2", "cpus:1;mem:512").expectAgents("F2", "A2");
    d.addAgent("A3", "cpus:3;mem:2048").expectAgents("F2", "A3");
    d.addFramework("F3", "role1").expectNothing();
    d.addAgent("A4", "cpus:4;mem:4096").expectAgents("F3", "A4");
    d.addFramework("F4", "role1").expectNothing();
    d.addAgent("A5", "cpus:1;mem:512").expectAgents("F2", "A5");
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.NestedRoleDRF")
  void siblingsShareWhatTheirParentGets() {
    AllocatorDriver d = new AllocatorDriver();
    d.addAgent("A1", "cpus:2;mem:1024").addFramework("F1", "a/b").expectAgents("F1", "A1");
    d.addFramework("F2", "a/c").addFramework("F3", "d/e").expectNothing();
    d.addAgent("A2", "cpus:1;mem:512").expectAgents("F3", "A2");
    d.addFramework("F4", "d/f").expectNothing();
    d.addAgent("A3", "cpus:2;mem:1024").expectAgents("F4", "A3");
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.CoarseGrained")
  void wholeAgentsAreGiven() {
    AllocatorDriver d = new AllocatorDriver();
    d.addAgent("A1", "cpus:2;mem:1024").addAgent("A2", "cpus:2;mem:1024");
    d.addFramework("F1", "role1").expectCallbacks(1).expectAgents("F1", "A1", "A2");
    d.recoverEverything().expectNothing();
    d.addFramework("F2", "role2").expectCallbacks(2).expectCounts(Map.of("F1", 1, "F2", 1));
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.SameShareFairness")
  void equalSharesTakeTurns() {
    AllocatorDriver d = new AllocatorDriver();
    d.together(
        () -> {
          d.addFramework("F1", "*").addFramework("F2", "*");
          d.addAgent("A", "cpus:2;mem:1024");
        });
    String next = "F1";
    for (int i = 0; i < 10; i++) {
      d.expectAgents(next, "A");
      d.recover(next, "A").batch();
      next = next.equals("F1") ? "F2" : "F1";
    }
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.UpdateWeight")
  void weightsShiftShares() {
    AllocatorDriver d = new AllocatorDriver();
    d.together(
        () -> {
          for (int i = 1; i <= 6; i++) {
            d.addAgent("A" + i, "cpus:2;mem:1024");
          }
          d.addFramework("F1", "role1");
        });
    d.expectCounts(Map.of("F1", 6));
    d.addFramework("F2", "role2").expectNothing();
    d.recoverEverything().batch().expectCounts(Map.of("F1", 3, "F2", 3));
    d.recoverEverything().weight("role2", 2).expectNothing();
    d.batch().expectCounts(Map.of("F1", 2, "F2", 4));
    d.recoverEverything().weight("role3", 3).expectNothing();
    d.addFramework("F3", "role3").expectCounts(Map.of("F1", 1, "F2", 2, "F3", 3));
  }

  @Test
  @Scenario({"HierarchicalAllocatorTest.NoDoubleAccounting", "A-76"})
  void usedResourcesCountOnceWhoeverComesFirst() {
    AllocatorDriver d = new AllocatorDriver();
    Resources one = Resources.parse("cpus:1");
    Map<String, Resources> byF1 = Map.of("F1", one.allocate("ROLE1"));
    Map<String, Resources> byF2 = Map.of("F2", one.allocate("ROLE2"));
    d.addFramework(
        "F1", AllocatorDriver.info("ROLE1"), Map.of("A1", one.allocate("ROLE1")), true, Set.of());
    d.addAgent("A1", one, byF1).addAgent("A2", one, byF2);
    d.addFramework(
        "F2", AllocatorDriver.info("ROLE2"), Map.of("A2", one.allocate("ROLE2")), true, Set.of());
    d.expectNothing().expectShare("ROLE1", 0.5).expectShare("ROLE2", 0.5);
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.RemoveSlaveRecoverResources")
  void removedAgentNoLongerWeighs() {
    AllocatorDriver d = new AllocatorDriver();
    d.addAgent("A1", "cpus:2;mem:200").addFramework("F1", "role").expectAgents("F1", "A1");
    d.addFramework("F2", "role").addAgent("A2", "cpus:1;mem:100").expectAgents("F2", "A2");
    d.removeAgent("A1").addAgent("A3", "cpus:1;mem:100").expectAgents("F1", "A3");
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.DominantShareMetrics")
  void sharesFollowHoldings() {
    AllocatorDriver d = new AllocatorDriver();
    d.addAgent("A1", "cpus:1;mem:1024").addFramework("F1", "roleA").expectShare("roleA", 1);
    d.recover("F1", "A1").expectShare("roleA", 0);
    d.addFramework("F2", "roleB").expectShare("roleA", 0).expectShare("roleB", 1);
    d.addAgent("A2", "cpus:1;mem:1024").expectShare("roleA", 0.5).expectShare("roleB", 0.5);
    d.removeFramework("F2");
    assertFalse(d.allocator.books().roleSorter().contains("roleB"));
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.DominantShareMetricsWithFairnessExclusion")
  void excludedNamesDoNotShowInShares() {
    AllocatorDriver d =
        new AllocatorDriver(
            AllocatorDriver.scenarioOptions().withFairSharingExcludedNames(Set.of("gpus")));
    d.addAgent("A1", "cpus:1;mem:1024;gpus:1")
        .addFramework(
            "F1",
            AllocatorDriver.with(AllocatorDriver.info("roleA"), Capability.Type.GPU_RESOURCES))
        .expectShare("roleA", 1);
    d.addFramework("F2", "roleB").addAgent("A2", "cpus:3;mem:3072");
    d.expectShare("roleA", 0.25).expectShare("roleB", 0.75);
  }

  @Test
  @Scenario("A-120")
  void randomSortersServeEverybody() {
    AllocatorDriver d =
        new AllocatorDriver(
            AllocatorDriver.scenarioOptions()
                .withSorters(
                    AllocatorOptions.SorterKind.RANDOM, AllocatorOptions.SorterKind.RANDOM));
    d.together(
        () -> {
          d.addFramework("F1", "role1").addFramework("F2", "role2");
          for (int i = 0; i < 64; i++) {
            d.addAgent("A" + i, "cpus:1;mem:64");
          }
        });
    int first = 0;
    for (int i = 0; i < 64; i++) {
      first += d.held("F1", "role1", "A" + i).isEmpty() ? 0 : 1;
    }
    assertTrue(first > 10 && first < 54, "F1 has " + first);
  }
}
