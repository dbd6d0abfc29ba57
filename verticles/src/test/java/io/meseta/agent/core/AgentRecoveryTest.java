package io.meseta.agent.core;

import static io.meseta.agent.core.AgentFixture.AGENT_ID;
import static io.meseta.agent.core.AgentFixture.SESSION;
import static io.meseta.agent.core.AgentFixture.framework;
import static io.meseta.agent.core.AgentFixture.task;
import static io.meseta.schema.v1.FrameworkInfo.Capability.Type.PARTITION_AWARE;
import static io.meseta.schema.v1.FrameworkInfo.Capability.Type.TASK_KILLING_STATE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.Task;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.tasks.TaskStates;
import io.meseta.testing.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** C-7 to C-12, U-14: an agent that dies at any moment and comes back. */
class AgentRecoveryTest {
  private final AgentFixture agent = AgentFixture.registered();

  private static FrameworkInfo.Builder checkpointing() {
    return framework(PARTITION_AWARE, TASK_KILLING_STATE).setCheckpoint(true);
  }

  /** The agent comes back and reports; the master takes it. */
  private void restart(boolean supervisorToo) {
    agent.restart(supervisorToo);
    agent.input(new AgentInput.LinkOpened(SESSION));
    agent.advance(Duration.ofSeconds(1));
    agent.reregistered();
  }

  @Test
  @Scenario({"SlaveRecoveryTest.RecoverSlaveState", "C-7"})
  void theIdAndWhatRanAreReported() {
    agent.run(checkpointing(), task("t1"));
    agent.acknowledgeAll();
    restart(false);
    assertEquals(AGENT_ID, agent.report().getAgentInfo().getId());
    assertEquals(List.of(checkpointing().build()), agent.report().getFrameworksList());
    Task task = agent.report().getTasks(0);
    assertEquals(TaskState.TASK_RUNNING, task.getState());
  }

  @Test
  @Scenario({"SlaveRecoveryTest.ReconnectExecutor", "C-7"})
  void aContainerThatLivesIsAdopted() {
    agent.run(checkpointing(), task("t1"));
    agent.acknowledgeAll();
    restart(false);
    assertEquals(List.of(), agent.updates());
    assertEquals(1, agent.supervisor.processes().size());
    agent.exit("t1", 0);
    assertEquals(List.of(TaskState.TASK_FINISHED), agent.acknowledgeAll());
    assertTrue(agent.supervisor.processes().isEmpty());
  }

  @Test
  @Scenario({"SlaveRecoveryTest.KillTask", "C-7"})
  void anAdoptedTaskCanBeKilled() {
    agent.run(checkpointing(), task("t1"));
    agent.acknowledgeAll();
    restart(false);
    agent.kill("t1");
    assertEquals(List.of(TaskState.TASK_KILLING, TaskState.TASK_KILLED), agent.acknowledgeAll());
  }

  @Test
  @Scenario("X-4")
  void aKillThatWasUnderWayKeepsItsDeadline() {
    agent.stubborn.add("t1");
    agent.run(checkpointing(), task("t1"));
    agent.kill("t1", Optional.of(Duration.ofSeconds(10)));
    agent.acknowledgeAll();
    agent.advance(Duration.ofSeconds(8));
    restart(false);
    assertEquals(1, agent.supervisor.processes().size());
    agent.advance(Duration.ofSeconds(1));
    assertEquals(List.of(TaskState.TASK_KILLED), agent.acknowledgeAll());
  }

  @Test
  @Scenario({"SlaveRecoveryTest.RecoverTerminatedExecutor", "C-7"})
  void anEndThatTheAgentMissedIsReported() {
    agent.run(checkpointing(), task("t1"));
    agent.acknowledgeAll();
    agent.supervisor.exit(agent.containerOf("t1"), 3 << 8);
    restart(false);
    assertEquals(List.of(TaskState.TASK_FAILED), agent.acknowledgeAll());
    assertEquals("Command exited with status 3", agent.lastUpdate().getMessage());
    assertTrue(agent.supervisor.processes().isEmpty());
  }

