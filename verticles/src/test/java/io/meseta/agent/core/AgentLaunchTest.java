package io.meseta.agent.core;

import static io.meseta.agent.core.AgentFixture.AGENT_ID;
import static io.meseta.agent.core.AgentFixture.FRAMEWORK_ID;
import static io.meseta.agent.core.AgentFixture.framework;
import static io.meseta.agent.core.AgentFixture.scalar;
import static io.meseta.agent.core.AgentFixture.task;
import static io.meseta.schema.v1.FrameworkInfo.Capability.Type.PARTITION_AWARE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.meseta.schema.internal.v1.AgentJournalRecord;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.internal.v1.SupervisorCall;
import io.meseta.schema.internal.v1.SupervisorEvent;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.CommandInfo;
import io.meseta.schema.v1.ContainerInfo;
import io.meseta.schema.v1.Environment;
import io.meseta.schema.v1.ExecutorID;
import io.meseta.schema.v1.ExecutorInfo;
import io.meseta.schema.v1.HealthCheck;
import io.meseta.schema.v1.Image;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.TaskGroupInfo;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.testing.Scenario;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** from RunTask to a process, and every way in which that fails. */
class AgentLaunchTest {
  private final AgentFixture agent = AgentFixture.registered();

  @Test
  @Scenario({"A-24", "U-2", "SlaveTest.TaskStatusContainerStatus"})
  void aTaskRunsAndFinishes() {
    agent.run(framework(), task("t1"));
    assertEquals(List.of(TaskState.TASK_STARTING, TaskState.TASK_RUNNING), agent.acknowledgeAll());
    TaskStatus running = agent.lastUpdate();
    assertEquals(TaskStatus.Source.SOURCE_EXECUTOR, running.getSource());
    assertEquals(AGENT_ID, running.getAgentId());
    assertEquals("t1", running.getExecutorId().getValue(), "as recorded from upstream");
    assertEquals(agent.containerOf("t1"), running.getContainerStatus().getContainerId().getValue());
    assertEquals(
        "127.0.0.1",
        running.getContainerStatus().getNetworkInfos(0).getIpAddresses(0).getIpAddress());
    assertEquals(1000, running.getContainerStatus().getExecutorPid());
    assertFalse(running.hasReason());
    assertFalse(running.hasMessage());

    agent.forget();
    agent.exit("t1", 0);
    assertEquals(List.of(TaskState.TASK_FINISHED), agent.acknowledgeAll());
    assertTrue(agent.supervisor.processes().isEmpty(), "nothing is left of the container");
    assertTrue(agent.effects.stream().anyMatch(AgentEffect.ForgetSandbox.class::isInstance));
  }

  @Test
  @Scenario({"SlaveTest.CommandTaskWithArguments", "A-24"})
  void theProcessGetsCommandUserAndEnvironment() {
    agent.run(
        framework(),
        task("t1")
            .setCommand(
                CommandInfo.newBuilder()
                    .setShell(false)
                    .setValue("/bin/echo")
                    .addArguments("echo")
                    .addArguments("hello")
                    .setEnvironment(
                        Environment.newBuilder()
                            .addVariables(
                                Environment.Variable.newBuilder().setName("A").setValue("b")))));
    SupervisorCall.Launch launch = launches().getFirst();
    assertEquals("/bin/echo", launch.getExecutable());
    assertEquals(List.of("echo", "hello"), launch.getArgvList());
    assertEquals("nobody", launch.getUser());
    assertEquals("/sandbox/t1", launch.getWorkingDirectory());
    assertEquals("/sandbox/t1/stdout", launch.getStdoutPath());
    Map<String, String> environment =
        launch.getEnvironmentList().stream()
            .collect(
                Collectors.toMap(
                    SupervisorCall.Variable::getName, SupervisorCall.Variable::getValue));
    assertEquals("b", environment.get("A"));
    assertEquals("1", environment.get("FROM_FLAG"));
    assertEquals("t1", environment.get("MESOS_EXECUTOR_ID"));
    assertEquals(FRAMEWORK_ID.getValue(), environment.get("MESOS_FRAMEWORK_ID"));
    assertEquals("/sandbox/t1", environment.get("MESOS_SANDBOX"));
    assertEquals("0", environment.get("MESOS_CHECKPOINT"));
    assertEquals("5secs", environment.get("MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD"));
    assertFalse(environment.containsKey("HOME"), "nothing of the agent's own");
  }

