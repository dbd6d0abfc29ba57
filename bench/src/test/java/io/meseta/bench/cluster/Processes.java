package io.meseta.bench.cluster;

import io.meseta.kernel.Rng;
import io.meseta.schema.internal.v1.SupervisorCall;
import io.meseta.schema.internal.v1.SupervisorEvent;
import io.meseta.testing.sim.World;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The supervisor of one machine and its processes: they start or do not, end by themselves after a
 * while or never, and may not care for SIGTERM. Outlives its agent, but not its machine.
 */
final class Processes {
  private static final int SIGKILL = 9;
  private static final int EXIT_1 = 1 << 8;
  private static final double LAUNCH_FAILURE = 0.02;
  private static final double ENDS_BY_ITSELF = 0.7;
  private static final double SUCCEEDS = 0.7;
  private static final double STUBBORN = 0.2;
  private static final long LONGEST_LIFE_NANOS = 20_000_000_000L;

  private static final class Container {
    final String id;
    final Truth.Key task;
    final Truth.Run run;
    final int pid;
    final boolean stubborn;
    Optional<Integer> waitStatus = Optional.empty();

    Container(String id, Truth.Key task, Truth.Run run, int pid, boolean stubborn) {
      this.id = id;
      this.task = task;
      this.run = run;
      this.pid = pid;
      this.stubborn = stubborn;
    }
  }

  private final World world;
  private final Rng rng;
  private final String agent;
  private final Truth truth;
  private final Consumer<SupervisorEvent> events;
  private final Map<String, Container> containers = new LinkedHashMap<>();
  private int nextPid = 1_000;

  /**
   * @param events takes what the supervisor tells
   */
  Processes(World world, String agent, Truth truth, Consumer<SupervisorEvent> events) {
    this.world = world;
    this.rng = world.fork();
    this.agent = agent;
    this.truth = truth;
    this.events = events;
  }

  /** Where the model's sandboxes are, so that a launch tells which task it is for. */
  static Path sandbox(String frameworkId, String executorId, String containerId) {
    return Path.of("/sandboxes", frameworkId, executorId, containerId);
  }

  /** The tasks that have a process. */
  List<Truth.Key> running() {
    return containers.values().stream()
        .filter(container -> container.waitStatus.isEmpty())
        .map(container -> container.task)
        .toList();
  }

  /** The machine loses power. */
  void reboot() {
    for (Container container : containers.values()) {
      if (container.waitStatus.isEmpty()) {
        container.run.waitStatus = Optional.of(SIGKILL);
      }
    }
    containers.clear();
  }

  void on(SupervisorCall call) {
    switch (call.getCallCase()) {
      case LAUNCH -> launch(call.getLaunch());
      case SIGNAL -> signal(call.getSignal());
      case DESTROY -> destroy(call.getDestroy().getContainerId());
      case WATCH -> watch();
      case LIST, CALL_NOT_SET -> throw new AssertionError("the agent calls " + call);
    }
  }

  private void launch(SupervisorCall.Launch launch) {
    String id = launch.getContainerId();
    if (containers.containsKey(id)) {
      throw new AssertionError("container " + id + " is launched twice");
    }
    Path sandbox = Path.of(launch.getWorkingDirectory());
    Truth.Key task = new Truth.Key(sandbox.getName(1).toString(), sandbox.getName(2).toString());
    if (rng.chance(LAUNCH_FAILURE)) {
      events.accept(
          SupervisorEvent.newBuilder()
              .setLaunchFailed(
                  SupervisorEvent.LaunchFailed.newBuilder()
                      .setContainerId(id)
                      .setReason(SupervisorEvent.LaunchFailed.Reason.EXHAUSTED)
                      .setMessage("no process left"))
              .build());
      return;
    }
    Container container =
        new Container(id, task, truth.started(task, agent), nextPid++, rng.chance(STUBBORN));
    containers.put(id, container);
    events.accept(started(container));
    if (rng.chance(ENDS_BY_ITSELF)) {
      int status = rng.chance(SUCCEEDS) ? 0 : EXIT_1;
      world.after(
          rng.nextLong(LONGEST_LIFE_NANOS),
          agent + ": " + task.taskId() + " ends by itself",
          () -> exit(container, status));
    }
  }

  private void signal(SupervisorCall.Signal signal) {
    Container container = containers.get(signal.getContainerId());
    if (container == null) {
      events.accept(
          SupervisorEvent.newBuilder()
              .setRefused(
                  SupervisorEvent.Refused.newBuilder()
                      .setContainerId(signal.getContainerId())
                      .setReason(SupervisorEvent.Refused.Reason.UNKNOWN_CONTAINER)
                      .setMessage("unknown container"))
              .build());
    } else if (signal.getSignal() == SIGKILL || !container.stubborn) {
      exit(container, signal.getSignal());
    }
  }

  private void destroy(String id) {
    Container container = containers.get(id);
    if (container != null) {
      exit(container, SIGKILL);
      containers.remove(id);
    }
    events.accept(
        SupervisorEvent.newBuilder()
            .setDestroyed(SupervisorEvent.Destroyed.newBuilder().setContainerId(id))
            .build());
  }

  private void exit(Container container, int waitStatus) {
    if (containers.get(container.id) != container || container.waitStatus.isPresent()) {
      return;
    }
    container.waitStatus = Optional.of(waitStatus);
    container.run.waitStatus = container.waitStatus;
    events.accept(exited(container, waitStatus));
  }

  private void watch() {
    for (Container container : new ArrayList<>(containers.values())) {
      events.accept(started(container));
      container.waitStatus.ifPresent(status -> events.accept(exited(container, status)));
    }
    events.accept(
        SupervisorEvent.newBuilder()
            .setWatched(SupervisorEvent.Watched.getDefaultInstance())
            .build());
  }

  private static SupervisorEvent started(Container container) {
    return SupervisorEvent.newBuilder()
        .setStarted(
            SupervisorEvent.Started.newBuilder()
                .setContainerId(container.id)
                .setPid(container.pid)
                .setStartTimeTicks(container.pid))
        .build();
  }

  private static SupervisorEvent exited(Container container, int waitStatus) {
    return SupervisorEvent.newBuilder()
        .setExited(
            SupervisorEvent.Exited.newBuilder()
                .setContainerId(container.id)
                .setWaitStatus(waitStatus))
        .build();
  }
}
