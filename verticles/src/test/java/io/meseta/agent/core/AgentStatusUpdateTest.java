package io.meseta.agent.core;

import static io.meseta.agent.core.AgentFixture.FRAMEWORK_ID;
import static io.meseta.agent.core.AgentFixture.SESSION;
import static io.meseta.agent.core.AgentFixture.framework;
import static io.meseta.agent.core.AgentFixture.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.meseta.schema.internal.v1.AgentJournalRecord;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.v1.TaskID;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.testing.Scenario;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** U-2 to U-14 as far as the agent's own part goes; the streams have their own tests. */
class AgentStatusUpdateTest {
  private final AgentFixture agent = AgentFixture.registered();

  @Test
  @Scenario({"U-3", "S-10"})
  void onlyTheOldestUpdateIsOnItsWay() {
    agent.run(framework(), task("t1"));
    agent.exit("t1", 0);
    assertEquals(List.of(TaskState.TASK_STARTING), agent.states());
    agent.acknowledge(agent.lastUpdate());
    assertEquals(List.of(TaskState.TASK_STARTING, TaskState.TASK_RUNNING), agent.states());
  }

  @Test
  @Scenario({"U-10", "S-13", "TaskStatusUpdateManagerTest.LatestTaskState"})
  void anUpdateSaysHowFarTheTaskIsMeanwhile() {
    agent.run(framework(), task("t1"));
    agent.exit("t1", 0);
    agent.advance(Duration.ofSeconds(10));
    assertEquals(TaskState.TASK_STARTING, agent.updates().getLast().getStatus().getState());
    assertEquals(TaskState.TASK_FINISHED, agent.updates().getLast().getLatestState());
  }

  @Test
  @Scenario({"U-3", "TaskStatusUpdateManagerTest.RetryStatusUpdate"})
  void anUpdateIsSentAgainAfterTenSecondsThenTwenty() {
    agent.run(framework(), task("t1"));
    agent.advance(Duration.ofSeconds(9));
    assertEquals(1, agent.updates().size());
    agent.advance(Duration.ofSeconds(1));
    assertEquals(2, agent.updates().size());
    agent.advance(Duration.ofSeconds(19));
    assertEquals(2, agent.updates().size());
    agent.advance(Duration.ofSeconds(1));
    assertEquals(3, agent.updates().size());
    assertEquals(
        1,
        agent.updates().stream().map(AgentToMaster.StatusUpdate::getStatus).distinct().count(),
        "the very same status");
  }

  @Test
  @Scenario({"U-2", "D-15", "TaskStatusUpdateManagerTest.CheckpointStatusUpdate"})
  void anUpdateIsDurableBeforeItIsSent() {
    agent.run(framework().setCheckpoint(true), task("t1"));
    agent.acknowledgeAll();
    agent.forget();
    agent.holdJournal = true;
    agent.exit("t1", 0);
    assertEquals(List.of(), agent.states());
    agent.release();
    assertEquals(List.of(TaskState.TASK_FINISHED), agent.states());
  }

  @Test
  @Scenario("D-15")
  void theNextUpdateWaitsUntilTheAcknowledgementIsDurable() {
    agent.run(framework().setCheckpoint(true), task("t1"));
    agent.holdJournal = true;
    agent.acknowledge(agent.lastUpdate());
    assertEquals(List.of(TaskState.TASK_STARTING), agent.states());
    agent.release();
    assertEquals(List.of(TaskState.TASK_STARTING, TaskState.TASK_RUNNING), agent.states());
  }

  @Test
  @Scenario({
    "U-7",
    "TaskStatusUpdateManagerTest.IgnoreDuplicateStatusUpdateAck",
    "TaskStatusUpdateManagerTest.IgnoreUnexpectedStatusUpdateAck"
  })
  void unexpectedAcknowledgementsChangeNothing() {
    agent.run(framework(), task("t1"));
    TaskStatus starting = agent.lastUpdate();
    agent.acknowledge(starting);
    agent.acknowledge(starting);
    assertEquals(List.of(TaskState.TASK_STARTING, TaskState.TASK_RUNNING), agent.states());
    agent.acknowledge(
        starting.toBuilder().setUuid(ByteString.copyFromUtf8("sixteen bytes!!!")).build());
    agent.acknowledge(starting.toBuilder().setUuid(ByteString.copyFromUtf8("short")).build());
    agent.acknowledge(
        starting.toBuilder().setTaskId(TaskID.newBuilder().setValue("unknown")).build());
    assertEquals(List.of(TaskState.TASK_STARTING, TaskState.TASK_RUNNING), agent.states());
    agent.acknowledge(agent.lastUpdate());
    agent.exit("t1", 0);
    assertEquals(TaskState.TASK_FINISHED, agent.lastUpdate().getState());
  }

