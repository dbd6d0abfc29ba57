package io.meseta.master.core;

import com.google.protobuf.ByteString;

/**
 * One entity as everybody outside the core sees it: immutable, encoded once (D-7).
 *
 * @param id unique within its kind; a task's is {@code <framework id>/<task id>}, and a completed
 *     task's has {@code #<number>} behind it, because ids of completed tasks may be used again
 * @param bytes the canonical form; {@link Kind} says which message it is
 */
public record View(Kind kind, String id, ByteString bytes) {
  /** What a view shows, and how it is encoded. */
  public enum Kind {
    /** {@code mesos.v1.Task}: in memory, terminal but not acknowledged ones included. */
    TASK,
    /** {@code mesos.v1.Task} on an agent that the master does not reach. */
    UNREACHABLE_TASK,
    /** {@code mesos.v1.Task}, terminal and acknowledged, or of a removed framework. */
    COMPLETED_TASK,
    /** {@code mesos.v1.master.Response.GetFrameworks.Framework} without offers and sums. */
    FRAMEWORK,
    /** As {@link #FRAMEWORK}, after its removal. */
    COMPLETED_FRAMEWORK,
    /** {@code mesos.v1.master.Response.GetAgents.Agent} without allocated and offered sums. */
    AGENT,
    /** {@code mesos.v1.master.Response.GetExecutors.Executor}. */
    EXECUTOR
  }
}
