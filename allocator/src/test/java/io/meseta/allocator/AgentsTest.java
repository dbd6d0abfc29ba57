package io.meseta.allocator;

import static io.meseta.allocator.AllocatorDriver.DAY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.allocator.AllocatorDriver.Place;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.AgentInfo;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.FrameworkInfo.Capability;
import io.meseta.testing.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AgentsTest {
  private final AllocatorDriver d = new AllocatorDriver();

  private static Resources r(String text) {
    return Resources.parse(text);
  }

  private static FrameworkInfo.Builder capable(String role, Capability.Type... types) {
    return AllocatorDriver.with(AllocatorDriver.info(role), types);
  }

  @Test
  @Scenario({"HierarchicalAllocatorTest.Reservations", "A-64"})
  void reservationsAreForTheirRoleOnly() {
    d.addAgent("A1", "cpus(role1):2;mem(role1):1024");
    d.addAgent("A2", "cpus(role2):2;mem(role2):1024;cpus:1;mem:1024");
    d.addAgent("A3", "cpus(role3):1;mem(role3):1024");
    d.addFramework("F1", "role1")
        .expect(
            Map.of(
                new Place("F1", "role1", "A1"), r("cpus(role1):2;mem(role1):1024"),
                new Place("F1", "role1", "A2"), r("cpus:1;mem:1024")));
    d.addFramework("F2", "role2").expect("F2", "role2", "A2", "cpus(role2):2;mem(role2):1024");
    d.batch().expectNothing();
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.OfferAncestorReservationsToDescendantChild")
  void ancestorsReservationsAreOffered() {
    d.addFramework("F", "a/b/c");
    d.addAgent("A1", "cpus(a):1;mem(a):512").expectAgents("F", "A1");
    String all = "cpus:2;mem:1024;cpus(a/b):4;mem(a/b):2048";
    d.addAgent("A2", all).expect("F", "a/b/c", "A2", all);
    d.addAgent("A3", "cpus(a/b/c/d):1;cpus(a/x):1").expectNothing();
  }

  @Test
  @Scenario({"HierarchicalAllocatorTest.RecoverResources", "A-7"})
  void whatComesBackIsOfferedInTheNextBatch() {
    d.addFramework("F", "role1").addAgent("A", "cpus(role1):1;mem(role1):200;cpus:1;mem:200");
    d.expect("F", "role1", "A", "cpus(role1):1;mem(role1):200;cpus:1;mem:200");
    Place place = new Place("F", "role1", "A");
    for (String part : List.of("cpus(role1):1;mem(role1):200", "cpus:1;mem:200")) {
      d.recover(place, r(part), Optional.empty(), false).expectNothing();
      d.batch().expect("F", "role1", "A", part);
    }
  }

  @Test
  @Scenario("D-25")
  void whatComesBackIsOfferedAtOnceIfTheOptionSaysSo() {
    AllocatorDriver prompt = new AllocatorDriver(AllocatorOptions.defaults());
    prompt.addFramework("F1", "role").addAgent("A", "cpus:2;mem:1024").expectAgents("F1", "A");
    prompt.addFramework("F2", "role").expectNothing();
    prompt.decline("F1", "A", DAY).expectAgents("F2", "A");
    prompt.recover("F2", "A").expectAgents("F2", "A");
  }

  @Test
  @Scenario("D-25")
  void refusingForZeroSecondsWaitsForTheBatch() {
    AllocatorDriver prompt = new AllocatorDriver(AllocatorOptions.defaults());
    prompt.addFramework("F1", "role").addAgent("A", "cpus:2;mem:1024").expectAgents("F1", "A");
    prompt.decline("F1", "A", Duration.ZERO).expectNothing();
    prompt.updateTotal("A", r("cpus:4;mem:1024")).expectNothing();
    prompt.addFramework("F2", "role").expectAgents("F2", "A");
    prompt.decline("F2", "A", Duration.ZERO).expectNothing();
    prompt.revive("F2").expectAgents("F2", "A");
    prompt.decline("F2", "A", Duration.ZERO).expectNothing();
    prompt.batch().expectAgents("F1", "A");
  }

  @Test
  @Scenario({"HierarchicalAllocatorTest.AddResourceProvider", "A-74"})
  void providersAddToTotalAndUse() {
    Resources one = r("cpus:1;mem:100;disk:10");
    Resources two = one.plus(one);
    d.addFramework("F1", AllocatorDriver.info("role1"), Map.of(), false, Set.of());
    d.addFramework("F2", AllocatorDriver.info("role2"), Map.of(), false, Set.of());
    d.addAgent("A1", one, Map.of());
    d.send(new AllocatorInput.AddResourceProvider("A1", two, Map.of("F1", two.allocate("role1"))));
    d.activate("F2").expect("F2", "role2", "A1", one);
    d.expectShare("role1", 2 / 3.0).expectShare("role2", 1 / 3.0);
    d.activate("F1").expectNothing();
    d.addAgent("A2", one, Map.of()).expect("F2", "role2", "A2", one);
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.AddResourceProviderOverallocated")
  void providersMayOnlyAddUse() {
    Resources one = r("cpus:1;mem:100;disk:10");
    d.addFramework("F", AllocatorDriver.info("role"), Map.of(), false, Set.of());
    d.addAgent("A", one.plus(one), Map.of());
    d.send(
        new AllocatorInput.AddResourceProvider(
            "A", Resources.EMPTY, Map.of("F", one.allocate("role"))));
    d.activate("F").expect("F", "role", "A", one);
  }

  @Test
  @Scenario({
    "HierarchicalAllocatorTest.UpdateSlaveOversubscribedResources",
    "HierarchicalAllocatorTest.RecoverOversubscribedResources"
  })
  void revocableResourcesComeAndGo() {
    Resources total = r("cpus:100;mem:100;disk:100");
    d.addFramework("F", capable("role1", Capability.Type.REVOCABLE_RESOURCES));
    d.addAgent("A", total, Map.of()).expect("F", "role1", "A", total);
    d.updateTotal("A", total.plus(revocable(10))).expect("F", "role1", "A", revocable(10));
    d.updateTotal("A", total.plus(revocable(12))).expect("F", "role1", "A", revocable(2));
    d.updateTotal("A", total.plus(revocable(5))).expectNothing();
    d.updateTotal("A", total.plus(revocable(12))).expectNothing();

    Resources back = revocable(6).plus(r("cpus:2"));
    d.recover(new Place("F", "role1", "A"), back, Optional.empty(), false);
    d.batch().expect("F", "role1", "A", back);
  }

  private static Resources revocable(double cpus) {
    return Volumes.revocable(Resources.parse("cpus:" + cpus));
  }

  @Test
  @Scenario({"HierarchicalAllocatorTest.OversubscribedNotAllocated", "A-62"})
  void revocableOnlyForThoseWhoCanTakeIt() {
    Resources total = r("cpus:100;mem:100;disk:100");
    d.addFramework("F", "role1").addAgent("A", total, Map.of()).expectAgents("F", "A");
    d.updateTotal("A", total.plus(revocable(10))).expectNothing();
    d.batch().expectNothing();
  }

  @Test
  @Scenario({"HierarchicalAllocatorTest.UpdateSlaveTotalResources", "A-72"})
  void totalMayShrinkBelowWhatIsHeld() {
    Resources total = r("cpus:100;mem:100;disk:100");
    Resources half = r("cpus:50;mem:50;disk:50");
    d.addFramework("F", "role1").addAgent("A", total, Map.of()).expect("F", "role1", "A", total);
    d.updateTotal("A", total.plus(r("cpus:12"))).expect("F", "role1", "A", "cpus:12");
    d.updateTotal("A", half).expectNothing();
    d.recover("F", "A").batch().expect("F", "role1", "A", half);
    d.updateTotal("A", total).expect("F", "role1", "A", half);
  }

  @Test
  @Scenario({
    "HierarchicalAllocatorTest.UpdateSlaveCapabilities",
    "HierarchicalAllocatorTest.DontOfferOldAgentToMultiRoleFramework",
    "A-63"
  })
  void oldAgentsAreHiddenUntilTheyLearn() {
    AgentInfo info = AllocatorDriver.agentInfo("A").build();
    d.addFramework("F", "role1").addFramework("N", "a/b");
    d.addAgent(info, List.of(), r("cpus:1;mem:64"), Map.of()).batch().expectNothing();
    FrameworkInfo.Builder old =
        FrameworkInfo.newBuilder().setUser("u").setName("n").addRoles("ignored");
    d.addFramework("OLD", old).expect("OLD", "*", "A", "cpus:1;mem:64");
    d.recover("OLD", "A").removeFramework("OLD").batch().expectNothing();
    d.send(
            new AllocatorInput.UpdateAgent(
                "A",
                info,
                Optional.empty(),
                Optional.of(AllocatorDriver.allCapabilities().subList(1, 2))))
        .expectAgents("F", "A");
    d.removeFramework("F").batch().expectNothing();
    d.send(
            new AllocatorInput.UpdateAgent(
                "A", info, Optional.empty(), Optional.of(AllocatorDriver.allCapabilities())))
        .expectAgents("N", "A");
  }

  @Test
  @Scenario({"HierarchicalAllocatorTest.UpdateAllocation", "A-73"})
  void operationsChangeWhatIsHeldAndTheTotal() {
    Resources total = r("cpus:100;mem:100;disk:100");
    Resources volume = Resources.of(Volumes.persistent("*", "ID", 5));
    d.addFramework("F", "role1").addAgent("A", total, Map.of()).expectAgents("F", "A");
    d.convert("F", "role1", "A", r("disk:5"), volume).expectNothing();
    Resources after = r("cpus:100;mem:100;disk:95").plus(volume);
    assertEquals(after, d.held("F", "role1", "A"));
    d.recover("F", "A").batch().expect("F", "role1", "A", after).expectWarnings(0);
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.UpdateAllocationRemoveResources")
  void conversionsMayRemoveResources() {
    d.addFramework("F", "role1").addAgent("A", "cpus:100;mem:100;disk:100").expectAgents("F", "A");
    d.convert("F", "role1", "A", r("disk:100"), Resources.EMPTY);
    d.recover("F", "A").batch().expect("F", "role1", "A", "cpus:100;mem:100");
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.UpdateAllocationSharedPersistentVolume")
  void sharedVolumesComeAndGo() {
    Resources total = r("cpus:100;mem:100;disk(role1):100");
    Resources volume = Resources.of(Volumes.shared("role1", "id1", 5));
    d.addFramework("F", capable("role1", Capability.Type.SHARED_RESOURCES));
    d.addAgent("A", total, Map.of()).expect("F", "role1", "A", total);
    d.convert("F", "role1", "A", r("disk(role1):5"), volume);
    d.recover("F", "A").batch();
    d.expect("F", "role1", "A", total.minus(r("disk(role1):5")).plus(volume));
    d.convert("F", "role1", "A", volume, r("disk(role1):5"));
    d.recover("F", "A").batch().expect("F", "role1", "A", total).expectWarnings(0);
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.SharedResourcesCapability")
  void sharedVolumesOnlyForThoseWhoCanTakeThem() {
    Resources total = r("cpus:100;mem:100;disk(role1):100");
    Resources volume = Resources.of(Volumes.shared("role1", "id1", 5));
    Resources rest = total.minus(r("disk(role1):5"));
    d.addFramework("F1", "role1").addAgent("A", total, Map.of()).expectAgents("F1", "A");
    d.convert("F1", "role1", "A", r("disk(role1):5"), volume);
    d.recover("F1", "A").batch().expect("F1", "role1", "A", rest);
    d.recover("F1", "A");
    d.addFramework("F2", capable("role1", Capability.Type.SHARED_RESOURCES)).batch();
    d.expect("F2", "role1", "A", rest.plus(volume));
  }

  @Test
  @Scenario({"HierarchicalAllocatorTest.AllocateSharedResources", "A-65"})
  void sharedVolumesAreOfferedWhileInUse() {
    Resources total = r("cpus:4;mem:1024;disk(role1):2048");
    Resources volume = Resources.of(Volumes.shared("role1", "id1", 5));
    d.addFramework("F1", capable("role1", Capability.Type.SHARED_RESOURCES));
    d.addFramework("F2", capable("role1", Capability.Type.SHARED_RESOURCES));
    d.addAgent("A", total, Map.of()).expect("F1", "role1", "A", total);
    d.convert("F1", "role1", "A", r("disk(role1):5"), volume);
    Resources task = r("cpus:1;mem:5").plus(volume);
    Resources rest = d.held("F1", "role1", "A").minus(task);
    d.recover(new Place("F1", "role1", "A"), rest, Optional.empty(), false);
    d.batch().expect("F2", "role1", "A", rest.plus(volume)).expectWarnings(0);
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.FrameworkLoopMESOS_9554")
  void whoCannotTakeAnythingDoesNotBlockHisRole() {
    d.addFramework("F1", "parent/child");
    d.addAgent("A1", "cpus:1;mem:1;disk:1").expectAgents("F1", "A1");
    FrameworkInfo.Builder info =
        FrameworkInfo.newBuilder().setUser("u").setName("n").addRoles("parent/child");
    d.addFramework("F2", AllocatorDriver.with(info, Capability.Type.MULTI_ROLE));
    Resources refined = Volumes.reserved(r("cpus:1;mem:1;disk:1"), "parent", "parent/child");
    d.addAgent("A2", refined, Map.of()).expect("F1", "parent/child", "A2", refined);
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.NonScalarReservationTrackingMESOS_9555")
  void reservedPortsLeaveNothingBehind() {
    d.addFramework("F", "role").addAgent("A1", "cpus:1;mem:1;disk:1;ports(role):[1-2]");
    d.addAgent("A2", "cpus:1;mem:1;disk:1;ports(role):[1-2]");
    d.removeAgent("A1").removeAgent("A2").removeFramework("F");
    assertEquals(0, d.allocator.books().roles().size());
    assertTrue(d.allocator.books().totals().sum().isZero());
  }

  @Test
  @Scenario("A-60")
  void agentsWithGpusAreForThoseWhoWantThem() {
    Resources gpu = r("gpus:1");
    d.addFramework("F", "role");
    d.addAgent("A", r("cpus:1;mem:64").plus(gpu), Map.of("G", gpu.allocate("other")));
    d.batch().expectNothing();
    d.addFramework("G", capable("other", Capability.Type.GPU_RESOURCES)).expectAgents("G", "A");

    AllocatorDriver open =
        new AllocatorDriver(AllocatorDriver.scenarioOptions().withFilterGpuResources(false));
    open.addFramework("F", "role").addAgent("A", "cpus:1;gpus:1").expectAgents("F", "A");
  }

  @Test
  @Scenario("A-61")
  void agentsElsewhereAreForThoseWhoKnowRegions() {
    AllocatorDriver home =
        new AllocatorDriver(AllocatorDriver.scenarioOptions().withRegion("home"));
    home.addFramework("F", "role").addAgent("LOCAL", "cpus:1").expectAgents("F", "LOCAL");
    home.addAgent(in("home", "NEAR"), AllocatorDriver.allCapabilities(), r("cpus:1"), Map.of())
        .expectAgents("F", "NEAR");
    home.addAgent(in("away", "FAR"), AllocatorDriver.allCapabilities(), r("cpus:1"), Map.of())
        .expectNothing();
    home.addFramework("AWARE", capable("x", Capability.Type.REGION_AWARE))
        .expectAgents("AWARE", "FAR");
  }

  private static AgentInfo in(String region, String id) {
    AgentInfo.Builder info = AllocatorDriver.agentInfo(id);
    info.getDomainBuilder().getFaultDomainBuilder().getRegionBuilder().setName(region);
    info.getDomainBuilder().getFaultDomainBuilder().getZoneBuilder().setName("zone");
    return info.build();
  }

  @Test
  @Scenario("A-67")
  void deactivatedAgentsAreNotOffered() {
    d.addAgent("A", "cpus:1").send(new AllocatorInput.DeactivateAgent("A"));
    d.addFramework("F", "role").batch().expectNothing();
    d.send(new AllocatorInput.ActivateAgent("A")).batch().expectAgents("F", "A");
  }

  @Test
  @Scenario("A-68")
  void oneFrameworkMayGetAnAgentInPartsForItsRoles() {
    d.addFramework("F", "role1", "role2");
    d.addAgent("A", "cpus(role1):1;mem(role2):64")
        .expectCallbacks(1)
        .expect(
            Map.of(
                new Place("F", "role1", "A"), r("cpus(role1):1"),
                new Place("F", "role2", "A"), r("mem(role2):64")));
  }

  @Test
  void addingTwiceIsAnError() {
    d.addAgent("A", "cpus:1").addFramework("F", "role");
    assertThrows(IllegalStateException.class, () -> d.addAgent("A", "cpus:1"));
    assertThrows(IllegalStateException.class, () -> d.addFramework("F", "role"));
  }
}
