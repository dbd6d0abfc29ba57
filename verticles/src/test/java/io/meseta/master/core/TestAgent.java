package io.meseta.master.core;

import com.google.protobuf.ByteString;
import io.meseta.kernel.Ids;
import io.meseta.kernel.Principal;
import io.meseta.kernel.Rng;
import io.meseta.resources.Resources;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.v1.AgentInfo;
import io.meseta.schema.v1.ExecutorID;
import io.meseta.schema.v1.ExecutorInfo;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.Task;
import io.meseta.schema.v1.TaskID;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An agent as the master sees it: a link and messages on it. */
final class TestAgent {
  private static final Rng UUIDS = Rng.seeded(7);

  /** Describes an agent. */
  static final class Setup {
    private final MasterFixture fixture;
    private final AgentInfo.Builder info =
        AgentInfo.newBuilder().setHostname("agent").setPort(5051);
    private String resources = "cpus:4;mem:4096;disk:1000;ports:[31000-31100]";
    private Principal principal = Principal.ANONYMOUS;

    Setup(MasterFixture fixture) {
      this.fixture = fixture;
    }

    Setup hostname(String hostname) {
      info.setHostname(hostname);
      return this;
    }

    Setup port(int port) {
      info.setPort(port);
      return this;
    }

    Setup resources(String text) {
      resources = text;
      return this;
    }

    Setup as(Principal caller) {
      principal = caller;
      return this;
    }

    AgentInfo.Builder info() {
      return info;
    }

    /** Registers over a new link; the registry decides when that is done. */
    TestAgent register() {
      TestAgent agent =
          new TestAgent(
              fixture,
              info.addAllResources(Resources.parse(resources).toProto()).build(),
              principal);
      agent.sendRegister();
      return agent;
    }

    /** An agent with this id, which it has from an earlier life, and no link yet. */
    TestAgent known(String id) {
      info.getIdBuilder().setValue(id);
      return new TestAgent(
          fixture, info.addAllResources(Resources.parse(resources).toProto()).build(), principal);
    }
  }

  private final MasterFixture fixture;
  private final Principal principal;
  private final AgentInfo info;
  final List<FrameworkInfo> frameworks = new ArrayList<>();
  final List<Task> tasks = new ArrayList<>();
  final List<ExecutorInfo> executors = new ArrayList<>();
  private final String firstSession;
  String session;

  private TestAgent(MasterFixture fixture, AgentInfo info, Principal principal) {
    this.fixture = fixture;
    this.info = info;
    this.principal = principal;
    this.firstSession = fixture.newSession();
    this.session = firstSession;
  }

  void sendRegister() {
    send(
        AgentToMaster.newBuilder()
            .setRegister(
                AgentToMaster.Register.newBuilder()
                    .setAgentInfo(info)
                    .setVersion("1.0")
                    .addAllCapabilities(capabilities())));
  }

  /** Comes back over a new link with what {@link #tasks} and the like say. */
  void reregister() {
    session = fixture.newSession();
    sendReregister(info.toBuilder().setId(Statuses.agentId(id())).build());
  }

  void reregisterAs(AgentInfo changed) {
    session = fixture.newSession();
    sendReregister(changed);
  }

  AgentInfo info() {
    return info.toBuilder().setId(Statuses.agentId(id())).build();
  }

  private void sendReregister(AgentInfo described) {
    send(
        AgentToMaster.newBuilder()
            .setReregister(
                AgentToMaster.Reregister.newBuilder()
                    .setAgentInfo(described)
                    .setVersion("1.0")
                    .addAllCapabilities(capabilities())
                    .addAllFrameworks(frameworks)
                    .addAllTasks(tasks)
                    .addAllExecutors(executors)));
  }

  private static List<AgentInfo.Capability> capabilities() {
    return List.of(
        AgentInfo.Capability.newBuilder().setType(AgentInfo.Capability.Type.MULTI_ROLE).build(),
        AgentInfo.Capability.newBuilder()
            .setType(AgentInfo.Capability.Type.TASK_RESOURCE_LIMITS)
            .build());
  }

  void send(AgentToMaster.Builder message) {
    fixture.input(new MasterInput.FromAgent(session, message.build(), principal));
  }

  /** What the master said over the present link. */
  List<MasterToAgent> received() {
    return fixture.toAgents.get(session);
  }

  List<MasterToAgent> received(MasterToAgent.MessageCase kind) {
    return received().stream().filter(message -> message.getMessageCase() == kind).toList();
  }

  /** Its own from an earlier life, or the one it was given over its first link. */
  String id() {
    return info.hasId()
        ? info.getId().getValue()
        : fixture.toAgents.get(firstSession).stream()
            .filter(MasterToAgent::hasRegistered)
            .map(message -> message.getRegistered().getAgentId().getValue())
            .findFirst()
            .orElseThrow();
  }

  void breakLink() {
    fixture.input(new MasterInput.LinkClosed(session));
  }

  void pong() {
    send(AgentToMaster.newBuilder().setPong(AgentToMaster.Pong.getDefaultInstance()));
  }

  void unregister() {
    send(AgentToMaster.newBuilder().setUnregister(AgentToMaster.Unregister.getDefaultInstance()));
  }

  /** Says that the task is in the state, and gives the update's uuid. */
  ByteString update(TestFramework framework, String taskId, TaskState state) {
    return update(framework, taskId, state, state);
  }

  ByteString update(TestFramework framework, String taskId, TaskState state, TaskState latest) {
    ByteString uuid = ByteString.copyFrom(Ids.bytes(Ids.uuid(UUIDS)));
    send(update(framework, status(taskId, state).setUuid(uuid).build(), latest));
    return uuid;
  }

  TaskStatus.Builder status(String taskId, TaskState state) {
    return TaskStatus.newBuilder()
        .setTaskId(TaskID.newBuilder().setValue(taskId))
        .setState(state)
        .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
        .setAgentId(Statuses.agentId(id()))
        .setTimestamp(1);
  }

  static AgentToMaster.Builder update(
      TestFramework framework, TaskStatus status, TaskState latest) {
    return AgentToMaster.newBuilder()
        .setStatusUpdate(
            AgentToMaster.StatusUpdate.newBuilder()
                .setFrameworkId(FrameworkID.newBuilder().setValue(framework.id()))
                .setStatus(status)
                .setLatestState(latest));
  }

  void executorExited(TestFramework framework, String executorId, int status) {
    send(
        AgentToMaster.newBuilder()
            .setExitedExecutor(
                AgentToMaster.ExitedExecutor.newBuilder()
                    .setFrameworkId(FrameworkID.newBuilder().setValue(framework.id()))
                    .setExecutorId(ExecutorID.newBuilder().setValue(executorId))
                    .setStatus(status)));
  }

  /** What the agent would report of a task that it runs. */
  void runs(TestFramework framework, String taskId, TaskState state, String resources) {
    tasks.add(
        Task.newBuilder()
            .setName(taskId)
            .setTaskId(TaskID.newBuilder().setValue(taskId))
            .setFrameworkId(FrameworkID.newBuilder().setValue(framework.id()))
            .setAgentId(Statuses.agentId(id()))
            .setState(state)
            .addAllResources(Resources.parse(resources).allocate(framework.role()).toProto())
            .build());
  }

  Optional<MasterToAgent> last(MasterToAgent.MessageCase kind) {
    List<MasterToAgent> all = received(kind);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }
}
