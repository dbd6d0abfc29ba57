package io.meseta.master.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.allocator.AllocatorEffect;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.Attribute;
import io.meseta.schema.v1.DomainInfo;
import io.meseta.schema.v1.Filters;
import io.meseta.schema.v1.FrameworkInfo.Capability;
import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.OfferID;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.Value;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.schema.v1.scheduler.Event;
import io.meseta.testing.Scenario;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OffersTest {
  private final MasterFixture fixture = new MasterFixture();

  @Test
  @Scenario("O-1")
  void anOfferSaysWhereAndWhat() {
    TestAgent.Setup setup = fixture.agent().hostname("h1").port(5052);
    setup
        .info()
        .addAttributes(
            Attribute.newBuilder()
                .setName("rack")
                .setType(Value.Type.TEXT)
                .setText(Value.Text.newBuilder().setValue("a")));
    TestAgent agent = setup.register();
    TestFramework framework = fixture.framework().subscribe();

    Offer offer = fixture.offer(framework, agent, "cpus:2;mem:100");

    assertEquals("master-O0", offer.getId().getValue());
    assertEquals(framework.id(), offer.getFrameworkId().getValue());
    assertEquals("master-S0", offer.getAgentId().getValue());
    assertEquals("h1", offer.getHostname());
    assertEquals("http", offer.getUrl().getScheme());
    assertEquals("h1", offer.getUrl().getAddress().getHostname());
    assertEquals(5052, offer.getUrl().getAddress().getPort());
    assertEquals("/slave(1)", offer.getUrl().getPath());
    assertEquals("rack", offer.getAttributes(0).getName());
    assertEquals("r1", offer.getAllocationInfo().getRole());
    assertEquals("master-O1", fixture.offer(framework, agent, "cpus:1").getId().getValue());
    assertEquals(2, fixture.gauge("outstanding_offers"));
  }

  @Test
  @Scenario({"O-2", "MasterTest.MultiRoleFrameworkReceivesOffers"})
  void oneOfferForEachRoleInOneEvent() {
    TestAgent agent = fixture.agent().register();
    TestFramework framework = fixture.framework().roles("a", "b").subscribe();
    Resources cpu = Resources.parse("cpus:1");

    fixture.input(
        new MasterInput.Allocated(
            new AllocatorEffect.Offers(
                framework.id(),
                new HashMap<>(
                    Map.of(
                        "a", Map.of(agent.id(), cpu.allocate("a")),
                        "b", Map.of(agent.id(), cpu.allocate("b")))))));

    assertEquals(1, framework.events(Event.Type.OFFERS).size());
    assertEquals(
        List.of("a", "b"),
        framework.offers().stream().map(o -> o.getAllocationInfo().getRole()).sorted().toList());
  }

  @Test
  @Scenario("O-3")
  void anOldFrameworkSeesOldResources() {
    TestAgent agent = fixture.agent().resources("cpus(r1):4;mem:100").register();
    TestFramework framework = fixture.framework().old().subscribe();

    Offer offer = fixture.allocate(framework, agent, "*", "cpus(r1):1;mem:10").orElseThrow();

    assertFalse(offer.hasAllocationInfo());
    for (Resource resource : offer.getResourcesList()) {
      assertFalse(resource.hasAllocationInfo());
      assertEquals(0, resource.getReservationsCount());
    }
    assertEquals("r1", oldRole(offer, "cpus"));
    assertEquals("*", oldRole(offer, "mem"));
  }

  @SuppressWarnings("deprecation") // the old format is what is tested
  private static String oldRole(Offer offer, String name) {
    Resource resource =
        offer.getResourcesList().stream()
            .filter(r -> r.getName().equals(name))
            .findFirst()
            .orElseThrow();
    assertTrue(resource.hasRole());
    return resource.getRole();
  }

  @Test
  @Scenario("O-3")
  void aFrameworkWithRefinementSeesStacks() {
    TestAgent agent = fixture.agent().resources("cpus(r1):4").register();
    TestFramework framework =
        fixture.framework().without(Capability.Type.PARTITION_AWARE).subscribe();

    Resource cpus = fixture.offer(framework, agent, "cpus(r1):1").getResources(0);

    assertEquals("r1", cpus.getReservations(0).getRole());
    assertEquals("r1", cpus.getAllocationInfo().getRole());
  }

  @Test
  @Scenario("O-4")
  void ephemeralPortsAreNotShown() {
    TestAgent agent = fixture.agent().resources("cpus:4;ephemeral_ports:[1000-2000]").register();
    TestFramework framework = fixture.framework().subscribe();

    Offer offer = fixture.offer(framework, agent, "cpus:1;ephemeral_ports:[1000-2000]");

    assertEquals(
        List.of("cpus"), offer.getResourcesList().stream().map(Resource::getName).toList());
    framework.decline(offer, 0);
    assertTrue(
        fixture.lastRecovered().resources().names().contains("ephemeral_ports"),
        "they go back all the same");
  }

  @Test
  @Scenario("O-5")
  void nothingIsOfferedToOrOfSomebodyWhoHasGone() {
    TestAgent agent = fixture.agent().register();
    TestFramework framework = fixture.framework().subscribe();
    framework.close();

    assertEquals(Optional.empty(), fixture.allocate(framework, agent, "r1", "cpus:1"));
    assertEquals("cpus(allocated: r1):1", fixture.lastRecovered().resources().toString());

    TestFramework back = framework.subscribeAgain();
    agent.breakLink();
    assertEquals(Optional.empty(), fixture.allocate(back, agent, "r1", "cpus:2"));
    assertEquals("cpus(allocated: r1):2", fixture.lastRecovered().resources().toString());
    assertEquals(Optional.empty(), fixture.lastRecovered().refuse());
  }

  @Test
  @Scenario("O-5")
  void theAllocatorIsNotToldOfWhatItHasDropped() {
    TestAgent agent = fixture.agent().register();
    TestFramework framework = fixture.framework().subscribe();
    agent.unregister();
    int before = fixture.toAllocator.size();

    fixture.allocate(framework, agent, "r1", "cpus:1");

    assertEquals(before, fixture.toAllocator.size());
    assertTrue(framework.offers().isEmpty());
  }

  @Test
  @Scenario({"O-7", "MasterTest.OfferTimeout"})
  void anOfferExpires() {
    MasterFixture hasty = new MasterFixture(o -> o.offerTimeout(Duration.ofSeconds(30)));
    TestAgent agent = hasty.agent().register();
    TestFramework framework = hasty.framework().subscribe();
    Offer offer = hasty.offer(framework, agent, "cpus:1");

    keepAlive(hasty, agent, 30);

    assertEquals(List.of(offer.getId().getValue()), framework.rescinded());
    assertEquals(Optional.empty(), hasty.lastRecovered().refuse());
    assertTrue(hasty.master.books().offers.isEmpty());
  }

  @Test
  @Scenario({
    "O-7",
    "MasterTest.OfferNotRescindedOnceUsed",
    "MasterTest.OfferNotRescindedOnceDeclined"
  })
  void anOfferThatWasUsedOrDeclinedDoesNotExpire() {
    MasterFixture hasty = new MasterFixture(o -> o.offerTimeout(Duration.ofSeconds(30)));
    TestAgent agent = hasty.agent().register();
    TestFramework framework = hasty.framework().subscribe();
    framework.launch(
        hasty.offer(framework, agent, "cpus:1;mem:64"), Tasks.task("t", agent).build());
    framework.decline(hasty.offer(framework, agent, "cpus:1"), 5);

    keepAlive(hasty, agent, 60);

    assertTrue(framework.rescinded().isEmpty());
  }

  private static void keepAlive(MasterFixture fixture, TestAgent agent, int seconds) {
    for (int i = 0; i < seconds; i++) {
      fixture.advance(Duration.ofSeconds(1));
      agent.pong();
    }
  }

  @Test
  @Scenario("O-30")
  void refuseTimesAreKeptInBounds() {
    assertEquals(Duration.ofSeconds(5), RefuseTime.of(Filters.getDefaultInstance()));
    assertEquals(Duration.ofSeconds(5), refuse(-1));
    assertEquals(Duration.ofSeconds(5), refuse(Double.NaN));
    assertEquals(Duration.ofDays(365), refuse(1e300));
    assertEquals(Duration.ofDays(365), refuse(Double.POSITIVE_INFINITY));
    assertEquals(Duration.ofMillis(100), refuse(0.1));
    assertEquals(Duration.ZERO, refuse(0));
  }

  private static Duration refuse(double seconds) {
    return RefuseTime.of(Filters.newBuilder().setRefuseSeconds(seconds).build());
  }

  @Test
  @Scenario({"O-33", "SchedulerTest.Decline"})
  void aDeclinedOfferGoesBackWithItsFilter() {
    TestAgent agent = fixture.agent().register();
    TestFramework framework = fixture.framework().subscribe();
    Offer offer = fixture.offer(framework, agent, "cpus:1");

    assertEquals(202, framework.decline(offer, 60).status());

    assertEquals(Optional.of(Duration.ofSeconds(60)), fixture.lastRecovered().refuse());
    assertFalse(fixture.lastRecovered().allocated());
    assertEquals(1, fixture.count("messages_decline_offers"));
  }

  @Test
  @Scenario("D-25")
  void aDeclineWithoutTimeIsStillADecline() {
    TestAgent agent = fixture.agent().register();
    TestFramework framework = fixture.framework().subscribe();

    framework.decline(fixture.offer(framework, agent, "cpus:1"), 0);

    assertEquals(Optional.of(Duration.ZERO), fixture.lastRecovered().refuse());
  }

  @Test
  @Scenario("Foreign-framework DECLINE")
  void nobodyDeclinesAnothersOffer() {
    TestAgent agent = fixture.agent().register();
    TestFramework owner = fixture.framework().subscribe();
    TestFramework thief = fixture.framework().subscribe();
    Offer offer = fixture.offer(owner, agent, "cpus:1");

    thief.decline(offer, 60);
    thief.decline(OfferID.newBuilder().setValue("nonsense").build(), Filters.getDefaultInstance());

    assertTrue(fixture.master.books().offer(offer.getId().getValue()).isPresent());
  }

  @Test
  @Scenario({"SchedulerTest.Revive", "SchedulerTest.Suppress"})
  void reviveAndSuppressGoToTheAllocatorUnlessARoleIsForeign() {
    TestFramework framework = fixture.framework().roles("a", "b").subscribe();
    int before = fixture.toAllocator.size();

    framework.call(Call.Type.REVIVE);
    framework.call(Call.Type.SUPPRESS);
    assertEquals(before + 2, fixture.toAllocator.size());

    framework.call(
        Call.newBuilder()
            .setType(Call.Type.REVIVE)
            .setRevive(Call.Revive.newBuilder().addRoles("a").addRoles("zz")));
    assertEquals(before + 2, fixture.toAllocator.size(), "the entire call is dropped");
  }

  @Test
  @Scenario({"O-5", "F-3"})
  void nothingIsOfferedThatIsNotThereOrForADroppedRole() {
    TestAgent agent = fixture.agent().resources("cpus:4").register();
    TestFramework framework = fixture.framework().subscribe();
    fixture.offer(framework, agent, "cpus:3");

    assertEquals(Optional.empty(), fixture.allocate(framework, agent, "r1", "cpus:2"));
    assertEquals("cpus(allocated: r1):2", fixture.lastRecovered().resources().toString());
    assertEquals(Optional.empty(), fixture.allocate(framework, agent, "r2", "cpus:1"));
    assertEquals("cpus(allocated: r2):1", fixture.lastRecovered().resources().toString());
  }

  @Test
  @Scenario("MasterTest.AgentDomainMismatch")
  void anAgentWithADomainNeedsAMasterWithOne() {
    DomainInfo domain =
        DomainInfo.newBuilder()
            .setFaultDomain(
                DomainInfo.FaultDomain.newBuilder()
                    .setRegion(DomainInfo.FaultDomain.RegionInfo.newBuilder().setName("r"))
                    .setZone(DomainInfo.FaultDomain.ZoneInfo.newBuilder().setName("z")))
            .build();
    TestAgent.Setup setup = fixture.agent();
    setup.info().setDomain(domain);

    TestAgent agent = setup.register();

    assertEquals(List.of(agent.session), fixture.closedLinks, "this master has no domain");
  }
}
