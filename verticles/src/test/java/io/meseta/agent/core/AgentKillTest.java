package io.meseta.agent.core;

import static io.meseta.agent.core.AgentFixture.FRAMEWORK_ID;
import static io.meseta.agent.core.AgentFixture.framework;
import static io.meseta.agent.core.AgentFixture.task;
import static io.meseta.schema.v1.FrameworkInfo.Capability.Type.PARTITION_AWARE;
import static io.meseta.schema.v1.FrameworkInfo.Capability.Type.TASK_KILLING_STATE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.schema.internal.v1.AgentJournalRecord;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.internal.v1.SupervisorCall;
import io.meseta.schema.v1.DurationInfo;
import io.meseta.schema.v1.ExecutorID;
import io.meseta.schema.v1.KillPolicy;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.testing.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** E-7: kills and shutdowns in every phase of a task's life. */
class AgentKillTest {
  private final AgentFixture agent = AgentFixture.registered();

  @Test
  @Scenario({"A-28", "S-20"})
  void aRunningTaskIsKilledByItsExecutor() {
    agent.run(framework(TASK_KILLING_STATE), task("t1"));
    agent.acknowledgeAll();
    agent.forget();
    agent.kill("t1");
    assertEquals(List.of(TaskState.TASK_KILLING, TaskState.TASK_KILLED), agent.acknowledgeAll());
    assertEquals("Command terminated with signal Terminated", agent.lastUpdate().getMessage());
    assertFalse(agent.lastUpdate().hasReason());
    assertTrue(agent.supervisor.processes().isEmpty());
  }

  @Test
  @Scenario({"X-4", "S-20"})
  void aStubbornTaskIsKilledWhenItsGraceIsOver() {
    agent.stubborn.add("t1");
    agent.run(framework(), task("t1"));
    agent.acknowledgeAll();
    agent.forget();
    agent.kill("t1", Optional.of(Duration.ofSeconds(10)));
    agent.advance(Duration.ofSeconds(9));
    assertEquals(List.of(), agent.states());
    agent.kill("t1", Optional.of(Duration.ofSeconds(1)));
    assertEquals(List.of(TaskState.TASK_KILLED), agent.states(), "shortened, and over");
    assertEquals("Command terminated with signal Killed", agent.lastUpdate().getMessage());
    assertEquals(List.of(15, 9), signals());
  }

  @Test
  @Scenario({"A-28", "SlaveTest.KillTaskBetweenRunTaskParts"})
  void aTaskWithoutSandboxIsKilledBeforeDelivery() {
    agent.holdSandboxes = true;
    agent.run(framework(), task("t1"));
    agent.kill("t1");
    killedDuringLaunch();
    agent.release();
    assertEquals(List.of(), agent.calls, "no launch");
    agent.acknowledgeAll();
    assertIdle();
  }

  @Test
  @Scenario({"A-28", "SlaveTest.KillQueuedTaskDuringExecutorRegistration"})
  void aTaskWhoseProcessIsJustBeingStartedIsKilledBeforeDelivery() {
    agent.holdSupervisor = true;
    agent.run(framework(), task("t1"));
    agent.kill("t1");
    killedDuringLaunch();
    agent.release();
    assertEquals(List.of(TaskState.TASK_KILLED), agent.acknowledgeAll(), "and nothing else");
    assertTrue(agent.supervisor.processes().isEmpty());
    assertIdle();
  }

  private void killedDuringLaunch() {
    assertEquals(List.of(TaskState.TASK_KILLED), agent.states());
    TaskStatus status = agent.lastUpdate();
    assertEquals(TaskStatus.Reason.REASON_TASK_KILLED_DURING_LAUNCH, status.getReason());
    assertEquals("Killed before delivery to the executor", status.getMessage());
    assertEquals(TaskStatus.Source.SOURCE_AGENT, status.getSource());
  }

