package io.meseta.master.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import io.meseta.allocator.AllocatorInput;
import io.meseta.schema.internal.v1.MasterToAgent.MessageCase;
import io.meseta.schema.v1.Task;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus.Reason;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.schema.v1.scheduler.Event;
import io.meseta.testing.Scenario;
import java.util.List;
import org.junit.jupiter.api.Test;

class TeardownTest {
  private final MasterFixture fixture = new MasterFixture();
  private final TestAgent agent = fixture.agent().register();
  private final TestAgent idle = fixture.agent().hostname("idle").register();

  @Test
  @Scenario({"F-30", "SchedulerTest.RunTaskAndTeardown"})
  void everythingOfTheFrameworkEnds() {
    TestFramework framework = busyFramework();
    int updates = framework.updates().size();

    assertEquals(202, framework.call(Call.Type.TEARDOWN).status());

    assertTrue(framework.isClosed());
    assertTrue(framework.error().isEmpty(), "no ERROR");
    assertTrue(framework.rescinded().isEmpty(), "no RESCIND");
    assertEquals(updates, framework.updates().size());
    assertEquals(1, agent.received(MessageCase.SHUTDOWN_FRAMEWORK).size());
    assertEquals(1, idle.received(MessageCase.SHUTDOWN_FRAMEWORK).size(), "every agent is told");
    assertEquals(new AllocatorInput.RemoveFramework(framework.id()), fixture.toAllocator.getLast());
    assertTrue(
        fixture.toAllocator(AllocatorInput.RecoverResources.class).size() <= 1,
        "dropped as a whole");
    assertTrue(fixture.master.books().offers.isEmpty());
    assertTrue(fixture.master.books().agents.get(agent.id()).used().isEmpty());
    assertEquals(400, framework.reconcile().status());
    assertEquals(1, fixture.count("messages_unregister_framework"));
  }

  @Test
  @Scenario({"F-30", "D-8"})
  void tasksAreKilledInTheViewsBeforeTheFrameworkGoes() throws InvalidProtocolBufferException {
    TestFramework framework = busyFramework();
    int before = fixture.changes.size();

    framework.call(Call.Type.TEARDOWN);

    List<Change> changes = fixture.changes.subList(before, fixture.changes.size());
    Change first = changes.getFirst();
    assertEquals(View.Kind.TASK, first.entity());
    Task task = Task.parseFrom(first.view().orElseThrow().bytes());
    assertEquals(TaskState.TASK_KILLED, task.getState());
    assertEquals(
        Reason.REASON_FRAMEWORK_REMOVED, task.getStatuses(task.getStatusesCount() - 1).getReason());
    List<View.Kind> order = changes.stream().map(Change::entity).toList();
    assertTrue(
        order.indexOf(View.Kind.COMPLETED_TASK) < order.indexOf(View.Kind.COMPLETED_FRAMEWORK));
    assertEquals(1, fixture.count("tasks_killed"));
  }

  @Test
  @Scenario({"F-31", "FaultToleranceTest.SchedulerReregisterAfterUnregistration"})
  void itsIdIsRefusedFromThenOn() {
    TestFramework framework = busyFramework();
    framework.call(Call.Type.TEARDOWN);

    assertEquals("Framework has been removed", framework.subscribeAgain().error().orElseThrow());
  }

  @Test
  @Scenario({"F-31", "MasterTest.MaxCompletedFrameworksFlag"})
  void completedFrameworksAreBounded() {
    for (int limit : new int[] {0, 1, 3}) {
      MasterFixture small = new MasterFixture(o -> o.maxCompletedFrameworks(limit));
      for (int i = 0; i < 5; i++) {
        small.framework().subscribe().call(Call.Type.TEARDOWN);
      }
      assertEquals(limit, small.master.views().snapshot().size(View.Kind.COMPLETED_FRAMEWORK));
      assertEquals(
          "Framework has been removed",
          small.framework().id("master-0000").subscribe().error().orElseThrow(),
          "tombstones last longer");
    }
  }

  @Test
  @Scenario("F-32")
  void anAgentThatComesBackWithItIsToldToShutItDown() {
    TestFramework framework = busyFramework();
    agent.breakLink();
    framework.call(Call.Type.TEARDOWN);
    agent.frameworks.add(
        io.meseta.schema.v1.FrameworkInfo.newBuilder()
            .setUser("u")
            .setName("n")
            .setId(io.meseta.schema.v1.FrameworkID.newBuilder().setValue(framework.id()))
            .build());
    agent.runs(framework, "t", TaskState.TASK_RUNNING, "cpus:1;mem:64");

    agent.reregister();

    assertEquals(1, agent.received(MessageCase.SHUTDOWN_FRAMEWORK).size());
    assertTrue(fixture.master.books().agents.get(agent.id()).used().isEmpty());
  }

  private TestFramework busyFramework() {
    TestFramework framework = fixture.framework().subscribe();
    framework.launch(
        fixture.offer(framework, agent, "cpus:1;mem:64"), Tasks.task("t", agent).build());
    agent.update(framework, "t", TaskState.TASK_RUNNING);
    fixture.offer(framework, agent, "cpus:1");
    assertEquals(1, framework.events(Event.Type.UPDATE).size());
    return framework;
  }
}
