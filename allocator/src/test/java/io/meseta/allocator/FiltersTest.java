package io.meseta.allocator;

import static io.meseta.allocator.AllocatorDriver.DAY;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.meseta.allocator.AllocatorDriver.Place;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.AgentInfo;
import io.meseta.schema.v1.Attribute;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.OfferFilters.MinAllocatableResources;
import io.meseta.schema.v1.Value;
import io.meseta.testing.Scenario;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiltersTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final AllocatorDriver d = new AllocatorDriver();

  @Test
  @Scenario({
    "HierarchicalAllocatorTest.OfferFilter",
    "HierarchicalAllocatorTest.ActiveOfferFiltersMetrics"
  })
  void declinedResourcesStayAwayForAWhile() {
    d.addFramework("F", "role").addAgent("A", "cpus:1;mem:512").expectAgents("F", "A");
    d.decline("F", "A", SECOND.multipliedBy(2)).expectFilters("role", 1);
    d.batch().expectNothing();
    d.batch().expectAgents("F", "A").expectFilters("role", 0);
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.ActiveOfferFiltersMetrics")
  void filtersAreCountedPerRole() {
    d.addAgent("A", "cpus:2;mem:1024");
    d.addFramework("F1", "roleA").decline("F1", "A", SECOND.multipliedBy(100));
    d.expectFilters("roleA", 1);
    d.addFramework("F2", "roleB").decline("F2", "A", SECOND.multipliedBy(100));
    d.expectFilters("roleB", 1);
    d.addFramework("F3", "roleA").decline("F3", "A", SECOND.multipliedBy(100));
    d.expectFilters("roleA", 2);
    d.removeFramework("F3").expectFilters("roleA", 1);
    d.removeAgent("A").expectFilters("roleA", 0).expectFilters("roleB", 0);
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.SmallOfferFilterTimeout")
  void aShortFilterLastsForOneBatch() {
    Duration minute = Duration.ofMinutes(1);
    AllocatorDriver slow =
        new AllocatorDriver(AllocatorDriver.scenarioOptions().withAllocationInterval(minute));
    Resources agent = Resources.parse("cpus:1;mem:512");
    slow.addFramework("F1", "role").addFramework("F2", "role");
    slow.addAgent("A1", agent, Map.of("F1", agent.allocate("role"))).expectNothing();
    slow.addAgent("A2", "cpus:1;mem:512").expectAgents("F2", "A2");

    slow.decline("F2", "A2", SECOND);
    slow.advance(SECOND).expectNothing();
    slow.advance(minute.minus(SECOND)).expectAgents("F1", "A2");

    slow.recover("F1", "A2");
    slow.batch().expectAgents("F2", "A2");
  }

  @ParameterizedTest
  @CsvSource({"-1, 5", "1000000000000, 31536000", "86400, 86400"})
  @Scenario({"A-40", "O-30"})
  void refusalsAreClamped(long seconds, long expected) {
    assertEquals(
        Optional.of(Duration.ofSeconds(expected)), OfferFilters.clamp(Duration.ofSeconds(seconds)));
    assertEquals(Optional.empty(), OfferFilters.clamp(Duration.ZERO));
  }

  @Test
  @Scenario({"A-40", "O-30"})
  void refusingForZeroSecondsIsNoFilter() {
    d.addFramework("F", "role").addAgent("A", "cpus:1;mem:512").expectAgents("F", "A");
    d.decline("F", "A", Duration.ZERO).expectFilters("role", 0).expectNothing();
    d.batch().expectAgents("F", "A");
  }

  @Test
  @Scenario({"A-41", "O-31"})
  void moreOfAnythingDefeatsAFilter() {
    d.addFramework("F", "role").addAgent("A", "cpus:2;mem:1024").expectAgents("F", "A");
    Place place = new Place("F", "role", "A");
    d.recover(place, Resources.parse("cpus:1;mem:512"), Optional.of(DAY), false);
    d.batch().expectNothing();
    d.recover(place, Resources.parse("mem:12"), Optional.empty(), false);
    d.batch().expect("F", "role", "A", "cpus:1;mem:524");
    d.recover(place, Resources.parse("cpus:1;mem:500"), Optional.empty(), false);
    d.batch().expectNothing();
  }

  @Test
  @Scenario({"A-41", "O-36"})
  void anyOfSeveralFiltersBlocks() {
    d.addFramework("F", "role").addAgent("A", "cpus:2;mem:1024").expectAgents("F", "A");
    Place place = new Place("F", "role", "A");
    d.recover(place, Resources.parse("cpus:2"), Optional.of(DAY), false);
    d.recover(place, Resources.parse("mem:1000"), Optional.of(DAY.multipliedBy(2)), false);
    d.expectFilters("role", 2).batch().expect("F", "role", "A", "cpus:2;mem:1000");
    d.decline("F", "A", DAY.multipliedBy(3));
    d.expectFilters("role", 1);
  }

  @Test
  void filtersOfOnePlaceAreBounded() {
    d.addFramework("F", "role").addAgent("A", "cpus:2;mem:8192;ports:[1-1000]");
    Place place = new Place("F", "role", "A");
    for (int i = 0; i <= OfferFilters.MAX_PER_PLACE; i++) {
      Resources port = Resources.parse("ports:[" + 2 * i + "-" + 2 * i + "]");
      if (i > 0) {
        d.recover(place, port, Optional.of(DAY.plus(SECOND.multipliedBy(i))), false);
      }
    }
    d.expectFilters("role", OfferFilters.MAX_PER_PLACE);
    d.recover(place, Resources.parse("mem:64"), Optional.of(DAY.multipliedBy(2)), false);
    d.expectFilters("role", OfferFilters.MAX_PER_PLACE);
    assertEquals(
        false,
        d.allocator
            .filters()
            .blocks(
                d.allocator.books().framework("F"),
                "role",
                d.allocator.books().agent("A"),
                Resources.parse("ports:[2-2]")),
        "the first to end has gone");
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.ReviveOffers")
  void reviveClearsFilters() {
    d.addFramework("F", "role").addAgent("A", "cpus:2;mem:1024").expectAgents("F", "A");
    d.decline("F", "A", Duration.ofSeconds(1000)).batch().expectNothing();
    d.revive("F").expectAgents("F", "A");
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.SuppressAndReviveOffers")
  void suppressedFrameworksGetNothing() {
    d.addFramework("F", "role").addAgent("A", "cpus:2;mem:1024").expectAgents("F", "A");
    d.revive("F").expectNothing();
    d.recover("F", "A").suppress("F").batch().expectNothing();
    d.suppress("F").batch().expectNothing();
    d.revive("F").expectAgents("F", "A");
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.SuppressAndReviveOffersWithMultiRole")
  void rolesAreSuppressedOneByOne() {
    d.addFramework("F", "role1", "role2").suppress("F", "role1");
    d.addAgent("A", "cpus:2;mem:1024").expect("F", "role2", "A", "cpus:2;mem:1024");
    d.decline("F", "A", DAY).batch().expectNothing();
    d.revive("F", "role1").expect("F", "role1", "A", "cpus:2;mem:1024");
    d.decline("F", "A", DAY).batch().expectNothing();
  }

  @Test
  @Scenario("A-46")
  void rolesThatAreNotSubscribedCannotBeSuppressed() {
    d.addFramework("F", "role1").suppress("F", "role2");
    d.addAgent("A", "cpus:2;mem:1024").expectAgents("F", "A");
    d.recover("F", "A").updateFramework("F", AllocatorDriver.info("role2")).batch();
    d.expect("F", "role2", "A", "cpus:2;mem:1024");
  }

  @Test
  @Scenario({"HierarchicalAllocatorTest.DeactivateAndReactivateFramework", "A-47"})
  void suppressionSurvivesReconnection() {
    d.addFramework("F", "role").addAgent("A", "cpus:2;mem:1024").expectAgents("F", "A");
    d.recover("F", "A").suppress("F").deactivate("F").batch().expectNothing();
    d.activate("F").batch().expectNothing();
    d.revive("F").expectAgents("F", "A");
  }

  @Test
  @Scenario({"A-43", "O-34"})
  void deactivationClearsFilters() {
    d.addFramework("F", "role").addAgent("A", "cpus:2;mem:1024").expectAgents("F", "A");
    d.decline("F", "A", DAY).deactivate("F").expectFilters("role", 0);
    d.batch().expectNothing();
    d.activate("F").expectAgents("F", "A");
  }

  @Test
  @Scenario("A-48")
  void reviveDoesNotActivate() {
    d.addFramework("F", "role").deactivate("F").revive("F");
    d.addAgent("A", "cpus:2;mem:1024").batch().expectNothing();
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.RemoveFilters")
  void changedAttributesClearFilters() {
    d.addFramework("F", "role").addAgent("A", "cpus:1;mem:512").expectAgents("F", "A");
    d.decline("F", "A", SECOND.multipliedBy(2)).batch().expectNothing();
    AgentInfo.Builder info = AllocatorDriver.agentInfo("A");
    d.updateInfo(info.addAttributes(text("foo", "bar")).build()).expectAgents("F", "A");
    d.decline("F", "A", DAY).updateInfo(info.setPort(1).build()).expectNothing();
  }

  private static Attribute text(String name, String value) {
    return Attribute.newBuilder()
        .setName(name)
        .setType(Value.Type.TEXT)
        .setText(Value.Text.newBuilder().setValue(value))
        .build();
  }

  @Test
  @Scenario({"HierarchicalAllocatorTest.Whitelist", "A-8"})
  void onlyListedHostsAreOffered() {
    d.send(new AllocatorInput.UpdateWhitelist(Optional.of(Set.of("dummy-agent"))));
    d.addAgent("A", "cpus:2;mem:1024").addFramework("F", "*").batch().expectNothing();
    d.send(new AllocatorInput.UpdateWhitelist(Optional.of(Set.of("dummy-agent", "A"))));
    d.expectNothing().batch().expectAgents("F", "A");
    d.recover("F", "A");
    d.send(new AllocatorInput.UpdateWhitelist(Optional.of(Set.of()))).batch().expectNothing();
    d.send(new AllocatorInput.UpdateWhitelist(Optional.empty())).batch().expectAgents("F", "A");
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.Allocatable")
  void tinyRestsAreNotOffered() {
    d.addFramework("F", "role1");
    d.addAgent("A1", "cpus:0.005;mem:16;disk:128").expectNothing();
    d.addAgent("A2", "cpus:0.01;mem:16").expectAgents("F", "A2");
    d.addAgent("A3", "cpus:0.005;mem:32").expectAgents("F", "A3");
    String sum = "cpus:0.005;mem:16;cpus(role1):0.005;mem(role1):16";
    d.addAgent("A4", sum).expect("F", "role1", "A4", sum);
  }

  @Test
  @Scenario("A-30")
  void oneSetOfSeveralSuffices() {
    AllocatorDriver sets =
        new AllocatorDriver(
            AllocatorDriver.scenarioOptions()
                .withMinAllocatable(
                    AllocatorOptions.parseMinAllocatable(
                        "cpus:1;mem:100|disk:100|cpus:1;ports:10")));
    sets.addFramework("F", "role");
    sets.addAgent("A1", "cpus:1;mem:10;disk:10;ports:[1-5]").expectNothing();
    sets.addAgent("A2", "cpus:0.5;mem:100;disk:10;ports:[6-10]").expectNothing();
    sets.addAgent("A3", "cpus:0.5;mem:10;disk:50;ports:[16-20]").expectNothing();
    sets.addAgent("A4", "cpus:1;mem:100;ports:[1-5]").expectAgents("F", "A4");
    sets.addAgent("A5", "cpus:0.5;mem:10;disk:100;ports:[1-5]").expectAgents("F", "A5");
    sets.addAgent("A6", "cpus:1;mem:10;disk:10;ports:[1-10]").expectAgents("F", "A6");
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.FrameworkMinAllocatable")
  void frameworksMayWantLess() {
    FrameworkInfo.Builder info = AllocatorDriver.info("role1");
    d.addFramework("F", info).addAgent("A", "cpus:0.005;mem:16;disk:128").expectNothing();
    MinAllocatableResources.Builder min = MinAllocatableResources.newBuilder();
    min.addQuantitiesBuilder()
        .putQuantities("cpus", Value.Scalar.newBuilder().setValue(0.00333).build());
    setMin(info, "role1", min);
    d.updateFramework("F", info).expectNothing();
    d.batch().expectAgents("F", "A");
  }

  @Test
  @Scenario("HierarchicalAllocatorTest.FrameworkEmptyMinAllocatable")
  void frameworksMayWantAnything() {
    FrameworkInfo.Builder info = AllocatorDriver.info("role1");
    setMin(info, "role1", MinAllocatableResources.newBuilder());
    d.addFramework("F", info).addAgent("A", "cpus:0.005;mem:16").expectAgents("F", "A");
  }

  private static void setMin(
      FrameworkInfo.Builder info, String role, MinAllocatableResources.Builder min) {
    info.putOfferFilters(
        role,
        io.meseta.schema.v1.OfferFilters.newBuilder().setMinAllocatableResources(min).build());
  }
}
