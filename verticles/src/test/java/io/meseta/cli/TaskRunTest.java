package io.meseta.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.CommandInfo;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.OfferID;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.TaskID;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.schema.v1.scheduler.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskRunTest {
  private final List<Call> calls = new ArrayList<>();
  private final List<String> seen = new ArrayList<>();
  private int offers;

  private TaskRun run(int tasks) {
    List<TaskInfo> templates = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      templates.add(task("t" + i));
    }
    return new TaskRun(
        templates,
        call -> calls.add(call.buildPartial()),
        run -> seen.add(run.id() + " " + run.status().orElseThrow().getState()));
  }

  private static TaskInfo task(String id) {
    return TaskInfo.newBuilder()
        .setName(id)
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setAgentId(AgentID.newBuilder().setValue(""))
        .setCommand(CommandInfo.newBuilder().setValue("true"))
        .addAllResources(Resources.parse("cpus:1;mem:32").toProto())
        .build();
  }

  private Event offer(String resources) {
    List<Resource> offered = Resources.parse(resources).allocate("*").toProto();
    Offer.Builder offer =
        Offer.newBuilder()
            .setId(OfferID.newBuilder().setValue("o" + offers++))
            .setFrameworkId(FrameworkID.newBuilder().setValue("f"))
            .setAgentId(AgentID.newBuilder().setValue("a"))
            .setHostname("h")
            .addAllResources(offered);
    offer.getAllocationInfoBuilder().setRole("*");
    return Event.newBuilder()
        .setType(Event.Type.OFFERS)
        .setOffers(Event.Offers.newBuilder().addOffers(offer))
        .build();
  }

  private static Event update(String task, TaskState state, boolean acknowledged) {
    TaskStatus.Builder status =
        TaskStatus.newBuilder()
            .setTaskId(TaskID.newBuilder().setValue(task))
            .setAgentId(AgentID.newBuilder().setValue("a"))
            .setState(state);
    if (acknowledged) {
      status.setUuid(ByteString.copyFromUtf8("0123456789abcdef"));
    }
    return Event.newBuilder()
        .setType(Event.Type.UPDATE)
        .setUpdate(Event.Update.newBuilder().setStatus(status))
        .build();
  }

  @Test
  void launchesAsManyAsAnOfferHoldsAndDeclinesWhatItCannotUse() {
    TaskRun run = run(3);
    run.on(offer("cpus:2;mem:1000"));
    assertEquals(2, calls.get(0).getAccept().getOperations(0).getLaunch().getTaskInfosCount());
    run.on(offer("cpus:0.5;mem:1000"));
    assertEquals(Call.Type.DECLINE, calls.get(1).getType());
    assertFalse(calls.get(1).getDecline().getFilters().hasRefuseSeconds(), "one still waits");
    run.on(offer("cpus:1;mem:32"));
    TaskInfo last = calls.get(2).getAccept().getOperations(0).getLaunch().getTaskInfos(0);
    assertEquals("t2", last.getTaskId().getValue());
    assertEquals("a", last.getAgentId().getValue());
    run.on(offer("cpus:1;mem:32"));
    assertEquals(3600, calls.get(3).getDecline().getFilters().getRefuseSeconds());
  }

  @Test
  void acknowledgesWhatAsksForItAndIsDoneWhenAllHaveEnded() {
    TaskRun run = run(2);
    run.on(offer("cpus:4;mem:1000"));
    run.on(update("t0", TaskState.TASK_RUNNING, true));
    run.on(update("t0", TaskState.TASK_RUNNING, true));
    run.on(update("t0", TaskState.TASK_FINISHED, true));
    run.on(update("t0", TaskState.TASK_FINISHED, true));
    assertFalse(run.isDone());
    run.on(update("t1", TaskState.TASK_FAILED, false));
    assertTrue(run.isDone());
    assertFalse(run.isSuccessful());
    assertEquals(List.of("t0 TASK_RUNNING", "t0 TASK_FINISHED", "t1 TASK_FAILED"), seen);
    assertEquals(4, calls.stream().filter(call -> call.getType() == Call.Type.ACKNOWLEDGE).count());
  }

  @Test
  void asksForMissedUpdatesAfterAReconnection() {
    TaskRun run = run(2);
    Event subscribed = Event.newBuilder().setType(Event.Type.SUBSCRIBED).build();
    run.on(subscribed);
    assertEquals(0, calls.size());
    run.on(offer("cpus:4;mem:1000"));
    run.on(update("t0", TaskState.TASK_FINISHED, false));
    calls.clear();
    run.on(subscribed);
    assertEquals(1, calls.get(0).getReconcile().getTasksCount());
    assertEquals("t1", calls.get(0).getReconcile().getTasks(0).getTaskId().getValue());
  }

  @Test
  void killingEndsWhatRunsAndForgetsWhatWaits() {
    TaskRun run = run(3);
    run.on(offer("cpus:1;mem:32"));
    calls.clear();
    run.killAll();
    assertEquals(
        List.of("t0"), calls.stream().map(c -> c.getKill().getTaskId().getValue()).toList());
    assertFalse(run.isDone());
    run.on(update("t0", TaskState.TASK_KILLED, true));
    assertTrue(run.isDone());
    assertFalse(run.isSuccessful());
  }

  @Test
  void twoTasksOfOneNameAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new TaskRun(List.of(task("a"), task("a")), call -> {}, done -> {}));
  }
}
