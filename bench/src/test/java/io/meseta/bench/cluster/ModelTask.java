package io.meseta.bench.cluster;

import com.google.protobuf.ByteString;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** A task as its framework knows it, and the rules that its statuses must keep. */
final class ModelTask {
  final String id;
  final String agentId;
  private final Set<ByteString> seen = new HashSet<>();
  private TaskState state = TaskState.TASK_STAGING;
  private int rank;
  private boolean ran;
  private Optional<TaskStatus> end = Optional.empty();

  ModelTask(String id, String agentId) {
    this.id = id;
    this.agentId = agentId;
  }

  /** What it was last told. */
  TaskState state() {
    return state;
  }

  /** The terminal status that came from the task's agent, acknowledged or to be so. */
  Optional<TaskStatus> end() {
    return end;
  }

  /** There is nothing more to find out: it has ended, or nobody knows it. */
  boolean isSettled() {
    return end.isPresent() || isTerminal(state) || state == TaskState.TASK_UNKNOWN;
  }

  /**
   * As long as its agent does not come back, nobody can tell more. When every machine is back, such
   * an agent was born again under another name, with an empty journal.
   */
  boolean isUnreachable() {
    return state == TaskState.TASK_UNREACHABLE;
  }

  /**
   * Takes a status.
   *
   * @throws AssertionError if it contradicts what was told before
   */
  void on(TaskStatus status) {
    state = status.getState();
    if (!status.hasUuid() || !seen.add(status.getUuid())) {
      return; // the master's own word, or a repetition
    }
    if (end.isPresent() && isTerminal(status.getState()) && isKnownEnd(end.get().getState())) {
      throw new AssertionError(
          "task "
              + id
              + " ends twice: "
              + end.get().getState()
              + ", then "
              + status.getState()
              + " "
              + status.getReason());
    }
    if (ran && status.getState() == TaskState.TASK_DROPPED) {
      throw new AssertionError("task " + id + " is dropped after it has run");
    }
    if (rank(status.getState()) < rank) {
      throw new AssertionError("task " + id + " goes back to " + status.getState());
    }
    rank = rank(status.getState());
    ran |= status.getState() == TaskState.TASK_RUNNING;
    if (isTerminal(status.getState())) {
      end = Optional.of(status);
    }
  }

  /** The end is a fact, and not only the news that nobody knows. */
  private static boolean isKnownEnd(TaskState state) {
    return switch (state) {
      case TASK_FINISHED, TASK_FAILED, TASK_KILLED -> true;
      default -> false;
    };
  }

  private static int rank(TaskState state) {
    return switch (state) {
      case TASK_STARTING -> 1;
      case TASK_RUNNING -> 2;
      case TASK_KILLING -> 3;
      default -> isTerminal(state) ? 4 : 0;
    };
  }

  static boolean isTerminal(TaskState state) {
    return switch (state) {
      case TASK_FINISHED,
          TASK_FAILED,
          TASK_KILLED,
          TASK_ERROR,
          TASK_LOST,
          TASK_DROPPED,
          TASK_GONE,
          TASK_GONE_BY_OPERATOR ->
          true;
      default -> false;
    };
  }
}
