package io.meseta.allocator;

import static io.meseta.allocator.AllocatorDriver.DAY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.allocator.AllocatorDriver.Place;
import io.meseta.kernel.Rng;
import io.meseta.resources.Resources;
import io.meseta.testing.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When runs happen, and what outlives frameworks and roles. */
class RunsTest {
  private final AllocatorDriver d = new AllocatorDriver();

  @Test
  @Scenario({"HierarchicalAllocatorTest.AllocationRunsMetric", "A-4"})
  void eventsTriggerRuns() {
    assertEquals(0, d.allocator.runs());
    d.addAgent("A", "cpus:1");
    assertEquals(1, d.allocator.runs());
    d.addFramework("F", "role");
    assertEquals(2, d.allocator.runs());
  }

  @Test
  @Scenario("A-4")
  void eventsThatComeTogetherAreAnsweredByOneRun() {
    d.together(
        () -> {
          d.addAgent("A1", "cpus:1").addAgent("A2", "cpus:1");
          d.addFramework("F", "role").revive("F");
        });
    assertEquals(1, d.allocator.runs());
    d.expectCallbacks(1).expectAgents("F", "A1", "A2");
  }

  @Test
  @Scenario("A-6")
  void batchesComeOncePerInterval() {
    assertEquals(
        Long.MAX_VALUE, new Allocator(AllocatorOptions.defaults(), Rng.seeded(0)).wakeUpNanos());
    d.advance(Duration.ofMillis(999));
    assertEquals(0, d.allocator.runs());
    d.advance(Duration.ofMillis(1));
    assertEquals(1, d.allocator.runs());
    d.advance(Duration.ofSeconds(3));
    assertEquals(4, d.allocator.runs());
    d.send(new AllocatorInput.RunBatch());
    assertEquals(5, d.allocator.runs());
  }

  @Test
  @Scenario("A-5")
  void pausesNestAndCandidatesAreRemembered() {
    d.send(new AllocatorInput.Pause("recovery")).send(new AllocatorInput.Pause("accept"));
    d.addAgent("A", "cpus:1").addFramework("F", "role").batch().expectNothing();
    d.send(new AllocatorInput.Resume("accept")).send(new AllocatorInput.Resume("other"));
    d.expectNothing();
    d.send(new AllocatorInput.Resume("recovery")).expectAgents("F", "A");
  }

  @Test
  @Scenario("A-2")
  void recoveriesForWhatIsGoneAreIgnored() {
    d.addAgent("A", "cpus:2;mem:1024").addFramework("F1", "role").expectAgents("F1", "A");
    Resources all = d.held("F1", "role", "A");
    d.removeFramework("F1");
    d.recover(new Place("F1", "role", "A"), all, Optional.empty(), false);
    d.recover(new Place("F1", "role", "gone"), all, Optional.empty(), false);
    d.suppress("F1").revive("F1").activate("F1").deactivate("F1").removeFramework("F1");
    d.removeAgent("gone").send(new AllocatorInput.ActivateAgent("gone")).expectNothing();
    d.addFramework("F2", "role").expect("F2", "role", "A", "cpus:2;mem:1024").expectWarnings(0);
  }

  @Test
  void recoveringMoreThanIsHeldChangesNothingAndIsLogged() {
    d.addAgent("A", "cpus:2;mem:1024").addFramework("F", "role").expectAgents("F", "A");
    d.recover(new Place("F", "role", "A"), Resources.parse("cpus:3"), Optional.of(DAY), false);
    d.expectWarnings(1).expectFilters("role", 0).batch().expectNothing();
  }

  @Test
  @Scenario("A-83")
  void agentsMayKnowFrameworksBeforeWeDo() {
    Resources task = Resources.parse("cpus:1;mem:500");
    d.addAgent("A", Resources.parse("cpus:2;mem:1024"), Map.of("F", task.allocate("role")));
    assertNull(d.allocator.books().roles().find("role"));
    d.addFramework(
        "F", AllocatorDriver.info("role"), Map.of("A", task.allocate("role")), false, Set.of());
    d.expectNothing().expectShare("role", 0.5);
    d.activate("F").expect("F", "role", "A", "cpus:1;mem:524").expectShare("role", 1);
    d.removeFramework("F").addFramework("G", "role").expectAgents("G", "A").expectShare("role", 1);
  }

