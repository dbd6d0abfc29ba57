package io.meseta.master.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.kernel.Authorizer;
import io.meseta.log.registry.RegistryState;
import io.meseta.schema.internal.v1.GoneAgent;
import io.meseta.schema.internal.v1.RegisteredAgent;
import io.meseta.schema.internal.v1.RegistrySnapshot;
import io.meseta.schema.internal.v1.UnreachableAgent;
import io.meseta.schema.v1.AgentInfo;
import io.meseta.schema.v1.ContainerID;
import io.meseta.schema.v1.ContainerStatus;
import io.meseta.schema.v1.FrameworkInfo.Capability;
import io.meseta.schema.v1.TaskID;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.testing.Scenario;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReconcileTest {
  private final MasterFixture fixture = new MasterFixture();

  @Test
  @Scenario({"R-1", "SchedulerTest.ReconcileTask", "ReconciliationTest.TaskStateMatch"})
  void aKnownTaskIsToldWithWhatItsLastStatusSaid() {
    TestAgent agent = fixture.agent().register();
    TestFramework framework = fixture.framework().subscribe();
    framework.launch(
        fixture.offer(framework, agent, "cpus:1;mem:64"), Tasks.task("t", agent).build());
    TaskStatus running =
        agent
            .status("t", TaskState.TASK_RUNNING)
            .setHealthy(true)
            .setUuid(com.google.protobuf.ByteString.copyFrom(new byte[16]))
            .setData(com.google.protobuf.ByteString.copyFromUtf8("x"))
            .setContainerStatus(
                ContainerStatus.newBuilder().setContainerId(ContainerID.newBuilder().setValue("c")))
            .build();
    agent.send(TestAgent.update(framework, running, TaskState.TASK_RUNNING));

    framework.reconcile("t", "wrong-agent");

    TaskStatus status = framework.lastUpdate();
    assertEquals(TaskState.TASK_RUNNING, status.getState());
    assertEquals("Reconciliation: Latest task state", status.getMessage());
    assertEquals(TaskStatus.Reason.REASON_RECONCILIATION, status.getReason());
    assertEquals(TaskStatus.Source.SOURCE_MASTER, status.getSource());
    assertEquals(agent.id(), status.getAgentId().getValue());
    assertTrue(status.getHealthy());
    assertEquals("c", status.getContainerStatus().getContainerId().getValue());
    assertFalse(status.hasUuid());
    assertFalse(status.hasData());
    assertEquals(MasterFixture.START_NANOS / 1e9, status.getTimestamp());
  }

  @Test
  @Scenario({"R-2", "ReconciliationTest.ReconcileStatusUpdateTaskState"})
  void theAnswerIsNotAheadOfTheUpdates() {
    TestAgent agent = fixture.agent().register();
    TestFramework framework = fixture.framework().subscribe();
    framework.launch(
        fixture.offer(framework, agent, "cpus:1;mem:64"), Tasks.task("t", agent).build());
    agent.update(framework, "t", TaskState.TASK_STARTING, TaskState.TASK_FINISHED);

    framework.reconcile("t", "");

    assertEquals(TaskState.TASK_STARTING, framework.lastUpdate().getState());
  }

  @Test
  @Scenario({
    "R-3",
    "ReconciliationTest.ImplicitNonTerminalTask",
    "ReconciliationTest.ImplicitTerminalTask",
    "ReconciliationTest.UnacknowledgedTerminalTask"
  })
  void implicitlyAllTasksInMemoryAreTold() {
    TestAgent agent = fixture.agent().register();
    TestFramework framework = fixture.framework().subscribe();
    for (String id : List.of("staging", "ended", "acknowledged")) {
      framework.launch(
          fixture.offer(framework, agent, "cpus:1;mem:64"), Tasks.task(id, agent).build());
    }
    agent.update(framework, "ended", TaskState.TASK_FAILED);
    agent.update(framework, "acknowledged", TaskState.TASK_FINISHED);
    framework.acknowledge(framework.lastUpdate());
    int before = framework.updates().size();

    framework.reconcile();

    List<TaskStatus> answers = framework.updates().subList(before, framework.updates().size());
    assertEquals(
        List.of("staging", "ended"), answers.stream().map(s -> s.getTaskId().getValue()).toList());
    assertEquals(
        List.of(TaskState.TASK_STAGING, TaskState.TASK_FAILED),
        answers.stream().map(TaskStatus::getState).toList());
    assertEquals(1, fixture.count("messages_reconcile_tasks"));
  }

  @Test
  @Scenario({"R-3", "R-5", "R-8"})
  void withoutTasksNothingAndOneAnswerForEachQuestion() {
    TestFramework framework = fixture.framework().subscribe();
    framework.reconcile();
    assertTrue(framework.updates().isEmpty());

    Call.Reconcile.Builder questions = Call.Reconcile.newBuilder();
    for (String id : List.of("b", "a", "b")) {
      questions.addTasks(
          Call.Reconcile.Task.newBuilder().setTaskId(TaskID.newBuilder().setValue(id)));
    }
    framework.call(Call.newBuilder().setType(Call.Type.RECONCILE).setReconcile(questions));

    assertEquals(
        List.of("b", "a", "b"),
        framework.updates().stream().map(status -> status.getTaskId().getValue()).toList());
  }

  @Test
  @Scenario({
    "R-4",
    "ReconciliationTest.UnknownTask",
    "ReconciliationTest.UnknownTaskPartitionAware"
  })
  void anUnknownTaskOnARegisteredAgentIsGone() {
    TestAgent agent = fixture.agent().register();

    assertAnswers(agent.id(), TaskState.TASK_GONE, "Reconciliation: Task is unknown to the agent");
  }

  @Test
  @Scenario({"R-4", "ReconciliationTest.UnknownSlave"})
  void anUnknownTaskOnAnUnknownAgentIsUnknown() {
    assertAnswers("nobody", TaskState.TASK_UNKNOWN, "Reconciliation: Task is unknown");
    assertAnswers("", TaskState.TASK_UNKNOWN, "Reconciliation: Task is unknown");
  }

  private void assertAnswers(String agentId, TaskState aware, String message) {
    TestFramework modern = fixture.framework().subscribe();
    TestFramework older = fixture.framework().without(Capability.Type.PARTITION_AWARE).subscribe();

    modern.reconcile("nope", agentId);
    older.reconcile("nope", agentId);

    assertEquals(aware, modern.lastUpdate().getState());
    assertEquals(message, modern.lastUpdate().getMessage());
    assertEquals(agentId, modern.lastUpdate().getAgentId().getValue());
    assertEquals(!agentId.isEmpty(), modern.lastUpdate().hasAgentId());
    assertEquals(TaskState.TASK_LOST, older.lastUpdate().getState());
    assertEquals(message, older.lastUpdate().getMessage());
  }

  @Test
  @Scenario({
    "R-4",
    "M-5",
    "ReconciliationTest.RecoveredAgent",
    "MasterTest.KillUnknownTaskSlaveInTransition"
  })
  void whileAnAgentMayComeBackNothingIsSaid() {
    MasterFixture later = withRegistry(RegistrySnapshot.newBuilder().addAgents(registered("a1")));
    TestFramework framework = later.framework().subscribe();

    framework.reconcile("t", "a1");
    framework.reconcile("t", "");
    framework.kill("t");
    assertTrue(framework.updates().isEmpty());

    framework.reconcile("t", "other");
    assertEquals(TaskState.TASK_UNKNOWN, framework.lastUpdate().getState());

    later.agent().known("a1").reregister();
    framework.reconcile("t", "a1");
    assertEquals(TaskState.TASK_GONE, framework.lastUpdate().getState());
  }

  @Test
  @Scenario({"R-4", "ReconciliationTest.PartitionedAgentThenMasterFailover"})
  void unreachableAndGoneAgentsAreRememberedByTheRegistry() {
    MasterFixture later =
        withRegistry(
            RegistrySnapshot.newBuilder()
                .addUnreachable(
                    UnreachableAgent.newBuilder()
                        .setId(Statuses.agentId("u"))
                        .setSince(Statuses.time(77)))
                .addGone(
                    GoneAgent.newBuilder()
                        .setId(Statuses.agentId("g"))
                        .setSince(Statuses.time(78))));
    TestFramework framework = later.framework().subscribe();

    framework.reconcile("t", "u");
    assertEquals(TaskState.TASK_UNREACHABLE, framework.lastUpdate().getState());
    assertEquals(77, framework.lastUpdate().getUnreachableTime().getNanoseconds());
    assertEquals("Reconciliation: Task is unreachable", framework.lastUpdate().getMessage());

    framework.reconcile("t", "g");
    assertEquals(TaskState.TASK_GONE_BY_OPERATOR, framework.lastUpdate().getState());
    assertEquals("Reconciliation: Task is gone", framework.lastUpdate().getMessage());
  }

  @Test
  @Scenario("R-4")
  void anOlderFrameworkLearnsWhenTheTaskWasLost() {
    MasterFixture later =
        withRegistry(
            RegistrySnapshot.newBuilder()
                .addUnreachable(
                    UnreachableAgent.newBuilder()
                        .setId(Statuses.agentId("u"))
                        .setSince(Statuses.time(77))));
    TestFramework framework =
        later.framework().without(Capability.Type.PARTITION_AWARE).subscribe();

    framework.reconcile("t", "u");

    assertEquals(TaskState.TASK_LOST, framework.lastUpdate().getState());
    assertEquals(77, framework.lastUpdate().getUnreachableTime().getNanoseconds());
  }

  private static MasterFixture withRegistry(RegistrySnapshot.Builder snapshot) {
    return new MasterFixture(o -> o, Authorizer.PERMISSIVE, RegistryState.of(snapshot.build()));
  }

  private static RegisteredAgent registered(String id) {
    return RegisteredAgent.newBuilder()
        .setInfo(AgentInfo.newBuilder().setHostname("agent").setId(Statuses.agentId(id)))
        .build();
  }
}
