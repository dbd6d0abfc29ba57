package io.meseta.agent.core;

import static io.meseta.agent.core.AgentFixture.AGENT_ID;
import static io.meseta.agent.core.AgentFixture.FRAMEWORK_ID;
import static io.meseta.agent.core.AgentFixture.PING_TIMEOUT;
import static io.meseta.agent.core.AgentFixture.SESSION;
import static io.meseta.agent.core.AgentFixture.framework;
import static io.meseta.agent.core.AgentFixture.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.kernel.Rng;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.internal.v1.SupervisorEvent;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.Task;
import io.meseta.schema.v1.TaskID;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.testing.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** how an agent and a master find and keep each other. */
class AgentRegistrationTest {
  @Test
  @Scenario("A-4")
  void nothingIsSaidBeforeRecoveryIsOver() {
    AgentFixture agent = new AgentFixture();
    agent.input(new AgentInput.LinkOpened(SESSION));
    agent.advance(Duration.ofMinutes(1));
    assertEquals(List.of(), agent.sent());
    agent.input(new AgentInput.Recovered(new AgentState()));
    agent.advance(Duration.ofSeconds(1));
    assertTrue(agent.sent().getFirst().hasRegister());
  }

  @Test
  @Scenario({"A-9", "A-11"})
  void anAgentWithoutIdAsksAgainEverMoreSeldom() {
    AgentFixture agent = AgentFixture.recovered();
    agent.input(new AgentInput.LinkOpened(SESSION));
    agent.advance(Duration.ofSeconds(1));
    assertEquals(1, agent.sent().size());
    AgentToMaster.Register register = agent.sent().getFirst().getRegister();
    assertFalse(register.getAgentInfo().hasId());
    assertEquals("1.12.0", register.getVersion());
    assertEquals(16, register.getResourceVersionUuid().size());
    assertEquals("127.0.0.1", register.getAddress().getIp());
    assertEquals(5051, register.getAddress().getPort());

    agent.advance(Duration.ofMinutes(10));
    int inTenMinutes = agent.sent().size();
    assertTrue(inTenMinutes >= 14 && inTenMinutes < 60, "asked " + inTenMinutes + " times");
    agent.forget();
    agent.advance(Duration.ofMinutes(10));
    assertTrue(agent.sent().size() >= 10, "the wait is at most a minute");
    assertEquals(1, agent.sent().stream().distinct().count(), "the same message each time");
  }

  @Test
  @Scenario("A-15")
  void theIdIsKeptOnDiskBeforeAnythingElse() {
    AgentFixture agent = AgentFixture.registered();
    assertEquals(AGENT_ID, agent.journal.getFirst().getAgent().getAgentId());
    assertEquals(AGENT_ID, agent.journal.getFirst().getAgent().getInfo().getId());
    assertEquals(Agent.State.RUNNING, agent.agent().state());
    agent.advance(Duration.ofSeconds(70));
    assertEquals(List.of(), agent.sent(), "asks no more");
  }

  @Test
  @Scenario("A-15")
  void anotherIdIsFatal() {
    AgentFixture agent = AgentFixture.registered();
    agent.master(
        MasterToAgent.newBuilder()
            .setRegistered(
                MasterToAgent.Registered.newBuilder()
                    .setAgentId(AgentID.newBuilder().setValue("other"))
                    .setTotalPingTimeoutMillis(1000)));
    assertTrue(agent.effects.stream().anyMatch(AgentEffect.Failed.class::isInstance));
  }

  @Test
  @Scenario("A-20")
  void pingsAreAnswered() {
    AgentFixture agent = AgentFixture.recovered();
    agent.input(new AgentInput.LinkOpened(SESSION));
    agent.master(MasterToAgent.newBuilder().setPing(MasterToAgent.Ping.getDefaultInstance()));
    assertTrue(agent.sent().getFirst().hasPong(), "in every state");
  }

  @Test
  @Scenario({"A-20", "SlaveTest.PingTimeoutNoPings"})
  void aSilentMasterIsLookedForAgain() {
    AgentFixture agent = AgentFixture.registered();
    agent.advance(PING_TIMEOUT.minusSeconds(1));
    assertFalse(agent.effects.stream().anyMatch(AgentEffect.Reconnect.class::isInstance));
    agent.advance(Duration.ofSeconds(1));
    AgentEffect.Reconnect reconnect =
        agent.effects.stream()
            .filter(AgentEffect.Reconnect.class::isInstance)
            .map(AgentEffect.Reconnect.class::cast)
            .findFirst()
            .orElseThrow();
    assertEquals(SESSION, reconnect.session());
    assertEquals(Agent.State.DISCONNECTED, agent.agent().state());

    agent.input(new AgentInput.LinkOpened("session-2"));
    agent.forget();
    agent.advance(Duration.ofSeconds(1));
    assertEquals(AGENT_ID, agent.report().getAgentInfo().getId());
  }

  @Test
  @Scenario({"A-20", "SlaveTest.PingTimeoutSomePings"})
  void eachPingGivesTheMasterMoreTime() {
    AgentFixture agent = AgentFixture.registered();
    for (int i = 0; i < 10; i++) {
      agent.advance(Duration.ofSeconds(60));
      agent.master(MasterToAgent.newBuilder().setPing(MasterToAgent.Ping.getDefaultInstance()));
    }
    assertEquals(Agent.State.RUNNING, agent.agent().state());
    agent.advance(PING_TIMEOUT);
    assertEquals(Agent.State.DISCONNECTED, agent.agent().state());
  }

