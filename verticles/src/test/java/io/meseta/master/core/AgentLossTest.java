package io.meseta.master.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.allocator.AllocatorInput;
import io.meseta.kernel.Authorizer;
import io.meseta.log.registry.RegistryState;
import io.meseta.schema.internal.v1.MasterToAgent.MessageCase;
import io.meseta.schema.internal.v1.RegisteredAgent;
import io.meseta.schema.internal.v1.RegistrySnapshot;
import io.meseta.schema.v1.AgentInfo;
import io.meseta.schema.v1.FrameworkInfo.Capability;
import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.schema.v1.TaskStatus.Reason;
import io.meseta.schema.v1.scheduler.Event;
import io.meseta.testing.Scenario;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentLossTest {
  private final MasterFixture fixture = new MasterFixture();
  private final TestAgent agent = fixture.agent().register();

  @Test
  @Scenario("A-19")
  void pingsGoOutAndPongsKeepAnAgent() {
    for (int i = 0; i < 20; i++) {
      fixture.advance(Duration.ofSeconds(15));
      agent.pong();
    }

    assertEquals(21, agent.received(MessageCase.PING).size());
    assertEquals(1, fixture.master.books().agents.size());
  }

  @Test
  @Scenario({"A-19", "10", "PartitionTest.PartitionedSlave"})
  void fiveMissedPingsMakeItUnreachable() {
    TestFramework aware = launchOn(fixture.framework().subscribe(), "a");
    TestFramework older =
        launchOn(fixture.framework().without(Capability.Type.PARTITION_AWARE).subscribe(), "o");
    TestFramework bystander = fixture.framework().subscribe();
    Offer offer = fixture.offer(aware, agent, "cpus:1");

    fixture.advance(Duration.ofMillis(74_999));
    assertTrue(aware.updates().isEmpty());
    fixture.advance(Duration.ofMillis(1));

    assertUnreachable(aware.lastUpdate(), TaskState.TASK_UNREACHABLE);
    assertUnreachable(older.lastUpdate(), TaskState.TASK_LOST);
    assertEquals(List.of(offer.getId().getValue()), aware.rescinded());
    for (TestFramework each : List.of(aware, older, bystander)) {
      assertEquals(
          agent.id(),
          each.events(Event.Type.FAILURE).getFirst().getFailure().getAgentId().getValue(),
          "E-9");
    }
    assertEquals(new AllocatorInput.RemoveAgent(agent.id()), fixture.toAllocator.getLast());
    assertEquals(List.of(agent.session), fixture.closedLinks);
    assertEquals(1, fixture.gauge("tasks_unreachable"));
    assertEquals(1, fixture.gauge("slaves_unreachable"));
    assertEquals(2, fixture.master.views().snapshot().size(View.Kind.UNREACHABLE_TASK));
  }

  private void assertUnreachable(TaskStatus status, TaskState state) {
    assertEquals(state, status.getState());
    assertEquals(Reason.REASON_AGENT_REMOVED, status.getReason());
    assertEquals("health check timed out", status.getMessage());
    assertEquals(fixture.nowNanos(), status.getUnreachableTime().getNanoseconds());
    assertEquals(agent.id(), status.getAgentId().getValue());
    assertFalse(status.hasUuid());
  }

  @Test
  @Scenario({"P-1", "PartitionTest.FailHealthChecksTwice", "ReconciliationTest.RemovalInProgress"})
  void nobodyHearsOfItBeforeItIsDurable() {
    TestFramework framework = launchOn(fixture.framework().subscribe(), "t");
    fixture.holdRegistry();
    fixture.advance(Duration.ofSeconds(200));
    assertTrue(framework.updates().isEmpty());
    assertEquals(1, fixture.written.stream().filter(w -> w.hasMarkAgentUnreachable()).count());
    framework.reconcile("nope", agent.id());
    assertEquals(TaskState.TASK_GONE, framework.lastUpdate().getState(), "still registered");

    fixture.releaseRegistry();

    assertEquals(TaskState.TASK_UNREACHABLE, framework.lastUpdate().getState());
  }

  @Test
  @Scenario("P-1")
  void aLossThatCannotBeWrittenEndsTheTerm() {
    fixture.holdRegistry();
    fixture.advance(Duration.ofSeconds(75));

    fixture.failRegistry("disk full");

    assertEquals(List.of("disk full"), fixture.resigned);
  }

  @Test
  @Scenario("MasterTest.AgentReregistrationDuringMarkingUnreachable")
  void whileTheLossIsWrittenTheAgentMustWait() {
    TestFramework framework = launchOn(fixture.framework().subscribe(), "t");
    agent.runs(framework, "t", TaskState.TASK_RUNNING, "cpus:1;mem:64");
    fixture.holdRegistry();
    fixture.advance(Duration.ofSeconds(75));

    agent.reregister();
    assertTrue(agent.received().isEmpty());
    fixture.releaseRegistry();
    agent.reregister();

    assertEquals(
        List.of(TaskState.TASK_UNREACHABLE, TaskState.TASK_RUNNING),
        framework.updates().stream().map(TaskStatus::getState).toList());
    assertEquals("Unreachable agent re-reregistered", framework.lastUpdate().getMessage());
    assertEquals(0, fixture.gauge("tasks_unreachable"));
    assertEquals(0, fixture.master.views().snapshot().size(View.Kind.UNREACHABLE_TASK));
  }

  @Test
  @Scenario({"V-33", "TaskValidationTest.TaskReusesUnreachableTaskID"})
  void theIdOfAnUnreachableTaskIsTaken() {
    TestFramework framework = launchOn(fixture.framework().subscribe(), "t");
    fixture.advance(Duration.ofSeconds(75));
    TestAgent other = fixture.agent().hostname("other").register();

    framework.launch(
        fixture.offer(framework, other, "cpus:1;mem:64"), Tasks.task("t", other).build());

    assertEquals(
        "Task reuses the ID of an unreachable task: t", framework.lastUpdate().getMessage());
  }

  @Test
  @Scenario("F-33")
  void unreachableTasksAreBounded() {
    MasterFixture small = new MasterFixture(o -> o.maxUnreachableTasksPerFramework(1));
    TestAgent there = small.agent().register();
    TestFramework framework = small.framework().subscribe();
    for (String id : List.of("a", "b")) {
      framework.launch(
          small.offer(framework, there, "cpus:1;mem:64"), Tasks.task(id, there).build());
    }

    small.advance(Duration.ofSeconds(75));

    assertEquals(1, small.master.views().snapshot().size(View.Kind.UNREACHABLE_TASK));
    assertEquals(2, framework.updates().size());
  }

  @Test
  @Scenario("PartitionTest.AgentWithTerminalTaskPartitioned")
  void aTaskThatHadEndedStaysEnded() {
    TestFramework framework = launchOn(fixture.framework().subscribe(), "t");
    agent.update(framework, "t", TaskState.TASK_FINISHED);

    fixture.advance(Duration.ofSeconds(75));

    assertEquals(TaskState.TASK_FINISHED, framework.lastUpdate().getState());
    assertEquals(1, fixture.master.views().snapshot().size(View.Kind.COMPLETED_TASK));
  }

  @Test
  @Scenario({"A-19", "10"})
  void aBrokenLinkTakesTheOffersAndStopsTheRest() {
    TestFramework framework = launchOn(fixture.framework().subscribe(), "t");
    fixture.offer(framework, agent, "cpus:1");

    agent.breakLink();

    assertEquals(1, framework.rescinded().size());
    assertEquals(1, fixture.toAllocator(AllocatorInput.DeactivateAgent.class).size());
    assertTrue(framework.updates().isEmpty(), "checkpointed tasks go on");
    assertTrue(framework.events(Event.Type.FAILURE).isEmpty());
    assertEquals(1, fixture.gauge("slaves_disconnected"));
  }

  @Test
  @Scenario({"F-40", "MasterTest.NonCheckpointingFrameworkAgentDisconnectionExecutorOnly"})
  void withoutCheckpointsABrokenLinkLosesTasksAndExecutors() {
    TestFramework framework = fixture.framework().checkpoint(false).subscribe();
    framework.launch(
        fixture.offer(framework, agent, "cpus:2;mem:64"),
        Tasks.custom("t", agent, "cpus:1").setExecutor(Tasks.executor("e", "cpus:0.5")).build());

    agent.breakLink();

    assertEquals(TaskState.TASK_LOST, framework.lastUpdate().getState());
    assertEquals(Reason.REASON_AGENT_DISCONNECTED, framework.lastUpdate().getReason());
    assertTrue(fixture.master.books().frameworks.get(framework.id()).executors.isEmpty());
    assertTrue(fixture.master.books().agents.get(agent.id()).used().isEmpty());
    assertEquals(1, fixture.count("tasks_lost"));
  }

  @Test
  @Scenario("A-19")
  void aDisconnectedAgentMissesItsPings() {
    TestFramework framework = launchOn(fixture.framework().subscribe(), "t");
    fixture.advance(Duration.ofSeconds(10));
    agent.pong();
    agent.breakLink();

    fixture.advance(Duration.ofSeconds(80));

    assertEquals(TaskState.TASK_UNREACHABLE, framework.lastUpdate().getState());
  }

  @Test
  @Scenario({"A-19", "MasterTest.AgentRestartNoReregister"})
  void theReregisterTimeoutCountsToo() {
    MasterFixture patient =
        new MasterFixture(
            o -> o.maxAgentPingTimeouts(1000).agentReregisterTimeout(Duration.ofMinutes(10)));
    TestAgent there = patient.agent().register();
    TestFramework framework = patient.framework().subscribe();
    framework.launch(
        patient.offer(framework, there, "cpus:1;mem:64"), Tasks.task("t", there).build());
    there.breakLink();

    patient.advance(Duration.ofSeconds(599));
    assertTrue(framework.updates().isEmpty());
    patient.advance(Duration.ofSeconds(1));

    assertEquals(TaskState.TASK_UNREACHABLE, framework.lastUpdate().getState());
  }

  @Test
  @Scenario({"A-22", "10"})
  void anAgentThatSaysGoodbyeTakesItsTasksAlong() {
    TestFramework framework = launchOn(fixture.framework().subscribe(), "t");

    agent.unregister();

    assertEquals(TaskState.TASK_LOST, framework.lastUpdate().getState());
    assertEquals(Reason.REASON_AGENT_REMOVED, framework.lastUpdate().getReason());
    assertEquals(agent.id(), fixture.written.getLast().getRemoveAgent().getAgentId().getValue());
    framework.reconcile("t", agent.id());
    assertEquals(TaskState.TASK_UNKNOWN, framework.lastUpdate().getState());
  }

  @Test
  @Scenario({"M-7", "10", "MasterTest.RecoveredSlaveReregisterThenUnreachableRace"})
  void anAgentThatNeverComesBackAfterAFailover() {
    AgentInfo info = fixture.agent().known("a1").info();
    MasterFixture later =
        new MasterFixture(
            o -> o,
            Authorizer.PERMISSIVE,
            RegistryState.of(
                RegistrySnapshot.newBuilder()
                    .addAgents(RegisteredAgent.newBuilder().setInfo(info))
                    .build()));
    TestFramework framework = later.framework().subscribe();

    later.advance(Duration.ofMinutes(10));

    assertEquals("a1", later.written.getLast().getMarkAgentUnreachable().getAgentId().getValue());
    assertEquals(1, framework.events(Event.Type.FAILURE).size());
    framework.reconcile("t", "a1");
    assertEquals(TaskState.TASK_UNREACHABLE, framework.lastUpdate().getState());
    later.agent().known("a1").reregister();
    framework.reconcile("t", "a1");
    assertEquals(TaskState.TASK_GONE, framework.lastUpdate().getState());
  }

  @Test
  @Scenario({
    "P-7",
    "PartitionTest.PartitionedSlaveStatusUpdates",
    "PartitionTest.PartitionedSlaveExitedExecutor"
  })
  void whatAnUnreachableAgentSaysIsIgnored() {
    TestFramework framework = launchOn(fixture.framework().subscribe(), "t");
    fixture.advance(Duration.ofSeconds(75));

    agent.update(framework, "t", TaskState.TASK_FINISHED);
    agent.executorExited(framework, "t", 0);
    agent.pong();

    assertEquals(TaskState.TASK_UNREACHABLE, framework.lastUpdate().getState());
    assertEquals(1, framework.events(Event.Type.FAILURE).size());
  }

  private TestFramework launchOn(TestFramework framework, String taskId) {
    framework.launch(
        fixture.offer(framework, agent, "cpus:1;mem:64"), Tasks.task(taskId, agent).build());
    return framework;
  }
}