  @Test
  @Scenario("A-83")
  void strangersMayGiveBack() {
    Resources task = Resources.parse("cpus:1;mem:500");
    d.addAgent("A", Resources.parse("cpus:1;mem:500"), Map.of("F", task.allocate("role")));
    d.addFramework("G", "role").expectNothing();
    d.send(
        new AllocatorInput.RecoverResources(
            "F", "A", task.allocate("role"), Optional.of(DAY), true));
    d.batch().expect("G", "role", "A", task);
  }

  @Test
  @Scenario("A-70")
  void droppedRolesLastAsLongAsSomethingIsHeldThere() {
    d.addAgent("A", "cpus:2;mem:1024").addFramework("F", "role1").expectAgents("F", "A");
    d.updateFramework("F", AllocatorDriver.info("role2"));
    d.expectShare("role1", 1).expectShare("role2", 0);
    d.recover(new Place("F", "role1", "A"), Resources.parse("cpus:1"), Optional.of(DAY), true);
    d.batch().expect("F", "role2", "A", "cpus:1").expectShare("role1", 1);
    d.recover(
        new Place("F", "role1", "A"), Resources.parse("cpus:1;mem:1024"), Optional.empty(), true);
    assertNull(d.allocator.books().roles().find("role1"));
    d.batch().expect("F", "role2", "A", "cpus:1;mem:1024");
  }

  @Test
  @Scenario("A-47")
  void updateReplacesSuppressedRoles() {
    d.addFramework("F", AllocatorDriver.info("role1", "role2"), Map.of(), true, Set.of("role1"));
    d.addAgent("A", "cpus:1").expect("F", "role2", "A", "cpus:1");
    d.recover("F", "A");
    d.updateFramework("F", AllocatorDriver.info("role1", "role2"), "role2").expectNothing();
    d.batch().expect("F", "role1", "A", "cpus:1");
  }

  @Test
  @Scenario("A-46")
  void suppressedFrameworkKeepsWhatItHolds() {
    d.addFramework("F", "role").addAgent("A", "cpus:1").expectAgents("F", "A");
    d.suppress("F").deactivate("F").expectShare("role", 1);
    d.removeFramework("F").addFramework("G", "role").expectAgents("G", "A");
  }

  @Test
  void inUseFollowsTransitionsAndRecoveries() {
    d.addFramework("F", "role").addAgent("A", "cpus:4;mem:400").expectAgents("F", "A");
    Agent agent = d.allocator.books().agent("A");
    Quantities two =
        new Footprints(d.allocator.books().names()).scalarsOf(Resources.parse("cpus:2"));
    assertTrue(agent.inUse.isEmpty());
    d.send(
        new AllocatorInput.TransitionOfferedToAllocated(
            "A", Resources.parse("cpus:3").allocate("role")));
    d.recover(new Place("F", "role", "A"), Resources.parse("cpus:1"), Optional.empty(), true);
    assertEquals(two, agent.inUse.get("role"));
    d.recover(new Place("F", "role", "A"), Resources.parse("cpus:1"), Optional.empty(), false);
    assertEquals(two, agent.inUse.get("role"));
    d.removeFramework("F");
    assertTrue(agent.inUse.isEmpty());
  }

  @Test
  void sameSeedGivesTheSameOffers() {
    List<List<String>> runs = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      List<String> offers = new ArrayList<>();
      Allocator allocator = new Allocator(AllocatorDriver.scenarioOptions(), Rng.seeded(3));
      for (int agent = 0; agent < 20; agent++) {
        allocator.on(
            new AllocatorInput.AddAgent(
                "A" + agent,
                AllocatorDriver.agentInfo("A" + agent).build(),
                AllocatorDriver.allCapabilities(),
                Resources.parse("cpus:1"),
                Map.of()),
            0,
            effect -> offers.add(effect.toString()));
      }
      for (String framework : List.of("F1", "F2", "F3")) {
        allocator.on(
            new AllocatorInput.AddFramework(
                framework, AllocatorDriver.info("r").build(), Map.of(), true, Set.of()),
            0,
            effect -> offers.add(effect.toString()));
      }
      allocator.onTime(0, effect -> offers.add(effect.toString()));
      runs.add(offers);
    }
    assertEquals(3, runs.get(0).size());
    assertEquals(runs.get(0), runs.get(1));
  }
}
