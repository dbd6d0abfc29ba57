package io.meseta.agent.core;

import io.meseta.schema.internal.v1.SupervisorCall;
import io.meseta.schema.internal.v1.SupervisorEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a supervisor answers, with processes that only exist as entries of a map. */
final class ModelSupervisor {
  /** A container's first process. */
  static final class Child {
    final SupervisorCall.Launch launch;
    final int pid;
    Optional<Integer> waitStatus = Optional.empty();

    Child(SupervisorCall.Launch launch, int pid) {
      this.launch = launch;
      this.pid = pid;
    }

    boolean running() {
      return waitStatus.isEmpty();
    }
  }

  /** How processes behave. */
  interface Behaviour {
    /** Why a launch fails, if it does. */
    default Optional<SupervisorEvent.LaunchFailed.Reason> refuses(SupervisorCall.Launch launch) {
      return Optional.empty();
    }

    /** Whether the process ends when it is told to. */
    default boolean obeysTerm(SupervisorCall.Launch launch) {
      return true;
    }
  }

  private final Behaviour behaviour;
  private final Map<String, Child> processes = new LinkedHashMap<>();
  private int nextPid = 1000;

  ModelSupervisor(Behaviour behaviour) {
    this.behaviour = behaviour;
  }

  Map<String, Child> processes() {
    return processes;
  }

  List<SupervisorEvent> on(SupervisorCall call) {
    return switch (call.getCallCase()) {
      case LAUNCH -> launch(call.getLaunch());
      case SIGNAL -> signal(call.getSignal());
      case DESTROY -> destroy(call.getDestroy().getContainerId());
      case WATCH -> watch();
      case LIST, CALL_NOT_SET -> List.of();
    };
  }

  private List<SupervisorEvent> launch(SupervisorCall.Launch launch) {
    Optional<SupervisorEvent.LaunchFailed.Reason> refusal = behaviour.refuses(launch);
    if (refusal.isPresent()) {
      return List.of(
          SupervisorEvent.newBuilder()
              .setLaunchFailed(
                  SupervisorEvent.LaunchFailed.newBuilder()
                      .setContainerId(launch.getContainerId())
                      .setReason(refusal.get())
                      .setMessage("no luck"))
              .build());
    }
    Child process = new Child(launch, nextPid++);
    processes.put(launch.getContainerId(), process);
    return List.of(started(process));
  }

  private List<SupervisorEvent> signal(SupervisorCall.Signal signal) {
    Child process = processes.get(signal.getContainerId());
    if (process == null) {
      return List.of(
          SupervisorEvent.newBuilder()
              .setRefused(
                  SupervisorEvent.Refused.newBuilder()
                      .setContainerId(signal.getContainerId())
                      .setReason(SupervisorEvent.Refused.Reason.UNKNOWN_CONTAINER)
                      .setMessage("unknown"))
              .build());
    }
    boolean dies = signal.getSignal() == 9 || behaviour.obeysTerm(process.launch);
    return process.running() && dies
        ? exit(signal.getContainerId(), signal.getSignal())
        : List.of();
  }

  private List<SupervisorEvent> destroy(String containerId) {
    List<SupervisorEvent> events = new ArrayList<>();
    Child process = processes.get(containerId);
    if (process != null && process.running()) {
      events.addAll(exit(containerId, 9));
    }
    processes.remove(containerId);
    events.add(
        SupervisorEvent.newBuilder()
            .setDestroyed(SupervisorEvent.Destroyed.newBuilder().setContainerId(containerId))
            .build());
    return events;
  }

  private List<SupervisorEvent> watch() {
    List<SupervisorEvent> events = new ArrayList<>();
    for (Child process : processes.values()) {
      events.add(started(process));
      process.waitStatus.ifPresent(status -> events.add(exited(process, status)));
    }
    events.add(
        SupervisorEvent.newBuilder()
            .setWatched(SupervisorEvent.Watched.getDefaultInstance())
            .build());
    return events;
  }

  /** The process ends by itself. */
  List<SupervisorEvent> exit(String containerId, int waitStatus) {
    Child process = processes.get(containerId);
    if (process == null || !process.running()) {
      return List.of();
    }
    process.waitStatus = Optional.of(waitStatus);
    return List.of(exited(process, waitStatus));
  }

  private static SupervisorEvent started(Child process) {
    return SupervisorEvent.newBuilder()
        .setStarted(
            SupervisorEvent.Started.newBuilder()
                .setContainerId(process.launch.getContainerId())
                .setPid(process.pid)
                .setStartTimeTicks(process.pid))
        .build();
  }

  private static SupervisorEvent exited(Child process, int waitStatus) {
    return SupervisorEvent.newBuilder()
        .setExited(
            SupervisorEvent.Exited.newBuilder()
                .setContainerId(process.launch.getContainerId())
                .setWaitStatus(waitStatus))
        .build();
  }
}
