package io.meseta.master.core;

import com.google.protobuf.ByteString;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.Task;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.tasks.TaskStates;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A task that the master has in memory. Two states are kept apart (S-13): {@link #state()} is where
 * the task is on its agent, and {@link #knownState()} is what the framework was last sent, which
 * may be behind.
 */
final class TaskBook {
  /** Statuses kept for readers; when there are more, the oldest goes. */
  static final int MAX_STATUSES = 32;

  private final Task info;
  private final Resources resources;
  private final List<TaskStatus> statuses;
  private TaskState state;
  private Optional<TaskState> statusUpdateState;
  private Optional<ByteString> statusUpdateUuid;

  /** From a launch, or from what an agent reports. */
  TaskBook(Task task) {
    this.info =
        task.toBuilder().clearStatuses().clearStatusUpdateState().clearStatusUpdateUuid().build();
    this.resources = Resources.of(task.getResourcesList());
    this.statuses = new ArrayList<>(task.getStatusesList());
    this.state = task.getState();
    this.statusUpdateState =
        task.hasStatusUpdateState() ? Optional.of(task.getStatusUpdateState()) : Optional.empty();
    this.statusUpdateUuid =
        task.hasStatusUpdateUuid() ? Optional.of(task.getStatusUpdateUuid()) : Optional.empty();
  }

  String id() {
    return info.getTaskId().getValue();
  }

  String frameworkId() {
    return info.getFrameworkId().getValue();
  }

  String agentId() {
    return info.getAgentId().getValue();
  }

  /** The custom or default executor it runs in; empty for a command task. */
  Optional<String> executorId() {
    return info.hasExecutorId() ? Optional.of(info.getExecutorId().getValue()) : Optional.empty();
  }

  Resources resources() {
    return resources;
  }

  TaskState state() {
    return state;
  }

  /** What to answer when the framework asks: never ahead of what it was sent. */
  TaskState knownState() {
    return statusUpdateState.orElse(state);
  }

  Optional<ByteString> statusUpdateUuid() {
    return statusUpdateUuid;
  }

  /**
   * The framework has the terminal update and has said so with {@code uuid}. A task that still runs
   * on its agent does not end by that, whatever its update says: it holds resources.
   */
  boolean endsWith(ByteString uuid) {
    return TaskStates.isTerminal(state)
        && statusUpdateState.filter(TaskStates::isTerminal).isPresent()
        && statusUpdateUuid.filter(uuid::equals).isPresent();
  }

  Optional<TaskStatus> lastStatus() {
    return statuses.isEmpty() ? Optional.empty() : Optional.of(statuses.getLast());
  }

  /** A terminal state is never left again. */
  void setState(TaskState next) {
    if (!TaskStates.isTerminal(state)) {
      state = next;
    }
  }

  /** Keeps a status that came from the agent; {@code data} is not kept (S-16). */
  void record(TaskStatus status) {
    statusUpdateState = Optional.of(status.getState());
    statusUpdateUuid = status.hasUuid() ? Optional.of(status.getUuid()) : Optional.empty();
    keep(status);
  }

  /** Keeps a status for readers alone. */
  void keep(TaskStatus status) {
    if (!statuses.isEmpty() && statuses.getLast().getState() == status.getState()) {
      statuses.removeLast();
    }
    if (statuses.size() == MAX_STATUSES) {
      statuses.removeFirst();
    }
    statuses.add(status.toBuilder().clearData().build());
  }

  Task toProto() {
    Task.Builder task = info.toBuilder().setState(state).addAllStatuses(statuses);
    statusUpdateState.ifPresent(task::setStatusUpdateState);
    statusUpdateUuid.ifPresent(task::setStatusUpdateUuid);
    return task.build();
  }
}
