package io.meseta.master.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.allocator.AllocatorInput;
import io.meseta.kernel.Authorizer;
import io.meseta.kernel.Principal;
import io.meseta.log.registry.RegistryState;
import io.meseta.resources.Resources;
import io.meseta.schema.internal.v1.GoneAgent;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.internal.v1.MasterToAgent.MessageCase;
import io.meseta.schema.internal.v1.RegisteredAgent;
import io.meseta.schema.internal.v1.RegistrySnapshot;
import io.meseta.schema.v1.AgentInfo;
import io.meseta.schema.v1.ExecutorInfo;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus.Reason;
import io.meseta.testing.Scenario;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentsTest {
  private final MasterFixture fixture = new MasterFixture();

  @Test
  @Scenario({"A-11", "P-1"})
  void anAgentIsRegisteredWhenTheRegistryHasIt() {
    fixture.holdRegistry();
    TestAgent agent = fixture.agent().resources("cpus:2;mem:100").register();
    assertTrue(agent.received().isEmpty());
    assertEquals(
        "master-S0", fixture.written.getLast().getAdmitAgent().getAgent().getId().getValue());

    fixture.releaseRegistry();

    MasterToAgent.Registered registered = agent.received().getFirst().getRegistered();
    assertEquals("master-S0", registered.getAgentId().getValue());
    assertEquals(75_000, registered.getTotalPingTimeoutMillis());
    AllocatorInput.AddAgent added = fixture.toAllocator(AllocatorInput.AddAgent.class).getLast();
    assertEquals("master-S0", added.agentId());
    assertEquals(Resources.parse("cpus:2;mem:100"), added.total());
    assertEquals(Map.of(), added.used());
    assertEquals(1, fixture.gauge("slaves_connected"));
  }

  @Test
  @Scenario("A-9")
  void askingAgainChangesNothing() {
    fixture.holdRegistry();
    TestAgent agent = fixture.agent().register();
    agent.sendRegister();
    assertEquals(1, fixture.written.size());
    fixture.releaseRegistry();

    agent.sendRegister();

    assertEquals(2, agent.received(MessageCase.REGISTERED).size());
    assertEquals(1, fixture.master.books().agents.size());
  }

  @Test
  @Scenario("A-11")
  void whoMayNotRegisterIsToldByTheEndOfTheLink() {
    Authorizer noAgents =
        (principal, action, object) ->
            action != Authorizer.Action.REGISTER_AGENT || principal.value().isPresent();
    MasterFixture guarded = new MasterFixture(o -> o, noAgents, RegistryState.EMPTY);

    TestAgent refused = guarded.agent().register();
    guarded.agent().as(Principal.named("agent")).register();

    assertEquals(List.of(refused.session), guarded.closedLinks);
    assertEquals(1, guarded.master.books().agents.size());
  }

  @Test
  @Scenario("V-12")
  void resourcesThatMakeNoSenseAreRefused() {
    TestAgent.Setup setup = fixture.agent().resources("");
    setup
        .info()
        .addResources(
            io.meseta.schema.v1.Resource.newBuilder()
                .setName("cpus")
                .setType(io.meseta.schema.v1.Value.Type.SCALAR)
                .setScalar(io.meseta.schema.v1.Value.Scalar.newBuilder().setValue(-1)));

    setup.register();

    assertEquals(1, fixture.closedLinks.size());
    assertTrue(fixture.master.books().agents.isEmpty());
  }

  @Test
  @Scenario("A-15")
  void anAgentThatLeftBeforeItLearnedItsIdLeavesNothing() {
    fixture.holdRegistry();
    TestAgent agent = fixture.agent().register();
    agent.breakLink();

    fixture.releaseRegistry();

    assertTrue(fixture.master.books().agents.isEmpty());
    assertEquals("master-S0", fixture.written.getLast().getRemoveAgent().getAgentId().getValue());
  }

  @Test
  @Scenario("A-11")
  void whenTheRegistryRefusesTheAgentMayTryAgain() {
    fixture.holdRegistry();
    TestAgent agent = fixture.agent().register();

    fixture.failRegistry("disk full");

    assertEquals(List.of(agent.session), fixture.closedLinks);
    assertTrue(fixture.resigned.isEmpty());
  }

  @Test
  @Scenario("10")
  void aNewAgentInThePlaceOfADisconnectedOneReplacesIt() {
    TestAgent old = fixture.agent().register();
    TestFramework framework = fixture.framework().subscribe();
    framework.launch(fixture.offer(framework, old, "cpus:1;mem:64"), Tasks.task("t", old).build());
    old.breakLink();

    TestAgent next = fixture.agent().register();

    assertEquals("master-S1", next.id());
    assertEquals(TaskState.TASK_LOST, framework.lastUpdate().getState());
    assertEquals(1, fixture.master.books().agents.size());
  }

  @Test
  @Scenario({"A-17", "P-5"})
  void agentsThatMayNotComeBackAreShutDown() {
    MasterFixture later =
        new MasterFixture(
            o -> o,
            Authorizer.PERMISSIVE,
            RegistryState.of(
                RegistrySnapshot.newBuilder()
                    .addGone(
                        GoneAgent.newBuilder()
                            .setId(Statuses.agentId("g"))
                            .setSince(Statuses.time(1)))
                    .build()));
    TestAgent gone = later.agent().known("g");
    gone.reregister();
    assertEquals(
        "Agent has been marked gone",
        gone.last(MessageCase.SHUTDOWN).orElseThrow().getShutdown().getMessage());

    TestAgent agent = fixture.agent().hostname("here").register();
    agent.reregisterAs(agent.info().toBuilder().setHostname("there").build());
    assertEquals(
        "Agent attempted to re-register with different IP / hostname",
        agent.last(MessageCase.SHUTDOWN).orElseThrow().getShutdown().getMessage());
  }

  @Test
  @Scenario({"M-4", "M-6", "MasterTest.FailoverAgentReregisterFirst"})
  void afterAFailoverAnAgentBringsItsTasksAndFrameworks() {
    MasterFixture later =
        new MasterFixture(
            o -> o,
            Authorizer.PERMISSIVE,
            RegistryState.of(
                RegistrySnapshot.newBuilder()
                    .addAgents(
                        RegisteredAgent.newBuilder().setInfo(fixture.agent().known("a1").info()))
                    .build()));
    TestFramework absent = fixture.framework().id("f1").subscribe();
    TestAgent agent = later.agent().known("a1");
    agent.frameworks.add(frameworkInfo("f1"));
    agent.runs(absent, "t", TaskState.TASK_RUNNING, "cpus:1;mem:64");
    agent.executors.add(executor("f1", "e", "cpus:0.5"));

    agent.reregister();

    assertTrue(
        later.written.stream().noneMatch(w -> w.hasAdmitAgent() || w.hasMarkAgentReachable()));
    assertEquals(FrameworkBook.State.RECOVERED, later.master.books().frameworks.get("f1").state());
    AllocatorInput.AddAgent added = later.toAllocator(AllocatorInput.AddAgent.class).getLast();
    assertEquals(Map.of("f1", Resources.parse("cpus:1.5;mem:64").allocate("r1")), added.used());
    assertEquals(
        "a1",
        agent
            .last(MessageCase.REREGISTERED)
            .orElseThrow()
            .getReregistered()
            .getAgentId()
            .getValue());

    TestFramework back = later.framework().id("f1").subscribe();
    assertTrue(back.updates().isEmpty(), "no UPDATE for recovered agents");
    back.reconcile();
    assertEquals(TaskState.TASK_RUNNING, back.lastUpdate().getState());
  }

  @Test
  @Scenario({"P-4", "PartitionTest.ReregisterSlavePartitionAware"})
  void anUnknownAgentIsReadmittedByTheRegistry() {
    TestFramework framework = fixture.framework().subscribe();
    TestAgent agent = fixture.agent().known("old-S3");
    agent.runs(framework, "t", TaskState.TASK_RUNNING, "cpus:1;mem:64");

    agent.reregister();

    assertEquals(
        "old-S3", fixture.written.getLast().getMarkAgentReachable().getAgent().getId().getValue());
    assertEquals(TaskState.TASK_RUNNING, framework.lastUpdate().getState());
    assertEquals(Reason.REASON_AGENT_REREGISTERED, framework.lastUpdate().getReason());
    assertEquals("Unknown agent re-registered", framework.lastUpdate().getMessage());
  }

  @Test
  @Scenario({"R-20", "MasterSlaveReconciliationTest.ReconcileDroppedTask"})
  void tasksThatTheAgentDoesNotHaveAreAskedBack() {
    TestAgent agent = fixture.agent().register();
    TestFramework framework = fixture.framework().subscribe();
    framework.launch(
        fixture.offer(framework, agent, "cpus:1;mem:64"), Tasks.task("t", agent).build());
    agent.breakLink();

    agent.reregister();

    MasterToAgent.MissingTask missing =
        agent.last(MessageCase.REREGISTERED).orElseThrow().getReregistered().getMissingTasks(0);
    assertEquals("t", missing.getTaskId().getValue());
    assertTrue(missing.getPartitionAware());
    assertTrue(framework.updates().isEmpty(), "the agent answers");
    assertEquals(1, fixture.toAllocator(AllocatorInput.ActivateAgent.class).size());
  }

  @Test
  @Scenario({
    "R-20",
    "MasterSlaveReconciliationTest.SlaveReregisterPendingTask",
    "PartitionTest.SpuriousSlaveReregistration"
  })
  void tasksThatItHasAreLeftAlone() {
    TestAgent agent = fixture.agent().register();
    TestFramework framework = fixture.framework().subscribe();
    framework.launch(
        fixture.offer(framework, agent, "cpus:1;mem:64"), Tasks.task("t", agent).build());
    agent.runs(framework, "t", TaskState.TASK_STAGING, "cpus:1;mem:64");

    agent.reregister();

    assertEquals(
        0,
        agent
            .last(MessageCase.REREGISTERED)
            .orElseThrow()
            .getReregistered()
            .getMissingTasksCount());
    assertTrue(framework.updates().isEmpty());
    assertEquals(List.of("session-1"), fixture.closedLinks, "the old link is cut");
  }

  @Test
  @Scenario({"R-21", "MasterSlaveReconciliationTest.SlaveReregisterTerminatedExecutor"})
  void executorsThatItDoesNotHaveAreForgotten() {
    TestAgent agent = fixture.agent().register();
    TestFramework framework = fixture.framework().subscribe();
    framework.launch(
        fixture.offer(framework, agent, "cpus:2;mem:64"),
        Tasks.custom("t", agent, "cpus:1").setExecutor(Tasks.executor("e", "cpus:0.5")).build());
    agent.runs(framework, "t", TaskState.TASK_RUNNING, "cpus:1");
    agent.breakLink();

    agent.reregister();

    assertEquals("cpus(allocated: r1):0.5", fixture.lastRecovered().resources().toString());
    assertTrue(framework.events(io.meseta.schema.v1.scheduler.Event.Type.FAILURE).isEmpty());
  }

  @Test
  @Scenario("F-40")
  void tasksThatOnlyTheLinkLostAreTakenBack() {
    TestAgent agent = fixture.agent().register();
    TestFramework framework = fixture.framework().checkpoint(false).subscribe();
    framework.launch(
        fixture.offer(framework, agent, "cpus:1;mem:64"), Tasks.task("t", agent).build());
    agent.runs(framework, "t", TaskState.TASK_RUNNING, "cpus:1;mem:64");
    agent.breakLink();
    assertEquals(TaskState.TASK_LOST, framework.lastUpdate().getState());

    agent.reregister();

    assertEquals(TaskState.TASK_RUNNING, framework.lastUpdate().getState());
    assertEquals(Reason.REASON_AGENT_REREGISTERED, framework.lastUpdate().getReason());
    AllocatorInput.AddAgent anew = fixture.toAllocator(AllocatorInput.AddAgent.class).getLast();
    assertEquals(
        Map.of(framework.id(), Resources.parse("cpus:1;mem:64").allocate("r1")), anew.used());
  }

  @Test
  @Scenario({"P-6", "A-17"})
  void aChangedDescriptionIsWrittenFirst() {
    TestAgent agent = fixture.agent().resources("cpus:2").register();
    TestFramework framework = fixture.framework().subscribe();
    fixture.offer(framework, agent, "cpus:1");
    AgentInfo larger =
        agent.info().toBuilder()
            .clearResources()
            .addAllResources(Resources.parse("cpus:4").toProto())
            .build();

    agent.reregisterAs(larger);

    assertEquals(larger, fixture.written.getLast().getUpdateAgent().getAgent());
    assertEquals(1, framework.rescinded().size());
    assertEquals(
        Resources.parse("cpus:4"),
        fixture.toAllocator(AllocatorInput.UpdateAgent.class).getLast().total().orElseThrow());
  }

  @Test
  @Scenario("P-4")
  void aTaskWhoseIdIsInUseElsewhereIsKilled() {
    TestAgent here = fixture.agent().register();
    TestFramework framework = fixture.framework().subscribe();
    framework.launch(
        fixture.offer(framework, here, "cpus:1;mem:64"), Tasks.task("t", here).build());
    TestAgent there = fixture.agent().hostname("there").known("old-S3");
    there.frameworks.add(frameworkInfo(framework.id()));
    there.runs(framework, "t", TaskState.TASK_RUNNING, "cpus:1;mem:64");

    there.reregister();

    assertEquals(
        "t", there.last(MessageCase.KILL_TASK).orElseThrow().getKillTask().getTaskId().getValue());
    assertEquals(
        here.id(), fixture.master.books().frameworks.get(framework.id()).tasks.get("t").agentId());
  }

  @Test
  @Scenario("C-14")
  void anAgentThatWasAwayLearnsOfTheFrameworksNewDescription() {
    TestAgent agent = fixture.agent().register();
    TestFramework framework = fixture.framework().subscribe();
    agent.frameworks.add(frameworkInfo(framework.id()));
    agent.breakLink();
    TestFramework renamed = fixture.framework().id(framework.id()).name("renamed").subscribe();
    assertFalse(renamed.isClosed());

    agent.reregister();

    assertEquals(
        "renamed",
        agent
            .last(MessageCase.UPDATE_FRAMEWORK)
            .orElseThrow()
            .getUpdateFramework()
            .getFramework()
            .getName());
  }

  @Test
  @Scenario("A-12")
  void anAgentWithoutIdCannotComeBack() {
    TestAgent agent = fixture.agent().register();
    String session = fixture.newSession();
    agent.session = session;

    agent.reregisterAs(agent.info().toBuilder().clearId().build());

    assertEquals(List.of(agent.session), fixture.closedLinks);
  }

  private static FrameworkInfo frameworkInfo(String id) {
    return FrameworkInfo.newBuilder()
        .setId(FrameworkID.newBuilder().setValue(id))
        .setUser("user")
        .setName("framework")
        .setCheckpoint(true)
        .setFailoverTimeout(1000)
        .addRoles("r1")
        .addCapabilities(
            FrameworkInfo.Capability.newBuilder().setType(FrameworkInfo.Capability.Type.MULTI_ROLE))
        .build();
  }

  private static ExecutorInfo executor(String frameworkId, String id, String resources) {
    return Tasks.executor(id, "")
        .setFrameworkId(FrameworkID.newBuilder().setValue(frameworkId))
        .addAllResources(Resources.parse(resources).allocate("r1").toProto())
        .build();
  }
}