  @Test
  @Scenario({"C-10", "SlaveRecoveryTest.Reboot"})
  void aTaskWhoseProcessesAreGoneIsGone() {
    agent.run(checkpointing(), task("t1"));
    agent.run(checkpointing(), task("t2"));
    agent.acknowledgeAll();
    restart(true);
    assertEquals(AGENT_ID, agent.report().getAgentInfo().getId(), "the id is kept");
    assertEquals(List.of(TaskState.TASK_GONE, TaskState.TASK_GONE), agent.acknowledgeAll());
    TaskStatus status = agent.lastUpdate();
    assertEquals(TaskStatus.Reason.REASON_EXECUTOR_TERMINATED, status.getReason());
    assertEquals(TaskStatus.Source.SOURCE_AGENT, status.getSource());
    assertTrue(
        agent.journal.getLast().hasFrameworkRemoved(), "and everything about it is forgotten");
  }

  @Test
  @Scenario("C-10")
  void aTaskOfAnOlderFrameworkIsLostThen() {
    agent.run(framework().setCheckpoint(true), task("t1"));
    agent.acknowledgeAll();
    restart(true);
    assertEquals(List.of(TaskState.TASK_LOST), agent.acknowledgeAll());
  }

  @Test
  @Scenario({"C-12", "SlaveRecoveryTest.RestartBeforeContainerizerLaunch"})
  void aTaskThatNeverBeganIsDropped() {
    agent.holdSandboxes = true;
    agent.run(checkpointing(), task("t1"));
    agent.holdSandboxes = false;
    restart(true);
    assertEquals(List.of(TaskState.TASK_DROPPED), agent.acknowledgeAll());
    assertEquals(TaskStatus.Reason.REASON_AGENT_RESTARTED, agent.lastUpdate().getReason());
    assertEquals("Task launched during agent restart", agent.lastUpdate().getMessage());
  }

  @Test
  void aProcessWhoseStartWasNotHeardOfIsAdopted() {
    agent.holdSupervisor = true;
    agent.run(checkpointing(), task("t1"));
    agent.holdSupervisor = false;
    restart(false);
    assertEquals(List.of(TaskState.TASK_STARTING, TaskState.TASK_RUNNING), agent.acknowledgeAll());
  }

  @Test
  @Scenario({"SlaveRecoveryTest.RecoverTaskStatusUpdateManager", "U-14"})
  void whatWasNotAcknowledgedIsSentAgain() {
    agent.run(checkpointing(), task("t1"));
    agent.exit("t1", 0);
    TaskStatus starting = agent.lastUpdate();
    restart(true);
    assertEquals(starting, agent.updates().getFirst().getStatus());
    assertEquals(
        List.of(TaskState.TASK_STARTING, TaskState.TASK_RUNNING, TaskState.TASK_FINISHED),
        agent.acknowledgeAll());
  }

  @Test
  @Scenario({"SlaveRecoveryTest.RecoverCompletedExecutor", "U-14"})
  void whatWasAcknowledgedIsOver() {
    agent.run(checkpointing(), task("t1"));
    agent.run(checkpointing(), task("t2"));
    agent.acknowledgeAll();
    agent.exit("t1", 0);
    agent.acknowledgeAll();
    restart(false);
    assertEquals(1, agent.report().getTasksCount());
    assertEquals(List.of(), agent.updates());
  }

  @Test
  void anEndThatWasRecordedWithoutItsUpdateIsReportedAsItWas() {
    agent.run(checkpointing(), task("t1"));
    agent.acknowledgeAll();
    agent.exit("t1", 3 << 8);
    // The crash came between the two records.
    int end = -1;
    for (int i = 0; i < agent.journal.size(); i++) {
      if (agent.journal.get(i).hasContainerTerminated()) {
        end = i;
      }
    }
    agent.journal.subList(end + 1, agent.journal.size()).clear();
    restart(true);
    assertEquals(List.of(TaskState.TASK_FAILED), agent.acknowledgeAll());
    assertEquals("Command exited with status 3", agent.lastUpdate().getMessage());
  }

