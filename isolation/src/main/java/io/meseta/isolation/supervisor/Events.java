package io.meseta.isolation.supervisor;

import io.meseta.isolation.linux.LaunchFailure;
import io.meseta.schema.internal.v1.SupervisorEvent;
import io.meseta.schema.internal.v1.SupervisorEvent.LaunchFailed.Reason;
import java.util.List;

/** Builds what the supervisor tells. */
final class Events {
  private Events() {}

  static SupervisorEvent started(Container container) {
    return SupervisorEvent.newBuilder()
        .setStarted(
            SupervisorEvent.Started.newBuilder()
                .setContainerId(container.id())
                .setPid(container.pid)
                .setStartTimeTicks(container.startTicks))
        .build();
  }

  static SupervisorEvent exited(String containerId, int waitStatus) {
    return SupervisorEvent.newBuilder()
        .setExited(
            SupervisorEvent.Exited.newBuilder()
                .setContainerId(containerId)
                .setWaitStatus(waitStatus))
        .build();
  }

  static SupervisorEvent launchFailed(String containerId, Reason reason, String message) {
    return SupervisorEvent.newBuilder()
        .setLaunchFailed(
            SupervisorEvent.LaunchFailed.newBuilder()
                .setContainerId(containerId)
                .setReason(reason)
                .setMessage(message))
        .build();
  }

  static SupervisorEvent launchFailed(String containerId, LaunchFailure failure) {
    SupervisorEvent.LaunchFailed.Builder event =
        SupervisorEvent.LaunchFailed.newBuilder()
            .setContainerId(containerId)
            .setReason(
                switch (failure.step()) {
                  case FIND_USER -> Reason.UNKNOWN_USER;
                  case SWITCH_USER -> Reason.SWITCH_USER;
                  case WORKING_DIRECTORY -> Reason.WORKING_DIRECTORY;
                  case STDOUT -> Reason.STDOUT;
                  case STDERR -> Reason.STDERR;
                  case FIND_EXECUTABLE -> Reason.EXECUTABLE_NOT_FOUND;
                  case EXECUTE -> Reason.EXECUTABLE_NOT_PERMITTED;
                  case PROCESS -> Reason.EXHAUSTED;
                })
            .setMessage(failure.message());
    failure.errnoName().ifPresent(event::setErrno);
    return SupervisorEvent.newBuilder().setLaunchFailed(event).build();
  }

  static SupervisorEvent destroyed(String containerId) {
    return SupervisorEvent.newBuilder()
        .setDestroyed(SupervisorEvent.Destroyed.newBuilder().setContainerId(containerId))
        .build();
  }

  static SupervisorEvent destroyStuck(String containerId, List<Integer> pids) {
    return SupervisorEvent.newBuilder()
        .setDestroyStuck(
            SupervisorEvent.DestroyStuck.newBuilder().setContainerId(containerId).addAllPids(pids))
        .build();
  }

  static SupervisorEvent containers(List<SupervisorEvent.Container> containers) {
    return SupervisorEvent.newBuilder()
        .setContainers(SupervisorEvent.Containers.newBuilder().addAllContainers(containers))
        .build();
  }

  static SupervisorEvent watched() {
    return SupervisorEvent.newBuilder()
        .setWatched(SupervisorEvent.Watched.getDefaultInstance())
        .build();
  }

  static SupervisorEvent refused(
      String containerId, SupervisorEvent.Refused.Reason reason, String message) {
    SupervisorEvent.Refused.Builder event =
        SupervisorEvent.Refused.newBuilder().setReason(reason).setMessage(message);
    if (!containerId.isEmpty()) {
      event.setContainerId(containerId);
    }
    return SupervisorEvent.newBuilder().setRefused(event).build();
  }
}