  @Test
  void theTasksUserIsTheCommandsOrElseTheFrameworks() {
    agent.run(
        framework(),
        task("t1").setCommand(CommandInfo.newBuilder().setValue("true").setUser("daemon")));
    AgentEffect.PrepareSandbox prepare =
        agent.effects.stream()
            .filter(AgentEffect.PrepareSandbox.class::isInstance)
            .map(AgentEffect.PrepareSandbox.class::cast)
            .findFirst()
            .orElseThrow();
    assertEquals(Optional.of("daemon"), prepare.user());
    assertEquals("daemon", launches().getFirst().getUser());
  }

  @Test
  @Scenario({"C-2", "D-15"})
  void aCheckpointingTaskIsOnTheDiskBeforeItsProcessExists() {
    agent.holdJournal = true;
    agent.run(framework().setCheckpoint(true), task("t1"));
    assertEquals(
        List.of(
            AgentJournalRecord.RecordCase.FRAMEWORK,
            AgentJournalRecord.RecordCase.EXECUTOR,
            AgentJournalRecord.RecordCase.TASK),
        agent.journal.stream().skip(1).map(AgentJournalRecord::getRecordCase).toList());
    assertEquals(List.of(), launches());
    agent.release();
    assertEquals(1, launches().size());
  }

  @Test
  @Scenario("C-1")
  void othersAreNotWrittenAtAll() {
    agent.run(framework(), task("t1"));
    agent.acknowledgeAll();
    agent.exit("t1", 0);
    agent.acknowledgeAll();
    assertEquals(
        List.of(AgentJournalRecord.RecordCase.AGENT),
        agent.journal.stream().map(AgentJournalRecord::getRecordCase).toList());
  }

  @Test
  @Scenario("A-24")
  void anUnknownUserDropsTheTask() {
    String text =
        "Failed to create executor directory '/x': Failed to chown directory to 'who': No such"
            + " user 'who'";
    agent.sandboxFailure = Optional.of(text);
    agent.run(framework(PARTITION_AWARE), task("t1"));
    TaskStatus status = agent.lastUpdate();
    assertEquals(TaskState.TASK_DROPPED, status.getState());
    assertEquals(TaskStatus.Reason.REASON_EXECUTOR_TERMINATED, status.getReason());
    assertEquals(TaskStatus.Source.SOURCE_AGENT, status.getSource());
    assertEquals(text, status.getMessage());
    assertEquals("t1", status.getExecutorId().getValue());
    assertFalse(status.hasContainerStatus());
    assertEquals(List.of(), launches());

    AgentFixture other = AgentFixture.registered();
    other.sandboxFailure = Optional.of(text);
    other.run(framework(), task("t1"));
    assertEquals(List.of(TaskState.TASK_LOST), other.states(), "not PARTITION_AWARE");
  }

  @Test
  @Scenario("A-24")
  void aContainerThatCannotBeLaunchedFailsTheTask() {
    agent.launchFailure = Optional.of(SupervisorEvent.LaunchFailed.Reason.SWITCH_USER);
    agent.run(framework(), task("t1"));
    assertEquals(List.of(TaskState.TASK_FAILED), agent.states());
    assertEquals(TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED, agent.lastUpdate().getReason());
    assertEquals("Failed to launch container: no luck", agent.lastUpdate().getMessage());
  }

  @Test
  void aMissingExecutableLooksAsItDoesUpstream() {
    agent.launchFailure = Optional.of(SupervisorEvent.LaunchFailed.Reason.EXECUTABLE_NOT_FOUND);
    agent.run(framework(), task("t1"));
    assertEquals(
        List.of(TaskState.TASK_STARTING, TaskState.TASK_RUNNING, TaskState.TASK_FAILED),
        agent.acknowledgeAll());
    assertEquals("Command exited with status 1", agent.lastUpdate().getMessage());
    assertTrue(
        agent.effects.stream()
            .anyMatch(
                effect ->
                    effect instanceof AgentEffect.TellSandbox tell
                        && tell.line().equals("no luck")));
  }

