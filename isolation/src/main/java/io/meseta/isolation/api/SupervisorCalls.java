package io.meseta.isolation.api;

import io.meseta.schema.internal.v1.SupervisorCall;

/** Calls that need no more than a container id. */
public final class SupervisorCalls {
  private SupervisorCalls() {}

  /** Sends {@code signal} to the container's first process, or to all that came from it. */
  public static SupervisorCall signal(String containerId, int signal, boolean wholeTree) {
    return SupervisorCall.newBuilder()
        .setSignal(
            SupervisorCall.Signal.newBuilder()
                .setContainerId(containerId)
                .setSignal(signal)
                .setWholeTree(wholeTree))
        .build();
  }

  /** Kills what is left of the container and forgets it. */
  public static SupervisorCall destroy(String containerId) {
    return SupervisorCall.newBuilder()
        .setDestroy(SupervisorCall.Destroy.newBuilder().setContainerId(containerId))
        .build();
  }

  public static SupervisorCall list() {
    return SupervisorCall.newBuilder().setList(SupervisorCall.List.getDefaultInstance()).build();
  }

  public static SupervisorCall watch() {
    return SupervisorCall.newBuilder().setWatch(SupervisorCall.Watch.getDefaultInstance()).build();
  }
}
