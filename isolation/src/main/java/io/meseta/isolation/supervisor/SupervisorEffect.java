package io.meseta.isolation.supervisor;

import io.meseta.schema.internal.v1.SupervisorCall;
import io.meseta.schema.internal.v1.SupervisorEvent;

/** What a supervisor wants done. */
public sealed interface SupervisorEffect {
  /** Tell the agent. */
  record Report(SupervisorEvent event) implements SupervisorEffect {}

  /** Start the process and answer. */
  record Spawn(SupervisorCall.Launch launch) implements SupervisorEffect {}

  /** Reap the container's first process when it ends, and tell. */
  record WatchExit(String containerId, int pid, long startTicks) implements SupervisorEffect {}

  /** Signal the container's first process. */
  record SignalMain(String containerId, int signal) implements SupervisorEffect {}

  /** Signal everything that came from the container, once each. */
  record SignalTree(String containerId, int signal) implements SupervisorEffect {}

  /** Kill everything that came from the container, reap what is ours to reap, and answer. */
  record KillTree(String containerId) implements SupervisorEffect {}

  /** Nothing of the container is left: drop what is remembered about its processes. */
  record Forget(String containerId) implements SupervisorEffect {}

  /** Stopping is complete. */
  record Stopped() implements SupervisorEffect {}
}