  @Test
  @Scenario("A-28")
  void anUnknownTaskOfAKnownFrameworkIsAnsweredAndAnUnknownFrameworkIsNot() {
    agent.kill("nope");
    assertEquals(List.of(), agent.sent());

    agent.run(framework(PARTITION_AWARE), task("t1"));
    agent.acknowledgeAll();
    agent.forget();
    agent.kill("nope");
    assertEquals(List.of(TaskState.TASK_DROPPED), agent.acknowledgeAll());
    assertEquals("Cannot find executor", agent.lastUpdate().getMessage());
    assertEquals(TaskStatus.Reason.REASON_EXECUTOR_TERMINATED, agent.lastUpdate().getReason());
  }

  @Test
  @Scenario({"U-15", "S-25"})
  void aKillOfAnEndedTaskDoesNothing() {
    agent.run(framework(), task("t1"));
    agent.exit("t1", 0);
    agent.forget();
    agent.kill("t1");
    assertEquals(List.of(), agent.sent());
  }

  @Test
  @Scenario({"U-14", "SlaveTest.ShutdownUnregisteredExecutor"})
  void aFrameworkThatIsTornDownLosesItsTasksWithoutUpdates() {
    agent.run(framework().setCheckpoint(true), task("t1"));
    agent.run(framework().setCheckpoint(true), task("t2"));
    agent.exit("t2", 0);
    agent.forget();
    agent.shutdownFramework();
    assertTrue(agent.supervisor.processes().isEmpty());
    agent.advance(Duration.ofHours(1));
    assertEquals(List.of(), agent.updates());
    assertIdle();
    assertEquals(
        AgentJournalRecord.RecordCase.FRAMEWORK_REMOVED, agent.journal.getLast().getRecordCase());
  }

  @Test
  @Scenario("E-7")
  void stubbornTasksOfAFrameworkAreKilledWithinTheGracePeriod() {
    agent.stubborn.add("t1");
    agent.run(framework(), task("t1"));
    agent.shutdownFramework();
    agent.forget();
    agent.advance(Duration.ofMillis(2999));
    assertEquals(1, agent.supervisor.processes().size());
    agent.advance(Duration.ofMillis(1));
    assertTrue(agent.supervisor.processes().isEmpty(), "5 s for the executor are 3 s for its task");
  }

  @Test
  @Scenario({"E-7", "SlaveTest.CommandTaskWithKillPolicy"})
  void aKillPolicySetsTheGracePeriodOfItsExecutor() {
    agent.stubborn.add("t1");
    agent.run(
        framework(),
        task("t1")
            .setKillPolicy(
                KillPolicy.newBuilder()
                    .setGracePeriod(
                        DurationInfo.newBuilder()
                            .setNanoseconds(Duration.ofSeconds(20).toNanos()))));
    agent.shutdownFramework();
    agent.advance(Duration.ofSeconds(19));
    assertEquals(1, agent.supervisor.processes().size());
    agent.advance(Duration.ofSeconds(1));
    assertTrue(agent.supervisor.processes().isEmpty());
  }

  @Test
  void aFrameworkThatComesBackAfterItsTeardownIsANewOne() {
    agent.run(framework(), task("t1"));
    agent.shutdownFramework();
    agent.forget();
    agent.run(framework(), task("t2"));
    assertEquals(List.of(TaskState.TASK_STARTING, TaskState.TASK_RUNNING), agent.acknowledgeAll());
  }

  @Test
  @Scenario("A-24")
  void aTaskForAFrameworkThatIsBeingTornDownIsIgnored() {
    agent.stubborn.add("t1");
    agent.run(framework(), task("t1"));
    agent.shutdownFramework();
    agent.forget();
    agent.run(framework(), task("t2"));
    agent.kill("t2");
    assertEquals(List.of(), agent.sent());
    assertEquals(1, agent.supervisor.processes().size());
  }

  @Test
  @Scenario("E-7")
  void aShutdownOfTheExecutorKillsItsTask() {
    agent.run(framework(), task("t1"));
    agent.acknowledgeAll();
    agent.forget();
    agent.master(
        MasterToAgent.newBuilder()
            .setShutdownExecutor(
                MasterToAgent.ShutdownExecutor.newBuilder()
                    .setFrameworkId(FRAMEWORK_ID)
                    .setExecutorId(ExecutorID.newBuilder().setValue("t1"))));
    assertEquals(List.of(TaskState.TASK_KILLED), agent.acknowledgeAll());
    assertIdle();
  }

