package io.meseta.master.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.meseta.resources.Resources;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.MasterToAgent.MessageCase;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.DurationInfo;
import io.meseta.schema.v1.ExecutorID;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.KillPolicy;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.schema.v1.TaskStatus.Reason;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.schema.v1.scheduler.Event;
import io.meseta.testing.Scenario;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TaskLifeTest {
  private final MasterFixture fixture = new MasterFixture();
  private final TestAgent agent = fixture.agent().register();
  private final TestFramework framework = fixture.framework().subscribe();

  @Test
  @Scenario({"S-10", "SchedulerTest.TaskRunning"})
  void anUpdateGoesToTheFramework() {
    launch(Tasks.task("t", agent).build());

    ByteString uuid = agent.update(framework, "t", TaskState.TASK_RUNNING);

    TaskStatus status = framework.lastUpdate();
    assertEquals(TaskState.TASK_RUNNING, status.getState());
    assertEquals(uuid, status.getUuid());
    assertEquals(agent.id(), status.getAgentId().getValue());
    assertFalse(status.hasExecutorId(), "T-59");
    assertEquals(1, fixture.gauge("tasks_running"));
    assertEquals(0, fixture.gauge("tasks_staging"));
    assertEquals(1, fixture.count("valid_status_updates"));
  }

  @Test
  @Scenario({"S-12", "MasterTest.StatusUpdateAck"})
  void anAcknowledgementGoesToTheAgent() {
    launch(Tasks.task("t", agent).build());
    ByteString uuid = agent.update(framework, "t", TaskState.TASK_RUNNING);

    framework.acknowledge(framework.lastUpdate());

    var acknowledged =
        agent
            .last(MessageCase.STATUS_UPDATE_ACKNOWLEDGEMENT)
            .orElseThrow()
            .getStatusUpdateAcknowledgement();
    assertEquals(uuid, acknowledged.getUuid());
    assertEquals("t", acknowledged.getTaskId().getValue());
    assertTrue(book().tasks.containsKey("t"));
    assertEquals(1, fixture.count("valid_status_update_acknowledgements"));
  }

  @Test
  void aTaskThatRunsDoesNotLeaveByTheAcknowledgementOfAnEnd() {
    launch(Tasks.task("t", agent).build());
    agent.update(framework, "t", TaskState.TASK_DROPPED, TaskState.TASK_RUNNING);

    framework.acknowledge(framework.lastUpdate());

    assertTrue(book().tasks.containsKey("t"), "it holds resources");
  }

  @Test
  @Scenario({"S-14", "F-33", "MasterTest.UnacknowledgedTerminalTask"})
  void theTaskLeavesWhenItsEndIsAcknowledged() {
    launch(Tasks.task("t", agent).build());
    agent.update(framework, "t", TaskState.TASK_FINISHED);

    assertTrue(book().tasks.containsKey("t"), "not acknowledged yet");
    assertEquals(1, fixture.count("tasks_finished"));
    framework.acknowledge(framework.lastUpdate());

    assertFalse(book().tasks.containsKey("t"));
    assertEquals(1, fixture.master.views().snapshot().size(View.Kind.COMPLETED_TASK));
    assertEquals(0, fixture.master.views().snapshot().size(View.Kind.TASK));
  }

  @Test
  @Scenario("S-14")
  void anotherUuidDoesNotEndIt() {
    launch(Tasks.task("t", agent).build());
    agent.update(framework, "t", TaskState.TASK_FINISHED);

    framework.acknowledge("t", agent.id(), ByteString.copyFrom(new byte[16]));

    assertTrue(book().tasks.containsKey("t"));
    assertEquals(
        1, agent.received(MessageCase.STATUS_UPDATE_ACKNOWLEDGEMENT).size(), "the agent decides");
  }

  @Test
  @Scenario({"S-13", "MasterTest.ReleaseResourcesForTerminalTaskWithPendingUpdates"})
  void resourcesComeBackWithTheLatestState() {
    launch(Tasks.task("t", agent, "cpus:1;mem:64").build());

    agent.update(framework, "t", TaskState.TASK_RUNNING, TaskState.TASK_FINISHED);

    assertEquals(
        Resources.parse("cpus:1;mem:64").allocate("r1"), fixture.lastRecovered().resources());
    assertTrue(fixture.lastRecovered().allocated());
    assertEquals(Optional.empty(), fixture.lastRecovered().refuse());
    int recoveries = recoveries();
    framework.acknowledge(framework.lastUpdate());
    assertTrue(book().tasks.containsKey("t"), "its end is still on the way");

    agent.update(framework, "t", TaskState.TASK_FINISHED);
    assertEquals(recoveries, recoveries(), "once");
    framework.acknowledge(framework.lastUpdate());
    assertFalse(book().tasks.containsKey("t"));
  }

  private int recoveries() {
    return fixture.toAllocator(io.meseta.allocator.AllocatorInput.RecoverResources.class).size();
  }

  @Test
  @Scenario("8.1")
  void aTerminalStateStays() {
    launch(Tasks.task("t", agent).build());
    agent.update(framework, "t", TaskState.TASK_FAILED);

    agent.update(framework, "t", TaskState.TASK_RUNNING);

    assertEquals(TaskState.TASK_FAILED, book().tasks.get("t").state());
    assertEquals(0, fixture.gauge("tasks_running"));
  }

  @Test
  @Scenario("F-34")
  void theIdOfACompletedTaskMayBeUsedAgain() {
    for (int i = 0; i < 2; i++) {
      launch(Tasks.task("t", agent).build());
      agent.update(framework, "t", TaskState.TASK_FINISHED);
      framework.acknowledge(framework.lastUpdate());
    }

    assertEquals(2, fixture.master.views().snapshot().size(View.Kind.COMPLETED_TASK));
  }

  @Test
  @Scenario({"F-33", "MasterTest.MaxCompletedTasksPerFrameworkFlag"})
  void completedTasksAreBounded() {
    for (int limit : new int[] {0, 1, 3}) {
      MasterFixture small = new MasterFixture(o -> o.maxCompletedTasksPerFramework(limit));
      TestAgent there = small.agent().register();
      TestFramework owner = small.framework().subscribe();
      for (int i = 0; i < 5; i++) {
        owner.launch(
            small.offer(owner, there, "cpus:1;mem:64"), Tasks.task("t" + i, there).build());
        there.update(owner, "t" + i, TaskState.TASK_FINISHED);
        owner.acknowledge(owner.lastUpdate());
      }
      assertEquals(limit, small.master.views().snapshot().size(View.Kind.COMPLETED_TASK));
    }
  }

  @Test
  @Scenario("S-14")
  void acknowledgementsThatMakeNoSenseAreDropped() {
    launch(Tasks.task("t", agent).build());

    framework.acknowledge("t", agent.id(), ByteString.copyFrom(new byte[16]));
    framework.acknowledge("t", "nobody", ByteString.copyFrom(new byte[16]));

    assertTrue(agent.received(MessageCase.STATUS_UPDATE_ACKNOWLEDGEMENT).isEmpty());
    assertEquals(2, fixture.count("invalid_status_update_acknowledgements"));

    framework.acknowledge("unknown", agent.id(), ByteString.copyFrom(new byte[16]));
    assertEquals(
        1,
        agent.received(MessageCase.STATUS_UPDATE_ACKNOWLEDGEMENT).size(),
        "the agent may know it");
  }

  @Test
  @Scenario({"F-22", "E-15"})
  void whileTheFrameworkIsAwayTheBooksGoOn() {
    launch(Tasks.task("t", agent).build());
    framework.close();
    int before = framework.events().size();

    agent.update(framework, "t", TaskState.TASK_RUNNING);

    assertEquals(before, framework.events().size());
    assertEquals(TaskState.TASK_RUNNING, book().tasks.get("t").state());
  }

  @Test
  @Scenario({"S-15", "FaultToleranceTest.ForwardStatusUpdateUnknownExecutor"})
  void anUpdateOfAnUnknownTaskIsForwardedButNotKept() {
    agent.update(framework, "ghost", TaskState.TASK_LOST);

    assertEquals("ghost", framework.lastUpdate().getTaskId().getValue());
    assertTrue(book().tasks.isEmpty());
  }

  @Test
  @Scenario({"S-15", "P-7"})
  void anUpdateOfAnUnknownAgentIsDropped() {
    String session = fixture.newSession();

    fixture.fromAgent(
        session,
        TestAgent.update(
            framework, agent.status("t", TaskState.TASK_RUNNING).build(), TaskState.TASK_RUNNING));

    assertTrue(framework.updates().isEmpty());
    assertEquals(1, fixture.count("invalid_status_updates"));
  }

  @Test
  @Scenario("S-16")
  void statusesAreKeptWithoutDataAndOnePerState() {
    launch(Tasks.task("t", agent).build());
    for (int i = 0; i < 3; i++) {
      TaskStatus status =
          agent
              .status("t", TaskState.TASK_RUNNING)
              .setData(ByteString.copyFromUtf8("x"))
              .setUuid(ByteString.copyFrom(new byte[16]))
              .setMessage("m" + i)
              .build();
      agent.send(TestAgent.update(framework, status, TaskState.TASK_RUNNING));
    }

    var statuses = book().tasks.get("t").toProto().getStatusesList();
    assertEquals(1, statuses.size());
    assertEquals("m2", statuses.getFirst().getMessage());
    assertFalse(statuses.getFirst().hasData());
    assertTrue(framework.lastUpdate().hasData(), "the framework gets it");
  }

  @Test
  @Scenario("A limit on everything")
  void statusesOfATaskThatFlapsAreBounded() {
    launch(Tasks.task("t", agent).build());
    for (int i = 0; i < 2 * TaskBook.MAX_STATUSES; i++) {
      agent.update(framework, "t", i % 2 == 0 ? TaskState.TASK_RUNNING : TaskState.TASK_KILLING);
    }

    assertEquals(TaskBook.MAX_STATUSES, book().tasks.get("t").toProto().getStatusesCount());
  }

  @Test
  @Scenario({"S-20", "SchedulerTest.KillTask"})
  void aKillGoesToTheAgentEachTime() {
    launch(Tasks.task("t", agent).build());
    KillPolicy policy =
        KillPolicy.newBuilder().setGracePeriod(DurationInfo.newBuilder().setNanoseconds(1)).build();

    framework.kill("t");
    framework.kill("t", agent.id(), Optional.of(policy));

    assertEquals(2, agent.received(MessageCase.KILL_TASK).size());
    assertFalse(agent.received(MessageCase.KILL_TASK).getFirst().getKillTask().hasKillPolicy());
    assertEquals(
        policy, agent.last(MessageCase.KILL_TASK).orElseThrow().getKillTask().getKillPolicy());
    assertEquals(2, fixture.count("messages_kill_task"));
  }

  @Test
  @Scenario("S-21")
  void aKillWaitsForADisconnectedAgent() {
    launch(Tasks.task("t", agent).build());
    agent.runs(framework, "t", TaskState.TASK_RUNNING, "cpus:1;mem:64");
    agent.breakLink();

    framework.kill("t");
    agent.reregister();

    assertEquals(1, agent.received(MessageCase.KILL_TASK).size());
    agent.breakLink();
    agent.reregister();
    assertTrue(agent.received(MessageCase.KILL_TASK).isEmpty(), "it was sent once");
  }

  @Test
  @Scenario({"S-22", "MasterTest.KillUnknownTask"})
  void aKillOfAnUnknownTaskIsAQuestion() {
    framework.kill("nope", agent.id(), Optional.empty());
    assertEquals(TaskState.TASK_GONE, framework.lastUpdate().getState());

    framework.kill("nope");
    assertEquals(TaskState.TASK_UNKNOWN, framework.lastUpdate().getState());
    assertEquals("Reconciliation: Task is unknown", framework.lastUpdate().getMessage());
  }

  @Test
  @Scenario("S-23")
  void aKillOnAnotherAgentIsAnsweredWithTheTruth() {
    launch(Tasks.task("t", agent).build());
    agent.update(framework, "t", TaskState.TASK_RUNNING);

    framework.kill("t", "elsewhere", Optional.empty());

    assertTrue(agent.received(MessageCase.KILL_TASK).isEmpty());
    assertEquals(agent.id(), framework.lastUpdate().getAgentId().getValue());
    assertEquals(Reason.REASON_RECONCILIATION, framework.lastUpdate().getReason());
  }

  @Test
  @Scenario({"E-10", "MasterTest.RecoverResources", "SchedulerTest.ShutdownExecutor"})
  void anExecutorsResourcesComeBackWhenItExits() {
    launch(
        Tasks.custom("t", agent, "cpus:1")
            .setExecutor(Tasks.executor("e", "cpus:0.5;mem:32"))
            .build());
    agent.update(framework, "t", TaskState.TASK_FINISHED);
    assertEquals("cpus(allocated: r1):1", fixture.lastRecovered().resources().toString());

    agent.executorExited(framework, "e", 1792);

    assertEquals(
        Resources.parse("cpus:0.5;mem:32").allocate("r1"), fixture.lastRecovered().resources());
    Event.Failure failure = framework.events(Event.Type.FAILURE).getFirst().getFailure();
    assertEquals("e", failure.getExecutorId().getValue());
    assertEquals(agent.id(), failure.getAgentId().getValue());
    assertEquals(1792, failure.getStatus());
  }

  @Test
  @Scenario("E-10")
  void anExecutorThatTheMasterDoesNotKnowExitsSilently() {
    launch(Tasks.task("t", agent).build());

    agent.executorExited(framework, "t", 0);

    assertTrue(framework.events(Event.Type.FAILURE).isEmpty());
  }

  @Test
  @Scenario({"E-8", "SchedulerTest.Message", "MasterTest.ExecutorMessageToRecoveredHttpFramework"})
  void messagesGoBothWays() {
    framework.message(agent.id(), "e", "hello");
    assertEquals(
        "hello",
        agent
            .last(MessageCase.FRAMEWORK_TO_EXECUTOR)
            .orElseThrow()
            .getFrameworkToExecutor()
            .getData()
            .toStringUtf8());
    framework.message("nobody", "e", "hello");
    assertEquals(1, fixture.count("invalid_framework_to_executor_messages"));

    agent.send(executorMessage("hi"));
    assertEquals(
        "hi",
        framework.events(Event.Type.MESSAGE).getFirst().getMessage().getData().toStringUtf8());
    framework.close();
    agent.send(executorMessage("lost"));
    assertEquals(1, framework.events(Event.Type.MESSAGE).size());
    assertEquals(1, fixture.count("invalid_executor_to_framework_messages"));
  }

  private AgentToMaster.Builder executorMessage(String data) {
    return AgentToMaster.newBuilder()
        .setExecutorToFramework(
            AgentToMaster.ExecutorToFramework.newBuilder()
                .setFrameworkId(FrameworkID.newBuilder().setValue(framework.id()))
                .setExecutorId(ExecutorID.newBuilder().setValue("e"))
                .setData(ByteString.copyFromUtf8(data)));
  }

  @Test
  @Scenario("SchedulerTest.ShutdownExecutor")
  void shutdownGoesToTheAgent() {
    framework.call(shutdown(agent.id()));
    framework.call(shutdown("nobody"));

    assertEquals(1, agent.received(MessageCase.SHUTDOWN_EXECUTOR).size());
  }

  private static Call.Builder shutdown(String agentId) {
    return Call.newBuilder()
        .setType(Call.Type.SHUTDOWN)
        .setShutdown(
            Call.Shutdown.newBuilder()
                .setAgentId(AgentID.newBuilder().setValue(agentId))
                .setExecutorId(ExecutorID.newBuilder().setValue("e")));
  }

  private FrameworkBook book() {
    return fixture.master.books().frameworks.get(framework.id());
  }

  private void launch(TaskInfo task) {
    framework.launch(fixture.offer(framework, agent, "cpus:2;mem:500"), task);
  }
}