  @Test
  void aCommandWithoutValueLooksAsItDoesUpstream() {
    agent.run(framework(), task("t1").setCommand(CommandInfo.getDefaultInstance()));
    assertEquals(List.of(TaskState.TASK_STARTING, TaskState.TASK_FAILED), agent.acknowledgeAll());
    TaskStatus status = agent.lastUpdate();
    assertEquals("Executor terminated", status.getMessage());
    assertEquals(TaskStatus.Reason.REASON_EXECUTOR_TERMINATED, status.getReason());
    assertEquals(TaskStatus.Source.SOURCE_AGENT, status.getSource());
  }

  @Test
  @Scenario("A-24")
  void aTaskWhoseExecutorShouldBeThereIsDropped() {
    agent.run(framework(PARTITION_AWARE), task("t1"), false);
    assertEquals(List.of(TaskState.TASK_DROPPED), agent.states());
    assertEquals(
        "No executor is expected to launch and there is none running",
        agent.lastUpdate().getMessage());
    assertEquals(TaskStatus.Reason.REASON_EXECUTOR_TERMINATED, agent.lastUpdate().getReason());
  }

  @Test
  @Scenario({"A-24", "SlaveTest.RunTaskResourceVersions"})
  void aTaskThatAssumesOtherResourcesIsDropped() {
    agent.master(
        MasterToAgent.newBuilder()
            .setRunTask(
                MasterToAgent.RunTask.newBuilder()
                    .setFramework(framework(PARTITION_AWARE))
                    .setTask(task("t1"))
                    .setLaunchExecutor(true)
                    .setResourceVersionUuid(ByteString.copyFromUtf8("another version!"))));
    assertEquals(List.of(TaskState.TASK_DROPPED), agent.states());
    assertEquals(TaskStatus.Reason.REASON_INVALID_OFFERS, agent.lastUpdate().getReason());
    assertEquals("Tasks assumes outdated resource state", agent.lastUpdate().getMessage());
  }

  @Test
  @Scenario("A-24")
  void aTaskOnAnUnknownReservationIsDropped() {
    agent.run(
        framework(PARTITION_AWARE),
        task("t1")
            .addResources(
                scalar("mem", 32)
                    .addReservations(
                        Resource.ReservationInfo.newBuilder()
                            .setRole("ads")
                            .setType(Resource.ReservationInfo.Type.DYNAMIC))));
    assertEquals(List.of(TaskState.TASK_DROPPED), agent.states());
    assertEquals(TaskStatus.Reason.REASON_RESOURCES_UNKNOWN, agent.lastUpdate().getReason());
  }

  @Test
  @Scenario("A-26")
  void aCustomExecutorIsRefusedAndTheMasterFreesItsResources() {
    agent.run(
        framework(),
        task("t1")
            .clearCommand()
            .setExecutor(
                ExecutorInfo.newBuilder()
                    .setExecutorId(ExecutorID.newBuilder().setValue("custom"))));
    assertEquals(List.of(TaskState.TASK_FAILED), agent.states());
    assertEquals(TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED, agent.lastUpdate().getReason());
    assertTrue(agent.lastUpdate().getMessage().contains("'TaskInfo.executor'"));
    AgentToMaster.ExitedExecutor exited = agent.sent().getLast().getExitedExecutor();
    assertEquals("custom", exited.getExecutorId().getValue());
    assertEquals(-1, exited.getStatus());
  }

  @Test
  @Scenario("A-24")
  void aTaskGroupIsRefusedAsAWhole() {
    agent.master(
        MasterToAgent.newBuilder()
            .setRunTaskGroup(
                MasterToAgent.RunTaskGroup.newBuilder()
                    .setFramework(framework())
                    .setExecutor(
                        ExecutorInfo.newBuilder()
                            .setExecutorId(ExecutorID.newBuilder().setValue("group")))
                    .setTaskGroup(
                        TaskGroupInfo.newBuilder().addTasks(task("t1")).addTasks(task("t2")))
                    .setLaunchExecutor(true)));
    assertEquals(List.of(TaskState.TASK_FAILED, TaskState.TASK_FAILED), agent.states());
    assertTrue(agent.sent().getLast().hasExitedExecutor());
  }

