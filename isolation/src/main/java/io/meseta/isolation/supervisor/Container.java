package io.meseta.isolation.supervisor;

import io.meseta.schema.internal.v1.SupervisorCall;
import io.meseta.schema.internal.v1.SupervisorEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What the supervisor's core knows of one container. */
final class Container {
  /** How far its first process is. */
  enum Phase {
    /** Waits for other launches to finish. */
    WAITING,
    /** Is being started. */
    SPAWNING,
    /** Runs. */
    RUNNING,
    /** Has ended; its wait status is kept. */
    EXITED
  }

  final SupervisorCall.Launch launch;
  final List<SupervisorCall.Signal> earlySignals = new ArrayList<>();
  Phase phase = Phase.WAITING;
  int pid;
  long startTicks;
  OptionalInt waitStatus = OptionalInt.empty();

  /** Null unless it is being destroyed. */
  @Nullable Destruction destruction;

  Container(SupervisorCall.Launch launch) {
    this.launch = launch;
  }

  String id() {
    return launch.getContainerId();
  }

  SupervisorEvent.Container view() {
    SupervisorEvent.Container.Builder view =
        SupervisorEvent.Container.newBuilder().setContainerId(id()).setState(state());
    if (pid != 0) {
      view.setPid(pid).setStartTimeTicks(startTicks);
    }
    waitStatus.ifPresent(view::setWaitStatus);
    return view.build();
  }

  private SupervisorEvent.Container.State state() {
    if (destruction != null) {
      return SupervisorEvent.Container.State.DESTROYING;
    }
    return switch (phase) {
      case WAITING, SPAWNING -> SupervisorEvent.Container.State.STARTING;
      case RUNNING -> SupervisorEvent.Container.State.RUNNING;
      case EXITED -> SupervisorEvent.Container.State.EXITED;
    };
  }
}