  @Test
  void aStopEndsEverythingAndIsOverWhenItIsOnTheDisk() {
    agent.run(framework().setCheckpoint(true), task("t1"));
    agent.run(framework().setCheckpoint(true), task("t2"));
    agent.forget();
    agent.holdJournal = true;
    agent.input(new AgentInput.Stop(false));
    assertTrue(
        agent.supervisor.processes().values().stream().noneMatch(ModelSupervisor.Child::running));
    assertFalse(agent.effects.contains(new AgentEffect.Stopped()));
    agent.release();
    assertTrue(agent.effects.contains(new AgentEffect.Stopped()));
    assertTrue(agent.supervisor.processes().isEmpty());
    assertEquals(Agent.State.TERMINATING, agent.agent().state());
    agent.run(framework(), task("t3"));
    assertTrue(agent.supervisor.processes().isEmpty(), "nothing begins any more");
  }

  @Test
  void aStopTakesLessThanFiveSecondsWhateverTasksWant() {
    agent.stubborn.add("t1");
    agent.run(
        framework(),
        task("t1")
            .setKillPolicy(
                KillPolicy.newBuilder()
                    .setGracePeriod(
                        DurationInfo.newBuilder().setNanoseconds(Duration.ofHours(1).toNanos()))));
    agent.input(new AgentInput.Stop(false));
    agent.advance(Duration.ofSeconds(1));
    assertEquals(1, agent.supervisor.processes().size());
    agent.advance(Duration.ofMillis(3_900));
    assertTrue(agent.supervisor.processes().isEmpty());
    assertTrue(agent.effects.contains(new AgentEffect.Stopped()));
  }

  @Test
  void aStopEndsEvenIfTheSupervisorIsSilent() {
    agent.run(framework(), task("t1"));
    agent.holdSupervisor = true;
    agent.input(new AgentInput.Stop(false));
    agent.advance(Duration.ofSeconds(5));
    assertEquals(1, agent.effects.stream().filter(AgentEffect.Stopped.class::isInstance).count());
    agent.release();
    assertEquals(1, agent.effects.stream().filter(AgentEffect.Stopped.class::isInstance).count());
  }

  @Test
  @Scenario("A-22")
  void aPlannedRemovalTellsTheMasterWhenEverythingHasEnded() {
    agent.run(framework(), task("t1"));
    agent.acknowledgeAll();
    agent.forget();
    agent.input(new AgentInput.Stop(true));
    assertEquals(List.of(TaskState.TASK_KILLED), agent.states());
    assertTrue(agent.sent().getLast().hasUnregister());
    assertTrue(agent.effects.contains(new AgentEffect.Stopped()));
  }

  @Test
  @Scenario({"A-21", "SlaveTest.Shutdown"})
  void aMasterMayTellTheAgentToStop() {
    agent.run(framework(), task("t1"));
    agent.forget();
    agent.master(
        MasterToAgent.newBuilder()
            .setShutdown(
                MasterToAgent.Shutdown.newBuilder().setMessage("Agent has been marked gone")));
    assertTrue(agent.supervisor.processes().isEmpty());
    assertEquals(List.of(), agent.updates());
    assertTrue(
        agent.effects.contains(
            new AgentEffect.Failed(
                "The master told the agent to stop: Agent has been marked gone")));
  }

  private List<Integer> signals() {
    return agent.calls.stream()
        .filter(SupervisorCall::hasSignal)
        .map(call -> call.getSignal().getSignal())
        .toList();
  }

  private void assertIdle() {
    agent.forget();
    agent.input(new AgentInput.LinkClosed(AgentFixture.SESSION));
    agent.input(new AgentInput.LinkOpened(AgentFixture.SESSION));
    agent.advance(Duration.ofSeconds(1));
    assertEquals(List.of(), agent.report().getFrameworksList());
    assertEquals(List.of(), agent.report().getTasksList());
  }
}
