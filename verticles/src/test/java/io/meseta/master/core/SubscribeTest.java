package io.meseta.master.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.allocator.AllocatorInput;
import io.meseta.kernel.Authorizer;
import io.meseta.kernel.Principal;
import io.meseta.log.registry.RegistryState;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.internal.v1.RegisteredFramework;
import io.meseta.schema.internal.v1.RegistrySnapshot;
import io.meseta.schema.internal.v1.RemovedFramework;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.scheduler.Event;
import io.meseta.testing.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SubscribeTest {
  private final MasterFixture fixture = new MasterFixture();

  @Test
  @Scenario({"C-12", "E-1", "T-35", "SchedulerTest.Subscribe"})
  void aNewFrameworkGetsAnIdAndAHeartbeatAtOnce() {
    TestFramework framework = fixture.framework().subscribe();

    assertEquals(
        List.of(Event.Type.SUBSCRIBED, Event.Type.HEARTBEAT),
        framework.events().stream().map(Event::getType).toList());
    Event.Subscribed subscribed = framework.events().getFirst().getSubscribed();
    assertEquals("master-0000", subscribed.getFrameworkId().getValue());
    assertEquals(15.0, subscribed.getHeartbeatIntervalSeconds());
    assertEquals("master", subscribed.getMasterInfo().getId());
    assertEquals("master-0001", fixture.framework().subscribe().id());
  }

  @Test
  @Scenario("C-12")
  void theAllocatorLearnsOfItWithItsSuppressedRoles() {
    TestFramework framework = fixture.framework().roles("a", "b").suppressed("b").subscribe();

    AllocatorInput.AddFramework added =
        fixture.toAllocator(AllocatorInput.AddFramework.class).getLast();
    assertEquals(framework.id(), added.frameworkId());
    assertEquals(framework.id(), added.info().getId().getValue());
    assertTrue(added.active());
    assertEquals(Set.of("b"), added.suppressedRoles());
  }

  @Test
  @Scenario("T-35")
  void heartbeatsComeEachInterval() {
    TestFramework framework = fixture.framework().subscribe();

    fixture.advance(Duration.ofSeconds(46));

    assertEquals(4, framework.events(Event.Type.HEARTBEAT).size());
  }

  @Test
  @Scenario("MasterTest.FrameworkSubscribeEmptyId")
  void anEmptyIdAsksForANewOne() {
    assertEquals("master-0000", fixture.framework().id("").subscribe().id());
  }

  @Test
  @Scenario("C-13")
  void aFrameworkMayBringItsOwnId() {
    TestFramework framework = fixture.framework().id("own").subscribe();

    assertEquals("own", framework.id());
    assertEquals("own", framework.events().getFirst().getSubscribed().getFrameworkId().getValue());
  }

  @Test
  @Scenario("C-10")
  void whoAuthenticatedIsThePrincipal() {
    TestFramework framework = fixture.framework().as(Principal.named("alice")).subscribe();

    assertEquals(
        "alice", fixture.master.books().frameworks.get(framework.id()).info().getPrincipal());
  }

  @Test
  @Scenario({"C-11", "SchedulerHttpApiTest.RejectFrameworkWithInvalidRole", "T-38"})
  void aRefusalIsAnErrorAndTheEndOfTheStream() {
    TestFramework framework = fixture.framework().roles("/test/test1").subscribe();

    assertEquals(
        "'FrameworkInfo.roles' contains invalid role: Role '/test/test1' cannot start with a slash",
        framework.error().orElseThrow());
    assertEquals(1, framework.events().size());
    assertTrue(framework.isClosed());
    assertTrue(fixture.toAllocator(AllocatorInput.AddFramework.class).isEmpty());
  }

  @Test
  @Scenario({"V-8", "MasterTest.RejectFrameworkWithInvalidFailoverTimeout"})
  void failoverTimesThatMeanNothingAreRefused() {
    assertEquals("The framework failover_timeout (1e+17) is invalid", refusalOf(1e17));
    assertEquals("The framework failover_timeout (-1) is invalid", refusalOf(-1));
    assertEquals("The framework failover_timeout (nan) is invalid", refusalOf(Double.NaN));
    assertEquals(
        "The framework failover_timeout (9.22337e+09) is invalid", refusalOf(9223372037.0));
    assertTrue(fixture.framework().failoverTimeout(9223372036.0).subscribe().error().isEmpty());
  }

  private String refusalOf(double failoverTimeout) {
    return fixture.framework().failoverTimeout(failoverTimeout).subscribe().error().orElseThrow();
  }

  @Test
  @Scenario({"V-5", "FrameworkInfoValidationTest.MultiRoleWhitelist"})
  void rolesMustBeInTheWhitelist() {
    MasterFixture strict = new MasterFixture(options -> options.roles(Set.of("r1")));

    assertTrue(strict.framework().roles("r1", "*").subscribe().error().isEmpty());
    assertEquals(
        "Roles { r2 } are not present in master's --roles",
        strict.framework().roles("r1", "r2").subscribe().error().orElseThrow());
  }

  @Test
  @Scenario("C-11")
  void rootCanBeForbidden() {
    MasterFixture strict = new MasterFixture(options -> options.rootSubmissions(false));

    assertEquals(
        "User 'root' is not allowed to run frameworks without --root_submissions set",
        strict.framework().user("root").subscribe().error().orElseThrow());
  }

  @Test
  @Scenario("C-11")
  void everyRoleMustBeAllowed() {
    Authorizer onlyR1 =
        (principal, action, object) ->
            action != Authorizer.Action.REGISTER_FRAMEWORK
                || object.value().orElse("").equals("r1");
    MasterFixture guarded = new MasterFixture(o -> o, onlyR1, RegistryState.EMPTY);

    assertTrue(guarded.framework().roles("r1").subscribe().error().isEmpty());
    assertEquals(
        "Not authorized to register framework  with roles { r1, r2 }",
        guarded.framework().roles("r1", "r2").subscribe().error().orElseThrow());
  }

  @Test
  @Scenario({"F-24", "SchedulerTest.SchedulerFailover", "SchedulerHttpApiTest.SubscribedOnRetry"})
  void theNewInstanceWins() {
    TestAgent agent = fixture.agent().register();
    TestFramework old = fixture.framework().subscribe();
    fixture.offer(old, agent, "cpus:1");

    TestFramework next = old.subscribeAgain();

    assertEquals("Framework failed over", old.error().orElseThrow());
    assertTrue(old.isClosed());
    assertTrue(old.rescinded().isEmpty(), "offers are withdrawn silently");
    assertEquals(old.id(), next.id());
    assertEquals(
        List.of(Event.Type.SUBSCRIBED, Event.Type.HEARTBEAT),
        next.events().stream().map(Event::getType).toList());
    assertEquals(400, old.kill("x").status());
    assertEquals(202, next.reconcile().status());
    assertEquals("cpus(allocated: r1):1", fixture.lastRecovered().resources().toString());
    assertFalse(fixture.lastRecovered().allocated());
    assertTrue(
        fixture.toAllocator(AllocatorInput.DeactivateFramework.class).isEmpty(),
        "a framework that stays connected keeps its filters");
  }

  @Test
  @Scenario("F-20")
  void theEndOfAnOldStreamMeansNothing() {
    TestFramework old = fixture.framework().subscribe();
    TestFramework next = old.subscribeAgain();

    old.close();

    assertEquals(202, next.reconcile().status());
  }

  @Test
  @Scenario({"F-24", "F-3", "MasterTest.MultiRoleSchedulerUnsubscribeFromRole"})
  void offersForADroppedRoleAreRescindedOnTheOldStream() {
    TestAgent agent = fixture.agent().register();
    TestFramework old = fixture.framework().roles("a", "b").subscribe();
    fixture.allocate(old, agent, "a", "cpus:1");
    String dropped = fixture.allocate(old, agent, "b", "cpus:1").orElseThrow().getId().getValue();

    fixture.framework().roles("a").id(old.id()).subscribe();

    assertEquals(List.of(dropped), old.rescinded());
    assertEquals(Event.Type.ERROR, old.events().getLast().getType());
    assertTrue(fixture.master.books().offers.isEmpty());
  }

  @Test
  @Scenario({"5.1", "FaultToleranceTest.ChangePrincipalOnReRegistrationFails"})
  void thePrincipalCannotChange() {
    TestFramework old = fixture.framework().principal("alice").subscribe();

    TestFramework other = fixture.framework().principal("bob").id(old.id()).subscribe();

    assertEquals("Changing framework's principal is not allowed.", other.error().orElseThrow());
    assertTrue(other.isClosed());
    assertFalse(old.isClosed());
    assertEquals(202, old.reconcile().status());
  }

  @Test
  @Scenario({"5.1", "FaultToleranceTest.UpdateFrameworkInfoOnSchedulerFailover"})
  void userAndCheckpointStayTheRestChanges() {
    TestFramework old = fixture.framework().user("a").checkpoint(true).subscribe();

    fixture.framework().id(old.id()).user("b").checkpoint(false).name("other").subscribe();

    FrameworkInfo info = fixture.master.books().frameworks.get(old.id()).info();
    assertEquals("a", info.getUser());
    assertTrue(info.getCheckpoint());
    assertEquals("other", info.getName());
  }

  @Test
  @Scenario("C-14")
  void agentsHearOfAFrameworkThatSubscribesAgain() {
    TestAgent agent = fixture.agent().register();
    TestFramework old = fixture.framework().subscribe();
    assertTrue(agent.received(MasterToAgent.MessageCase.UPDATE_FRAMEWORK).isEmpty());

    old.subscribeAgain();

    assertEquals(1, agent.received(MasterToAgent.MessageCase.UPDATE_FRAMEWORK).size());
  }

  @Test
  @Scenario({"F-20", "SchedulerTest.SchedulerReconnect"})
  void aDisconnectedFrameworkComesBack() {
    TestAgent agent = fixture.agent().register();
    TestFramework framework = fixture.framework().subscribe();
    fixture.offer(framework, agent, "cpus:1");

    framework.close();

    assertTrue(fixture.master.books().offers.isEmpty());
    assertEquals(1, fixture.toAllocator(AllocatorInput.DeactivateFramework.class).size());
    assertEquals(403, framework.reconcile().status());
    assertEquals("Framework is not subscribed", fixture.answers.getLast().text());

    TestFramework back = framework.subscribeAgain();

    assertEquals(1, fixture.toAllocator(AllocatorInput.ActivateFramework.class).size());
    assertTrue(back.error().isEmpty());
    fixture.advance(Duration.ofSeconds(2000));
    assertEquals(202, back.reconcile().status(), "the old failover time is forgotten");
  }

  @Test
  @Scenario({"F-21", "FaultToleranceTest.SchedulerReregisterAfterFailoverTimeout"})
  void afterTheFailoverTimeTheFrameworkIsRemoved() {
    TestFramework framework = fixture.framework().failoverTimeout(10).subscribe();
    framework.close();

    fixture.advance(Duration.ofSeconds(9));
    assertTrue(fixture.master.books().framework(framework.id()).isPresent());
    fixture.advance(Duration.ofSeconds(1));

    assertTrue(fixture.master.books().framework(framework.id()).isEmpty());
    assertEquals("Framework has been removed", framework.subscribeAgain().error().orElseThrow());
  }

  @Test
  @Scenario("F-21")
  void withoutFailoverTimeTheEndOfTheStreamIsTheEnd() {
    TestFramework framework = fixture.framework().failoverTimeout(0).subscribe();

    framework.close();
    fixture.advance(Duration.ZERO);

    assertTrue(fixture.master.books().framework(framework.id()).isEmpty());
  }

  @Test
  @Scenario("D-10")
  void aStreamThatEndedByOurFaultLeavesTime() {
    for (MasterInput.CloseCause cause :
        List.of(
            MasterInput.CloseCause.OVERFLOW,
            MasterInput.CloseCause.API_LOST,
            MasterInput.CloseCause.SHUTDOWN)) {
      TestFramework framework = fixture.framework().failoverTimeout(0).subscribe();

      framework.close(cause);

      fixture.advance(Duration.ofSeconds(29));
      assertTrue(fixture.master.books().framework(framework.id()).isPresent(), cause.name());
      fixture.advance(Duration.ofSeconds(1));
      assertTrue(fixture.master.books().framework(framework.id()).isEmpty(), cause.name());
    }
  }

  @Test
  @Scenario({"F-26", "F-27", "M-5"})
  void aFrameworkOfTheRegistryIsAwaitedAndTimedOut() {
    MasterFixture later =
        new MasterFixture(o -> o, Authorizer.PERMISSIVE, registryWith(info("f", 100)));

    assertEquals(FrameworkBook.State.RECOVERED, later.master.books().frameworks.get("f").state());
    later.advance(Duration.ofSeconds(99));
    TestFramework back = later.framework().id("f").subscribe();
    assertTrue(back.error().isEmpty());
    later.advance(Duration.ofSeconds(1000));
    assertEquals(202, back.reconcile().status());

    MasterFixture forgotten =
        new MasterFixture(o -> o, Authorizer.PERMISSIVE, registryWith(info("f", 100)));
    forgotten.advance(Duration.ofSeconds(100));
    assertTrue(forgotten.master.books().framework("f").isEmpty());
  }

  @Test
  @Scenario("F-31")
  void tombstonesOutliveTheMaster() {
    RegistryState registry =
        RegistryState.of(
            RegistrySnapshot.newBuilder()
                .addRemovedFrameworks(RemovedFramework.newBuilder().setInfo(info("f", 1)))
                .build());
    MasterFixture later = new MasterFixture(o -> o, Authorizer.PERMISSIVE, registry);

    assertEquals(
        "Framework has been removed", later.framework().id("f").subscribe().error().orElseThrow());
  }

  @Test
  @Scenario({"F-27", "D-11"})
  void theRegistryHearsOfSubscriptionDisconnectionAndRemoval() {
    TestFramework framework = fixture.framework().failoverTimeout(10).subscribe();
    assertEquals(
        framework.id(),
        fixture.written.getLast().getUpdateFramework().getFramework().getId().getValue());

    framework.close();
    assertEquals(
        fixture.nowNanos(),
        fixture.written.getLast().getDisconnectFramework().getSince().getNanoseconds());

    fixture.advance(Duration.ofSeconds(10));
    assertEquals(
        framework.id(), fixture.written.getLast().getRemoveFramework().getFrameworkId().getValue());
  }

  private static RegistryState registryWith(FrameworkInfo info) {
    return RegistryState.of(
        RegistrySnapshot.newBuilder()
            .addFrameworks(RegisteredFramework.newBuilder().setInfo(info))
            .build());
  }

  private static FrameworkInfo info(String id, double failoverTimeout) {
    return FrameworkInfo.newBuilder()
        .setId(FrameworkID.newBuilder().setValue(id))
        .setUser("user")
        .setName("framework")
        .setFailoverTimeout(failoverTimeout)
        .build();
  }
}