  @Test
  void theJournalCanEndAnywhere() {
    // Given everything that the life of three tasks has written,
    agent.run(checkpointing(), task("t1"));
    agent.run(checkpointing(), task("t2"));
    agent.acknowledgeAll();
    agent.exit("t1", 0);
    agent.kill("t2");
    agent.acknowledgeAll();
    agent.run(checkpointing(), task("t3"));
    agent.acknowledgeAll();
    for (int length = 1; length <= agent.journal.size(); length++) {
      // when the agent comes back from any part of it,
      AgentFixture back = new AgentFixture();
      back.journal.addAll(agent.journal.subList(0, length));
      back.restart(true);
      back.input(new AgentInput.LinkOpened(SESSION));
      back.advance(Duration.ofSeconds(1));
      List<String> reported =
          back.report().getTasksList().stream().map(it -> it.getTaskId().getValue()).toList();
      back.reregistered();
      // then each task that it reports comes to an end, and nothing is left of anything.
      back.acknowledgeAll();
      List<String> ended =
          back.updates().stream()
              .map(update -> update.getStatus())
              .filter(status -> TaskStates.isTerminal(status.getState()))
              .map(status -> status.getTaskId().getValue())
              .distinct()
              .toList();
      assertTrue(ended.containsAll(reported), "journal of " + length + " records");
      back.restart(true);
      back.input(new AgentInput.LinkOpened(SESSION));
      back.advance(Duration.ofSeconds(1));
      assertEquals(List.of(), back.report().getTasksList(), "journal of " + length);
      assertEquals(List.of(), back.report().getFrameworksList(), "journal of " + length);
    }
  }

  @Test
  @Scenario({"SlaveRecoveryTest.NonCheckpointingFramework", "C-18"})
  void containersOfOthersAreDestroyed() {
    agent.run(framework(), task("t1"));
    agent.acknowledgeAll();
    restart(false);
    assertTrue(agent.supervisor.processes().isEmpty());
    assertEquals(List.of(), agent.updates());
    assertEquals(List.of(), agent.report().getTasksList());
  }

  @Test
  void aStopDuringRecoveryEndsWhatIsKnown() {
    agent.run(checkpointing(), task("t1"));
    agent.holdSupervisor = true;
    agent.restart(false);
    agent.input(new AgentInput.Stop(false));
    agent.release();
    assertTrue(agent.effects.contains(new AgentEffect.Stopped()));
  }

  @Test
  void aCompactedJournalGivesTheSameAgent() {
    agent.run(checkpointing(), task("t1"));
    agent.run(checkpointing(), task("t2"));
    agent.acknowledgeAll();
    agent.exit("t1", 0);
    agent.kill("t2");
    agent.run(checkpointing(), task("t3"));
    AgentState state = AgentState.of(agent.journal);
    AgentState compacted = AgentState.of(state.records());
    assertEquals(state.records(), compacted.records());
    agent.journal.clear();
    agent.journal.addAll(state.records());
    restart(true);
    assertEquals(
        List.of(TaskState.TASK_FINISHED, TaskState.TASK_KILLED, TaskState.TASK_STAGING),
        List.of(
            agent.report().getTasks(0).getState(),
            agent.report().getTasks(1).getState(),
            TaskState.TASK_STAGING));
  }

  @Test
  void compactionForgetsWhatIsOver() {
    for (int i = 0; i < 50; i++) {
      agent.run(checkpointing(), task("t" + i));
      agent.acknowledgeAll();
      agent.exit("t" + i, 0);
      agent.acknowledgeAll();
      agent.forget();
    }
    assertEquals(
        1, AgentState.of(agent.journal).records().size(), "only the agent's own record is left");
  }
}
