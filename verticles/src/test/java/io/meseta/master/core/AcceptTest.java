package io.meseta.master.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.allocator.AllocatorInput;
import io.meseta.kernel.Authorizer;
import io.meseta.log.registry.RegistryState;
import io.meseta.resources.Resources;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.internal.v1.MasterToAgent.MessageCase;
import io.meseta.schema.v1.CommandInfo;
import io.meseta.schema.v1.ExecutorID;
import io.meseta.schema.v1.ExecutorInfo;
import io.meseta.schema.v1.Filters;
import io.meseta.schema.v1.FrameworkInfo.Capability;
import io.meseta.schema.v1.HealthCheck;
import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.OfferID;
import io.meseta.schema.v1.OperationID;
import io.meseta.schema.v1.OperationState;
import io.meseta.schema.v1.TaskGroupInfo;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.schema.v1.TaskStatus.Reason;
import io.meseta.schema.v1.Value;
import io.meseta.schema.v1.scheduler.Event;
import io.meseta.testing.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AcceptTest {
  private final MasterFixture fixture = new MasterFixture();
  private final TestAgent agent = fixture.agent().register();
  private final TestFramework framework = fixture.framework().subscribe();

  @Test
  @Scenario({"A-13", "MasterTest.LaunchTask"})
  void aTaskGoesToTheAgentAndIntoTheBooks() {
    Offer offer = fixture.offer(framework, agent, "cpus:4;mem:1000");

    assertEquals(
        202, framework.launch(offer, Tasks.task("t", agent, "cpus:1;mem:64").build()).status());

    MasterToAgent.RunTask run = agent.last(MessageCase.RUN_TASK).orElseThrow().getRunTask();
    assertEquals("t", run.getTask().getTaskId().getValue());
    assertEquals(framework.id(), run.getFramework().getId().getValue());
    assertTrue(run.getLaunchExecutor());
    assertEquals("r1", run.getTask().getResources(0).getAllocationInfo().getRole(), "A-6");
    assertTrue(framework.updates().isEmpty(), "TASK_STAGING is not sent");
    TaskBook task = fixture.master.books().frameworks.get(framework.id()).tasks.get("t");
    assertEquals(TaskState.TASK_STAGING, task.state());
    assertEquals(1, fixture.gauge("tasks_staging"));
    assertEquals(1, fixture.count("messages_launch_tasks"));
  }

  @Test
  @Scenario({"A-14", "O-33", "ResourceOffersTest.ResourcesGetReofferedWhenUnused"})
  void theRestGoesBackWithTheFilter() {
    Offer offer = fixture.offer(framework, agent, "cpus:4;mem:1000");

    framework.accept(
        List.of(offer),
        Filters.newBuilder().setRefuseSeconds(7).build(),
        Tasks.launch(Tasks.task("t", agent, "cpus:1;mem:64").build()));

    AllocatorInput.TransitionOfferedToAllocated used =
        fixture.toAllocator(AllocatorInput.TransitionOfferedToAllocated.class).getLast();
    assertEquals(Resources.parse("cpus:1;mem:64").allocate("r1"), used.resources());
    assertEquals(
        Resources.parse("cpus:3;mem:936").allocate("r1"), fixture.lastRecovered().resources());
    assertEquals(Optional.of(Duration.ofSeconds(7)), fixture.lastRecovered().refuse());
    assertFalse(fixture.lastRecovered().allocated());
  }

  @Test
  @Scenario({"O-35", "T-56"})
  void withoutOperationsOrTasksItIsADecline() {
    framework.accept(
        List.of(fixture.offer(framework, agent, "cpus:1")), Filters.getDefaultInstance());
    assertEquals(Optional.of(Duration.ofSeconds(5)), fixture.lastRecovered().refuse());

    framework.launch(fixture.offer(framework, agent, "cpus:2"));
    assertEquals("cpus(allocated: r1):2", fixture.lastRecovered().resources().toString());
    assertTrue(fixture.toAllocator(AllocatorInput.TransitionOfferedToAllocated.class).isEmpty());
  }

  @Test
  @Scenario({"A-16", "ResourceOffersTest.ResourcesGetReofferedAfterTaskInfoError"})
  void aTaskThatFailsLeavesItsResources() {
    Offer offer = fixture.offer(framework, agent, "cpus:1;mem:64");

    framework.launch(offer, Tasks.task("", agent).build());

    assertError(Reason.REASON_TASK_INVALID, "ID must not be empty");
    assertEquals(
        Resources.parse("cpus:1;mem:64").allocate("r1"), fixture.lastRecovered().resources());
    assertEquals(Optional.of(Duration.ofSeconds(5)), fixture.lastRecovered().refuse());
    assertEquals(1, fixture.count("tasks_error"));
    assertEquals(1, fixture.count("task_error/source_master/reason_task_invalid"));
  }

  @Test
  @Scenario({"A-11", "V-31", "V-32", "TaskValidationTest.DuplicatedTaskID"})
  void eachTaskStandsForItself() {
    Offer offer = fixture.offer(framework, agent, "cpus:4;mem:1000");

    framework.launch(
        offer,
        Tasks.task("a", agent).build(),
        Tasks.task("a", agent).build(),
        Tasks.task("b", agent).build());

    assertEquals(2, agent.received(MessageCase.RUN_TASK).size());
    assertError(Reason.REASON_TASK_INVALID, "Task has duplicate ID: a");
  }

  @Test
  @Scenario({"A-9", "A-10", "V-42", "TaskValidationTest.TaskUsesMoreResourcesThanOffered"})
  void operationsShareWhatTheOffersHold() {
    Offer offer = fixture.offer(framework, agent, "cpus:2;mem:1000");

    framework.accept(
        List.of(offer),
        Filters.getDefaultInstance(),
        Tasks.launch(Tasks.task("a", agent, "cpus:1.5;mem:64").build()),
        Tasks.launch(
            Tasks.task("b", agent, "cpus:1;mem:64").build(),
            Tasks.task("c", agent, "cpus:0.5").build()));

    assertEquals(
        List.of("a", "c"),
        agent.received(MessageCase.RUN_TASK).stream()
            .map(m -> m.getRunTask().getTask().getTaskId().getValue())
            .toList());
    assertTrue(
        framework.lastUpdate().getMessage().startsWith("Total resources cpus(allocated: r1):1"));
  }

  @Test
  @Scenario("MasterTest.LaunchCombinedOfferTest")
  void severalOffersOfOneAgentAreOne() {
    Offer first = fixture.offer(framework, agent, "cpus:1;mem:100");
    Offer second = fixture.offer(framework, agent, "cpus:1;mem:100");

    framework.accept(
        List.of(first, second),
        Filters.getDefaultInstance(),
        Tasks.launch(Tasks.task("t", agent, "cpus:2;mem:200").build()));

    assertEquals(1, agent.received(MessageCase.RUN_TASK).size());
    assertTrue(fixture.master.books().offers.isEmpty());
  }

  @Test
  @Scenario({"A-1", "A-3"})
  void noOffers() {
    framework.accept(List.of(), Filters.getDefaultInstance(), launch("t"));

    assertDropped("Task launched with invalid offers: No offers specified");
  }

  @Test
  @Scenario({"V-80", "MasterTest.LaunchDuplicateOfferDropped"})
  void oneOfferTwice() {
    Offer offer = fixture.offer(framework, agent, "cpus:4;mem:1000");

    framework.accept(
        List.of(offer, offer), Filters.newBuilder().setRefuseSeconds(60).build(), launch("t"));

    assertDropped("Task launched with invalid offers: Duplicate offer master-O0 in offer list");
    assertEquals(
        Optional.empty(), fixture.lastRecovered().refuse(), "A-2: returned without a filter");
  }

  @Test
  @Scenario({"V-81", "O-21"})
  void aStaleOfferSpoilsTheRest() {
    Offer offer = fixture.offer(framework, agent, "cpus:4;mem:1000");
    Offer stale = offer.toBuilder().setId(OfferID.newBuilder().setValue("nope")).build();

    framework.accept(List.of(offer, stale), Filters.getDefaultInstance(), launch("t"));

    assertDropped("Task launched with invalid offers: Offer nope is no longer valid");
    assertTrue(fixture.master.books().offers.isEmpty());
    assertTrue(agent.received(MessageCase.RUN_TASK).isEmpty());
  }

  @Test
  @Scenario({"V-82", "A-2"})
  void anothersOfferIsRefusedAndStaysItsOwn() {
    TestFramework owner = fixture.framework().subscribe();
    Offer foreign = fixture.offer(owner, agent, "cpus:1;mem:100");

    framework.accept(List.of(foreign), Filters.getDefaultInstance(), launch("t"));

    assertDropped(
        "Task launched with invalid offers: Offer master-O0 has invalid framework master-0001 while framework"
            + " master-0000 is expected");
    assertTrue(fixture.master.books().offer("master-O0").isPresent());
  }

  @Test
  @Scenario({"V-83", "MasterTest.LaunchDifferentRoleLost"})
  void offersOfTwoRoles() {
    TestFramework two =
        fixture.framework().roles("a", "b").without(Capability.Type.PARTITION_AWARE).subscribe();
    Offer a = fixture.allocate(two, agent, "a", "cpus:1;mem:100").orElseThrow();
    Offer b = fixture.allocate(two, agent, "b", "cpus:1;mem:100").orElseThrow();

    two.accept(List.of(a, b), Filters.getDefaultInstance(), launch("t"));

    assertEquals(TaskState.TASK_LOST, two.lastUpdate().getState());
    assertEquals(Reason.REASON_INVALID_OFFERS, two.lastUpdate().getReason());
    assertTrue(
        two.lastUpdate()
            .getMessage()
            .contains("Aggregated offers must be allocated to the same role."));
  }

  @Test
  @Scenario({"V-84", "MasterTest.LaunchAcrossSlavesDropped"})
  void offersOfTwoAgents() {
    TestAgent other = fixture.agent().hostname("other").register();
    Offer a = fixture.offer(framework, agent, "cpus:1;mem:100");
    Offer b = fixture.offer(framework, other, "cpus:1;mem:100");

    framework.accept(List.of(a, b), Filters.getDefaultInstance(), launch("t"));

    assertDropped(
        "Task launched with invalid offers: Aggregated offers must belong to one single agent. Offer master-O1 uses"
            + " agent master-S1 and agent master-S0");
    assertEquals(2, fixture.toAllocator(AllocatorInput.RecoverResources.class).size());
  }

  @Test
  @Scenario({"A-3", "A-31"})
  void anOperationWithAnIdHearsOfInvalidOffers() {
    framework.accept(
        List.of(),
        Filters.getDefaultInstance(),
        reserve().setId(operationId("op")).build(),
        reserve().build());

    List<Event> statuses = framework.events(Event.Type.UPDATE_OPERATION_STATUS);
    assertEquals(1, statuses.size());
    var status = statuses.getFirst().getUpdateOperationStatus().getStatus();
    assertEquals("op", status.getOperationId().getValue());
    assertEquals(OperationState.OPERATION_ERROR, status.getState());
    assertEquals(
        "Operation attempted with invalid offers: No offers specified", status.getMessage());
  }

  @Test
  @Scenario("A-4")
  void aBadResourceSpoilsItsWholeLaunch() {
    Offer offer = fixture.offer(framework, agent, "cpus:4;mem:1000");
    TaskInfo.Builder bad = Tasks.task("bad", agent);
    bad.getResourcesBuilder(0).getScalarBuilder().setValue(-1);

    framework.accept(
        List.of(offer),
        Filters.getDefaultInstance(),
        Tasks.launch(Tasks.task("good", agent).build(), bad.build()),
        Tasks.launch(Tasks.task("later", agent).build()));

    assertEquals(
        List.of("good", "bad"),
        framework.updates().stream().map(status -> status.getTaskId().getValue()).toList());
    assertError(
        Reason.REASON_TASK_INVALID,
        "Resource 'cpus:-1' is invalid: Invalid scalar resource: value <= 0");
    assertEquals(1, agent.received(MessageCase.RUN_TASK).size(), "later operations go on");
  }

  @Test
  @Scenario("A-5")
  void aLaunchHasNoOperationId() {
    Offer offer = fixture.offer(framework, agent, "cpus:4;mem:1000");

    framework.accept(
        List.of(offer),
        Filters.getDefaultInstance(),
        Tasks.launch(Tasks.task("t", agent).build()).toBuilder().setId(operationId("op")).build());

    assertError(Reason.REASON_TASK_INVALID, "The `id` field cannot be set on LAUNCH operations");
  }

  @Test
  @Scenario("A-5")
  void anUnsupportedOperationIsAnsweredAndTheOfferComesBack() {
    Offer offer = fixture.offer(framework, agent, "cpus:4;mem:1000");

    framework.accept(
        List.of(offer),
        Filters.getDefaultInstance(),
        reserve().setId(operationId("op")).build(),
        reserve().build());

    List<Event> statuses = framework.events(Event.Type.UPDATE_OPERATION_STATUS);
    assertEquals(1, statuses.size());
    assertEquals(
        "This master does not support RESERVE operations",
        statuses.getFirst().getUpdateOperationStatus().getStatus().getMessage());
    assertEquals(
        Resources.parse("cpus:4;mem:1000").allocate("r1"), fixture.lastRecovered().resources());
  }

  @Test
  @Scenario("A-11")
  void aTaskGroupIsAnsweredTaskByTask() {
    Offer offer = fixture.offer(framework, agent, "cpus:4;mem:1000");
    Offer.Operation group =
        Offer.Operation.newBuilder()
            .setType(Offer.Operation.Type.LAUNCH_GROUP)
            .setLaunchGroup(
                Offer.Operation.LaunchGroup.newBuilder()
                    .setExecutor(Tasks.executor("e", "cpus:0.1"))
                    .setTaskGroup(
                        TaskGroupInfo.newBuilder()
                            .addTasks(Tasks.task("a", agent))
                            .addTasks(Tasks.task("b", agent))))
            .build();

    framework.accept(List.of(offer), Filters.getDefaultInstance(), group);

    assertEquals(2, framework.updates().size());
    assertError(
        Reason.REASON_TASK_GROUP_INVALID, "This master does not support LAUNCH_GROUP operations");
  }

  @Test
  @Scenario({"A-21", "A-4"})
  void anOperationOfUnknownTypeIsIgnored() {
    Offer offer = fixture.offer(framework, agent, "cpus:4;mem:1000");

    framework.accept(
        List.of(offer),
        Filters.getDefaultInstance(),
        Offer.Operation.newBuilder()
            .setType(Offer.Operation.Type.UNKNOWN)
            .setId(operationId("x"))
            .build());

    assertTrue(framework.events(Event.Type.UPDATE_OPERATION_STATUS).isEmpty());
  }

  @Test
  @Scenario({"A-7", "MasterAuthorizationTest.UnauthorizedTask"})
  void aTaskMustBeAllowedToRunAsItsUser() {
    Authorizer noRoot =
        (principal, action, object) ->
            action != Authorizer.Action.RUN_TASK || !object.value().orElse("").equals("root");
    MasterFixture guarded = new MasterFixture(o -> o, noRoot, RegistryState.EMPTY);
    TestAgent there = guarded.agent().register();
    TestFramework caller = guarded.framework().subscribe();
    TaskInfo.Builder root = Tasks.task("root", there);
    root.getCommandBuilder().setUser("root");

    caller.launch(
        guarded.offer(caller, there, "cpus:4;mem:1000"),
        root.build(),
        Tasks.task("user", there).build());

    assertEquals(Reason.REASON_TASK_UNAUTHORIZED, caller.lastUpdate().getReason());
    assertEquals("Not authorized to launch as user 'root'", caller.lastUpdate().getMessage());
    assertEquals(1, there.received(MessageCase.RUN_TASK).size());
  }

  @Test
  @Scenario({"A-6", "V-52", "TaskValidationTest.ExecutorMissingFrameworkID"})
  void aCustomExecutorIsCountedOnce() {
    Offer offer = fixture.offer(framework, agent, "cpus:4;mem:1000");

    framework.launch(
        offer,
        Tasks.custom("a", agent, "cpus:1")
            .setExecutor(Tasks.executor("e", "cpus:0.5;mem:32"))
            .build(),
        Tasks.custom("b", agent, "cpus:1")
            .setExecutor(Tasks.executor("e", "cpus:0.5;mem:32"))
            .build());

    List<MasterToAgent> runs = agent.received(MessageCase.RUN_TASK);
    assertTrue(runs.get(0).getRunTask().getLaunchExecutor());
    assertFalse(runs.get(1).getRunTask().getLaunchExecutor());
    assertEquals(
        framework.id(),
        runs.get(0).getRunTask().getTask().getExecutor().getFrameworkId().getValue());
    assertEquals(
        Resources.parse("cpus:2.5;mem:32").allocate("r1"),
        fixture.master.books().agents.get(agent.id()).usedBy(framework.id()));
    assertEquals(
        ExecutorID.newBuilder().setValue("e").build(),
        fixture.offer(framework, agent, "cpus:1").getExecutorIds(0),
        "O-1");
  }

  @Test
  @Scenario({"V-56", "TaskValidationTest.ExecutorInfoDiffersOnSameSlave"})
  void anExecutorThatRunsCannotChange() {
    ExecutorInfo.Builder executor = Tasks.executor("e", "cpus:0.5;mem:32");
    framework.launch(
        fixture.offer(framework, agent, "cpus:2;mem:500"),
        Tasks.custom("a", agent, "cpus:1").setExecutor(executor).build());

    framework.launch(
        fixture.offer(framework, agent, "cpus:2;mem:500"),
        Tasks.custom("b", agent, "cpus:1")
            .setExecutor(executor.clone().setCommand(CommandInfo.newBuilder().setValue("other")))
            .build());

    assertError(
        Reason.REASON_TASK_INVALID,
        "ExecutorInfo is not compatible with existing ExecutorInfo with the same ExecutorID 'e'");
  }

  @Test
  @Scenario("TaskValidationTest.ExecutorInfoDiffersOnDifferentSlaves")
  void onAnotherAgentItCan() {
    TestAgent other = fixture.agent().hostname("other").register();
    framework.launch(
        fixture.offer(framework, agent, "cpus:2;mem:500"),
        Tasks.custom("a", agent, "cpus:1").setExecutor(Tasks.executor("e", "cpus:0.5")).build());

    framework.launch(
        fixture.offer(framework, other, "cpus:2;mem:500"),
        Tasks.custom("b", other, "cpus:1").setExecutor(Tasks.executor("e", "cpus:0.1")).build());

    assertEquals(1, other.received(MessageCase.RUN_TASK).size());
  }

  @Test
  @Scenario("A-6")
  void aHealthCheckGetsItsType() {
    Offer offer = fixture.offer(framework, agent, "cpus:4;mem:1000");
    HealthCheck untyped =
        HealthCheck.newBuilder().setCommand(CommandInfo.newBuilder().setValue("true")).build();

    framework.launch(offer, Tasks.task("t", agent).setHealthCheck(untyped).build());

    assertEquals(
        HealthCheck.Type.COMMAND,
        agent
            .last(MessageCase.RUN_TASK)
            .orElseThrow()
            .getRunTask()
            .getTask()
            .getHealthCheck()
            .getType());
  }

  @Test
  @Scenario("MasterTest.TaskWithTinyResources")
  void aTaskNeedsOnlyOneResource() {
    Offer offer = fixture.offer(framework, agent, "cpus:4;mem:1000");

    framework.launch(offer, Tasks.task("t", agent, "mem:1").build());

    assertEquals(1, agent.received(MessageCase.RUN_TASK).size());
  }

  @Test
  @Scenario("V-23")
  void aTaskAndItsExecutorMayNotSharePorts() {
    Offer offer = fixture.offer(framework, agent, "cpus:4;mem:1000;ports:[31000-31010]");

    framework.launch(
        offer,
        Tasks.custom("t", agent, "cpus:1;ports:[31000-31001]")
            .setExecutor(Tasks.executor("e", "cpus:1;ports:[31001-31002]"))
            .build());

    assertError(Reason.REASON_TASK_INVALID, "The resources of the task and its executor overlap");
  }

  @Test
  @Scenario({"V-46", "TaskValidationTest.LimitOtherThanCpuOrMem"})
  void limitsGoThrough() {
    Offer offer = fixture.offer(framework, agent, "cpus:4;mem:1000");

    framework.launch(
        offer,
        Tasks.task("t", agent)
            .putLimits("mem", Value.Scalar.newBuilder().setValue(Double.POSITIVE_INFINITY).build())
            .build());

    assertEquals(1, agent.received(MessageCase.RUN_TASK).size());
  }

  private Offer.Operation launch(String id) {
    return Tasks.launch(Tasks.task(id, agent).build());
  }

  private static Offer.Operation.Builder reserve() {
    return Offer.Operation.newBuilder()
        .setType(Offer.Operation.Type.RESERVE)
        .setReserve(
            Offer.Operation.Reserve.newBuilder()
                .addAllResources(Resources.parse("cpus(r1):1").toProto()));
  }

  private static OperationID operationId(String id) {
    return OperationID.newBuilder().setValue(id).build();
  }

  private void assertDropped(String message) {
    TaskStatus status = framework.lastUpdate();
    assertEquals(TaskState.TASK_DROPPED, status.getState());
    assertEquals(Reason.REASON_INVALID_OFFERS, status.getReason());
    assertEquals(TaskStatus.Source.SOURCE_MASTER, status.getSource());
    assertEquals(message, status.getMessage());
    assertFalse(status.hasUuid(), "S-11");
  }

  private void assertError(Reason reason, String message) {
    TaskStatus status = framework.lastUpdate();
    assertEquals(TaskState.TASK_ERROR, status.getState());
    assertEquals(reason, status.getReason());
    assertEquals(message, status.getMessage());
    assertFalse(status.hasUuid(), "S-11");
  }
}
