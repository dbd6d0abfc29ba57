package io.meseta.cli;

import com.google.protobuf.ByteString;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.Filters;
import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.TaskID;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.schema.v1.scheduler.Event;
import io.meseta.tasks.TaskStates;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A small framework: launches a list of tasks, once each, and follows them to their ends. Turns
 * events into calls; knows no connection, so that {@code execute}, the demo and tests can drive it.
 * Owned by one thread.
 */
final class TaskRun {
  /** How long offers are refused when nothing waits for one: all tasks are launched. */
  private static final double NOT_AGAIN_SECONDS = 3600;

  private final Map<String, Run> runs = new LinkedHashMap<>();
  private final Deque<Run> waiting = new ArrayDeque<>();
  private final Consumer<Call.Builder> calls;
  private final Consumer<Run> watcher;
  private int alive;
  private int failed;

  /** One task: what it is, where it went, how it is. */
  static final class Run {
    private final TaskInfo template;
    private Optional<Offer> place = Optional.empty();
    private Optional<TaskStatus> status = Optional.empty();

    private Run(TaskInfo template) {
      this.template = template;
    }

    String id() {
      return template.getTaskId().getValue();
    }

    /** The offer that it was launched with. */
    Optional<Offer> place() {
      return place;
    }

    Optional<TaskStatus> status() {
      return status;
    }

    boolean isTerminal() {
      return status.isPresent() && TaskStates.isTerminal(status.get().getState());
    }

    boolean isFinished() {
      return status.isPresent() && status.get().getState() == TaskState.TASK_FINISHED;
    }
  }

  /**
   * @param tasks complete but for the agent; their resources are taken from what is offered
   * @param calls sends a call
   * @param watcher hears of each change of a task's status
   */
  TaskRun(Collection<TaskInfo> tasks, Consumer<Call.Builder> calls, Consumer<Run> watcher) {
    this.calls = calls;
    this.watcher = watcher;
    for (TaskInfo task : tasks) {
      Run run = new Run(task);
      if (runs.put(run.id(), run) != null) {
        throw new IllegalArgumentException("two tasks are called " + run.id());
      }
      waiting.add(run);
    }
    alive = runs.size();
  }

  Collection<Run> runs() {
    return runs.values();
  }

  boolean isDone() {
    return alive == 0;
  }

  boolean isSuccessful() {
    return alive == 0 && failed == 0;
  }

  void on(Event event) {
    switch (event.getType()) {
      case SUBSCRIBED -> reconcile();
      case OFFERS -> event.getOffers().getOffersList().forEach(this::use);
      case UPDATE -> update(event.getUpdate().getStatus());
      default -> {
        // Rescinds need no answer: a launch on a rescinded offer comes back as a status.
      }
    }
  }

  /** After a reconnection, whatever was missed is asked for. */
  private void reconcile() {
    Call.Reconcile.Builder tasks = Call.Reconcile.newBuilder();
    for (Run run : runs.values()) {
      run.place
          .filter(ignored -> !run.isTerminal())
          .ifPresent(
              offer ->
                  tasks.addTasks(
                      Call.Reconcile.Task.newBuilder()
                          .setTaskId(run.template.getTaskId())
                          .setAgentId(offer.getAgentId())));
    }
    if (tasks.getTasksCount() > 0) {
      calls.accept(Call.newBuilder().setType(Call.Type.RECONCILE).setReconcile(tasks));
    }
  }

  private void use(Offer offer) {
    Resources left = Resources.of(offer.getResourcesList());
    List<TaskInfo> launches = new ArrayList<>();
    while (!waiting.isEmpty()) {
      Optional<Resources> found =
          left.find(Resources.of(waiting.peek().template.getResourcesList()).allocate(role(offer)));
      if (found.isEmpty()) {
        break;
      }
      Run run = waiting.poll();
      left = left.minus(found.get());
      run.place = Optional.of(offer);
      launches.add(
          run.template.toBuilder()
              .setAgentId(offer.getAgentId())
              .clearResources()
              .addAllResources(found.get().toProto())
              .build());
    }
    if (launches.isEmpty()) {
      Filters.Builder filters = Filters.newBuilder();
      if (waiting.isEmpty()) {
        filters.setRefuseSeconds(NOT_AGAIN_SECONDS);
      }
      calls.accept(
          Call.newBuilder()
              .setType(Call.Type.DECLINE)
              .setDecline(
                  Call.Decline.newBuilder().addOfferIds(offer.getId()).setFilters(filters)));
      return;
    }
    calls.accept(
        Call.newBuilder()
            .setType(Call.Type.ACCEPT)
            .setAccept(
                Call.Accept.newBuilder()
                    .addOfferIds(offer.getId())
                    .addOperations(
                        Offer.Operation.newBuilder()
                            .setType(Offer.Operation.Type.LAUNCH)
                            .setLaunch(
                                Offer.Operation.Launch.newBuilder().addAllTaskInfos(launches)))));
  }

  private static String role(Offer offer) {
    return offer.getAllocationInfo().getRole();
  }

  private void update(TaskStatus status) {
    if (status.hasUuid()) {
      acknowledge(status.getTaskId(), status.getAgentId(), status.getUuid());
    }
    Run run = runs.get(status.getTaskId().getValue());
    if (run == null || run.isTerminal()) {
      return;
    }
    if (run.status.filter(last -> last.getState() == status.getState()).isPresent()) {
      return;
    }
    run.status = Optional.of(status);
    if (run.isTerminal()) {
      alive--;
      failed += run.isFinished() ? 0 : 1;
    }
    watcher.accept(run);
  }

  private void acknowledge(TaskID task, AgentID agent, ByteString uuid) {
    calls.accept(
        Call.newBuilder()
            .setType(Call.Type.ACKNOWLEDGE)
            .setAcknowledge(
                Call.Acknowledge.newBuilder().setTaskId(task).setAgentId(agent).setUuid(uuid)));
  }

  /**
   * Asks for the end of every task that is still alive; those that were not launched yet never will
   * be.
   */
  void killAll() {
    alive -= waiting.size();
    failed += waiting.size();
    waiting.clear();
    for (Run run : runs.values()) {
      if (run.place.isPresent() && !run.isTerminal()) {
        calls.accept(
            Call.newBuilder()
                .setType(Call.Type.KILL)
                .setKill(
                    Call.Kill.newBuilder()
                        .setTaskId(run.template.getTaskId())
                        .setAgentId(run.place.get().getAgentId())));
      }
    }
  }
}