  @Test
  @Scenario({"A-12", "SlaveTest.ReregisterWithStatusUpdateTaskState"})
  void theReportHoldsFrameworksAndTasksWithWhatTheMasterWasTold() {
    AgentFixture agent = AgentFixture.registered();
    agent.run(framework(), task("t1"));
    agent.acknowledgeAll();
    agent.run(framework(), task("t2"));
    agent.exit("t2", 0);
    agent.holdSandboxes = true;
    agent.run(framework(), task("t3"));
    TaskStatus sentOfT2 = agent.lastUpdate();
    AgentToMaster.Reregister report = reportOf(agent);
    assertEquals(List.of(framework().build()), report.getFrameworksList());
    assertEquals(
        List.of(TaskState.TASK_RUNNING, TaskState.TASK_FINISHED, TaskState.TASK_STAGING),
        report.getTasksList().stream().map(Task::getState).toList());
    assertEquals(List.of(), report.getExecutorsList(), "generated ones are not reported");
    Task t2 = report.getTasks(1);
    assertEquals(TaskState.TASK_STARTING, t2.getStatusUpdateState());
    assertEquals(sentOfT2.getUuid(), t2.getStatusUpdateUuid());
    assertEquals(FRAMEWORK_ID, t2.getFrameworkId());
    assertEquals(AGENT_ID, t2.getAgentId());
    assertEquals(
        List.of(TaskState.TASK_STARTING, TaskState.TASK_RUNNING, TaskState.TASK_FINISHED),
        t2.getStatusesList().stream().map(TaskStatus::getState).toList());
  }

  @Test
  @Scenario("A-12")
  void theReportIsCollectedAnewForEachAttempt() {
    AgentFixture agent = AgentFixture.registered();
    agent.run(framework(), task("t1"));
    agent.acknowledgeAll();
    assertEquals(TaskState.TASK_RUNNING, reportOf(agent).getTasks(0).getState());
    agent.exit("t1", 0);
    agent.advance(Duration.ofMinutes(2));
    assertEquals(TaskState.TASK_FINISHED, agent.report().getTasks(0).getState());
  }

  @Test
  @Scenario({"A-16", "SlaveRecoveryTest.ReconcileTasksMissingFromSlave"})
  void tasksThatTheMasterBelievesInAreAnswered() {
    AgentFixture agent = AgentFixture.registered();
    agent.run(framework(), task("here"));
    agent.acknowledgeAll();
    reportOf(agent);
    agent.forget();
    agent.reregistered(missing("gone-1", true), missing("gone-2", false), missing("here", true));
    assertEquals(List.of(TaskState.TASK_DROPPED, TaskState.TASK_LOST), agent.acknowledgeAll());
    TaskStatus status = agent.lastUpdate();
    assertEquals(TaskStatus.Reason.REASON_RECONCILIATION, status.getReason());
    assertEquals("Reconciliation: task unknown to the agent", status.getMessage());
    assertEquals(TaskStatus.Source.SOURCE_AGENT, status.getSource());
  }

  @Test
  void messagesOfOldSessionsAreIgnored() {
    AgentFixture agent = AgentFixture.registered();
    agent.input(new AgentInput.LinkOpened("session-2"));
    agent.forget();
    agent.run(framework(), task("t1"));
    assertEquals(List.of(), agent.calls);
    agent.input(new AgentInput.LinkClosed(SESSION));
    agent.advance(Duration.ofSeconds(1));
    assertTrue(agent.sent().getFirst().hasReregister(), "the new session goes on");
  }

  @Test
  @Scenario("A-9")
  void attemptsAreSpreadOverTheWaitingTime() {
    // Given agents that all lose their master at once, their first attempts differ.
    long distinct =
        IntStream.range(0, 20)
            .mapToLong(
                seed -> {
                  Agent agent = new Agent(AgentFixture.config(), Rng.seeded(seed));
                  agent.on(new AgentInput.Recovered(new AgentState()), 0, effect -> {});
                  agent.on(
                      new AgentInput.FromSupervisor(
                          SupervisorEvent.newBuilder()
                              .setWatched(SupervisorEvent.Watched.getDefaultInstance())
                              .build()),
                      0,
                      effect -> {});
                  agent.on(new AgentInput.LinkOpened(SESSION), 0, effect -> {});
                  return agent.wakeUpNanos();
                })
            .distinct()
            .count();
    assertEquals(20, distinct);
  }

  private static MasterToAgent.MissingTask missing(String task, boolean partitionAware) {
    return MasterToAgent.MissingTask.newBuilder()
        .setFrameworkId(FRAMEWORK_ID)
        .setTaskId(TaskID.newBuilder().setValue(task))
        .setPartitionAware(partitionAware)
        .build();
  }

  private static AgentToMaster.Reregister reportOf(AgentFixture agent) {
    agent.input(new AgentInput.LinkClosed(SESSION));
    agent.input(new AgentInput.LinkOpened(SESSION));
    agent.forget();
    agent.advance(Duration.ofSeconds(1));
    return agent.report();
  }
}