  @Test
  void whatTheAgentCannotDoIsRefusedAndNamed() {
    refuses(
        task("t")
            .setCommand(
                CommandInfo.newBuilder()
                    .setValue("true")
                    .addUris(CommandInfo.URI.newBuilder().setValue("http://x/y"))),
        "'CommandInfo.uris'");
    refuses(
        task("t").setContainer(ContainerInfo.newBuilder().setType(ContainerInfo.Type.DOCKER)),
        "DOCKER");
    refuses(
        task("t")
            .setContainer(
                ContainerInfo.newBuilder()
                    .setType(ContainerInfo.Type.MESOS)
                    .setMesos(
                        ContainerInfo.MesosInfo.newBuilder()
                            .setImage(Image.newBuilder().setType(Image.Type.DOCKER)))),
        "'ContainerInfo.mesos.image'");
    refuses(
        task("t")
            .setCommand(
                CommandInfo.newBuilder()
                    .setValue("true")
                    .setEnvironment(
                        Environment.newBuilder()
                            .addVariables(
                                Environment.Variable.newBuilder()
                                    .setName("PASSWORD")
                                    .setType(Environment.Variable.Type.SECRET)))),
        "'PASSWORD'");
  }

  private static void refuses(TaskInfo.Builder task, String named) {
    AgentFixture fixture = AgentFixture.registered();
    fixture.run(framework(), task);
    assertEquals(List.of(TaskState.TASK_FAILED), fixture.states());
    assertEquals(
        TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED, fixture.lastUpdate().getReason());
    String message = fixture.lastUpdate().getMessage();
    assertTrue(message.startsWith("Failed to launch container: "), message);
    assertTrue(message.contains(named), message);
  }

  @Test
  void aTaskWithAHealthCheckRunsAndTheOperatorIsTold() {
    agent.run(framework(), task("t1").setHealthCheck(HealthCheck.getDefaultInstance()));
    assertEquals(List.of(TaskState.TASK_STARTING, TaskState.TASK_RUNNING), agent.acknowledgeAll());
    assertTrue(agent.log().stream().anyMatch(line -> line.message().contains("checks")));
  }

  @Test
  @Scenario("A-24")
  void aTaskForAnotherAgentIsIgnored() {
    agent.run(framework(), task("t1").setAgentId(AgentID.newBuilder().setValue("other")));
    assertEquals(List.of(), agent.sent());
    assertEquals(List.of(), launches());
  }

  @Test
  @Scenario("SlaveTest.DuplicateTaskIdCommandExecutor")
  void aSecondTaskWithTheIdOfARunningOneChangesNothing() {
    agent.run(framework(), task("t1"));
    agent.run(framework(), task("t1"));
    assertEquals(1, launches().size());
    assertEquals(List.of(TaskState.TASK_STARTING, TaskState.TASK_RUNNING), agent.acknowledgeAll());
  }

  @Test
  void anIdMayBeUsedAgainAfterTheEnd() {
    agent.run(framework(), task("t1"));
    agent.acknowledgeAll();
    agent.exit("t1", 0);
    agent.acknowledgeAll();
    agent.forget();
    agent.run(framework(), task("t1"));
    assertEquals(List.of(TaskState.TASK_STARTING, TaskState.TASK_RUNNING), agent.acknowledgeAll());
  }

  @Test
  void atTheBoundFurtherTasksAreRefused() {
    agent.holdSandboxes = true;
    for (int i = 0; i < Launches.MAX_EXECUTORS; i++) {
      agent.run(framework(), task("t" + i));
    }
    assertEquals(List.of(), agent.states());
    agent.run(framework(), task("one-more"));
    assertEquals(List.of(TaskState.TASK_FAILED), agent.states());
    assertTrue(agent.lastUpdate().getMessage().contains("10000 executors"));
  }

  private List<SupervisorCall.Launch> launches() {
    return agent.calls.stream()
        .filter(SupervisorCall::hasLaunch)
        .map(SupervisorCall::getLaunch)
        .toList();
  }
}