  @Test
  @Scenario({"U-7", "SlaveTest.IgnoreNonLeaderStatusUpdateAcknowledgement"})
  void anAcknowledgementOfAnotherSessionIsIgnored() {
    agent.run(framework(), task("t1"));
    agent.input(
        new AgentInput.FromMaster(
            "old-session",
            MasterToAgent.newBuilder()
                .setStatusUpdateAcknowledgement(
                    MasterToAgent.StatusUpdateAcknowledgement.newBuilder()
                        .setFrameworkId(FRAMEWORK_ID)
                        .setTaskId(agent.lastUpdate().getTaskId())
                        .setUuid(agent.lastUpdate().getUuid()))
                .build()));
    assertEquals(List.of(TaskState.TASK_STARTING), agent.states());
  }

  @Test
  @Scenario({"U-9", "S-17"})
  void aNewSchedulerHearsAtOnceWhatIsNotAcknowledged() {
    agent.run(framework(), task("t1"));
    agent.run(
        framework().setId(AgentFixture.FRAMEWORK_ID.toBuilder().setValue("fw-2")), task("t2"));
    agent.forget();
    agent.master(
        MasterToAgent.newBuilder()
            .setUpdateFramework(
                MasterToAgent.UpdateFramework.newBuilder().setFramework(framework())));
    assertEquals(1, agent.updates().size(), "only the framework's own");
    assertEquals(FRAMEWORK_ID, agent.updates().getFirst().getFrameworkId());
  }

  @Test
  @Scenario("U-9")
  void nothingIsSentWithoutAMaster() {
    agent.input(new AgentInput.LinkClosed(SESSION));
    agent.forget();
    agent.input(new AgentInput.LinkOpened("session-2"));
    agent.advance(Duration.ofMinutes(20));
    assertEquals(List.of(), agent.updates());
  }

  @Test
  @Scenario({"U-9", "A-15"})
  void updatesMadeWithoutAMasterAreSentWhenThereIsOne() {
    agent.run(framework(), task("t1"));
    agent.acknowledgeAll();
    agent.input(new AgentInput.LinkClosed(SESSION));
    agent.forget();
    agent.exit("t1", 0);
    agent.advance(Duration.ofHours(1));
    assertEquals(List.of(), agent.sent());
    agent.input(new AgentInput.LinkOpened(SESSION));
    agent.advance(Duration.ofSeconds(1));
    assertEquals(List.of(), agent.updates());
    agent.reregistered();
    assertEquals(List.of(TaskState.TASK_FINISHED), agent.acknowledgeAll());
  }

  @Test
  @Scenario({"U-8", "A-3"})
  void theLastAcknowledgementRemovesExecutorAndFramework() {
    agent.run(framework().setCheckpoint(true), task("t1"));
    agent.acknowledgeAll();
    agent.exit("t1", 0);
    assertTrue(
        agent.journal.stream()
            .noneMatch(record -> record.hasExecutorSentinel() || record.hasFrameworkRemoved()));
    agent.acknowledgeAll();
    assertEquals(
        List.of(
            AgentJournalRecord.RecordCase.EXECUTOR_SENTINEL,
            AgentJournalRecord.RecordCase.FRAMEWORK_REMOVED),
        agent.journal.subList(agent.journal.size() - 2, agent.journal.size()).stream()
            .map(AgentJournalRecord::getRecordCase)
            .toList());
  }

  @Test
  @Scenario("U-13")
  void aFrameworkCannotChangeItsCheckpointingMidway() {
    agent.run(framework(), task("t1"));
    agent.master(
        MasterToAgent.newBuilder()
            .setUpdateFramework(
                MasterToAgent.UpdateFramework.newBuilder()
                    .setFramework(framework().setCheckpoint(true))));
    agent.exit("t1", 0);
    assertEquals(
        List.of(TaskState.TASK_STARTING, TaskState.TASK_RUNNING, TaskState.TASK_FINISHED),
        agent.acknowledgeAll().stream().distinct().toList());
    assertEquals(1, agent.journal.size());
  }
}
