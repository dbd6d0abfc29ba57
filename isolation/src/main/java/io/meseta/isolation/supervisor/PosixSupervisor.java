package io.meseta.isolation.supervisor;

import io.meseta.isolation.api.Supervisor;
import io.meseta.isolation.linux.ExitPoll;
import io.meseta.isolation.linux.LaunchFailure;
import io.meseta.isolation.linux.NativeException;
import io.meseta.isolation.linux.Pidfd;
import io.meseta.isolation.linux.ProcFs;
import io.meseta.isolation.linux.Processes;
import io.meseta.isolation.linux.SpawnRequest;
import io.meseta.isolation.linux.SpawnResult;
import io.meseta.isolation.linux.Spawner;
import io.meseta.kernel.Clock;
import io.meseta.schema.internal.v1.SupervisorCall;
import io.meseta.schema.internal.v1.SupervisorEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The supervisor inside the agent's JVM, without namespaces or cgroups. Two threads whatever the
 * number of containers: this one, which owns the core and waits for children, and {@link
 * TreeThread}; besides them one short-lived thread per launch under way.
 */
public final class PosixSupervisor implements Supervisor, AutoCloseable {
  /** Calls and answers that wait for the supervisor's thread; further calls are rejected. */
  public static final int MAX_WAITING_INPUTS = 65_536;

  /** How long {@link #close} waits for processes to die. */
  public static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private record Child(String containerId, int pid, Pidfd pidfd) {}

  /** What reaches the supervisor's thread from others. */
  private sealed interface Incoming {
    record Input(SupervisorInput input) implements Incoming {}

    /**
     * A launch: made before its thread starts, which only fills in the result. That thread may have
     * become a user who cannot read our class files, so it must not need a class for its answer.
     */
    final class Launching implements Incoming {
      final String containerId;
      final SpawnRequest request;
      @Nullable SpawnResult result;

      Launching(String containerId, SpawnRequest request) {
        this.containerId = containerId;
        this.request = request;
      }
    }
  }

  private final LinkedBlockingQueue<Incoming> inputs = new LinkedBlockingQueue<>();
  private final Clock clock = Clock.system();
  private final SupervisorCore core = new SupervisorCore();
  private final ExitPoll exits;
  private final TreeThread trees;
  private final Executor context;
  private final Consumer<SupervisorEvent> events;

  /** Running first processes, by pid and by container; this thread's. */
  private final Map<Integer, Child> children = new HashMap<>();

  private final Map<String, Child> byContainer = new HashMap<>();

  /** Descriptors of processes whose {@code Spawned} the core is about to handle. */
  private final Map<Integer, Pidfd> spawned = new HashMap<>();

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean closed;
  private boolean running = true;

  private PosixSupervisor(Executor context, Consumer<SupervisorEvent> events)
      throws NativeException {
    this.context = context;
    this.events = events;
    this.exits = new ExitPoll();
    this.trees = new TreeThread(new ProcFs(), input -> enqueue(new Incoming.Input(input)));
    this.thread = Thread.ofPlatform().name("supervisor").daemon().unstarted(this::run);
  }

  /**
   * Tests that this machine can do what is needed, makes this JVM the parent of orphans, and
   * starts. Takes some ten milliseconds: call it on a worker.
   *
   * @param context where events are delivered: the owner's context
   * @param events takes each event
   * @throws IOException with the reason if the machine refuses
   */
  public static PosixSupervisor start(Executor context, Consumer<SupervisorEvent> events)
      throws IOException {
    try {
      Spawner.selfTest();
    } catch (IllegalStateException | UnsupportedOperationException | LinkageError e) {
      throw new IOException("cannot start processes on this machine: " + e.getMessage(), e);
    }
    Processes.adoptOrphans();
    PosixSupervisor supervisor = new PosixSupervisor(context, events);
    supervisor.trees.start();
    supervisor.thread.start();
    return supervisor;
  }

  @Override
  public void send(SupervisorCall call) {
    if (closed) {
      throw new RejectedExecutionException("the supervisor is closed");
    }
    if (inputs.size() >= MAX_WAITING_INPUTS) {
      throw new RejectedExecutionException(
          "the supervisor has " + MAX_WAITING_INPUTS + " calls waiting");
    }
    enqueue(new Incoming.Input(new SupervisorInput.Called(call)));
  }

  /**
   * Kills all containers and stops. Waits for that, but no longer than {@link #CLOSE_TIMEOUT}: call
   * it on a worker or in a shutdown hook. Events are delivered until the end.
   */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      enqueue(new Incoming.Input(new SupervisorInput.Stop()));
    }
    try {
      boolean done = stopped.await(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      if (!done) {
        System.getLogger(PosixSupervisor.class.getName())
            .log(
                System.Logger.Level.WARNING,
                "processes of containers are still there after "
                    + CLOSE_TIMEOUT.toSeconds()
                    + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void enqueue(Incoming input) {
    inputs.add(input);
    exits.wake();
  }

  private void run() {
    try {
      List<Incoming> batch = new ArrayList<>();
      while (running) {
        for (long pid : exits.await(millisToWait())) {
          exited((int) pid);
        }
        inputs.drainTo(batch);
        for (Incoming incoming : batch) {
          core.on(input(incoming), clock.nanos(), this::carryOut);
        }
        batch.clear();
        core.onTime(clock.nanos(), this::carryOut);
      }
    } catch (NativeException e) {
      throw new IllegalStateException(e.call() + " failed", e);
    } finally {
      trees.close();
      exits.close();
      stopped.countDown();
    }
  }

  private int millisToWait() {
    if (!inputs.isEmpty()) {
      return 0;
    }
    long due = core.wakeUpNanos();
    if (due == Long.MAX_VALUE) {
      return -1;
    }
    long nanos = Math.max(0, due - clock.nanos());
    return (int) Math.min(60_000, TimeUnit.NANOSECONDS.toMillis(nanos + 999_999));
  }

  private void exited(int pid) throws NativeException {
    Child child = children.get(pid);
    if (child == null) {
      return;
    }
    OptionalInt status = Processes.reap(pid);
    exits.remove(child.pidfd());
    child.pidfd().close();
    children.remove(pid);
    byContainer.remove(child.containerId());
    trees.mainReaped(child.containerId());
    // Empty only if other code in the JVM took the status of a child that is not its own.
    core.on(
        new SupervisorInput.MainExited(child.containerId(), status.orElse(Processes.SIGKILL)),
        clock.nanos(),
        this::carryOut);
  }

  private void carryOut(SupervisorEffect effect) {
    switch (effect) {
      case SupervisorEffect.Report report -> report(report.event());
      case SupervisorEffect.Spawn spawn -> spawn(spawn.launch());
      case SupervisorEffect.WatchExit watch -> watch(watch);
      case SupervisorEffect.SignalMain signal -> signalMain(signal);
      case SupervisorEffect.SignalTree signal ->
          trees.signal(signal.containerId(), signal.signal());
      case SupervisorEffect.KillTree kill -> trees.kill(kill.containerId());
      case SupervisorEffect.Forget forget -> trees.forget(forget.containerId());
      case SupervisorEffect.Stopped ignored -> running = false;
    }
  }

  private void report(SupervisorEvent event) {
    try {
      context.execute(() -> events.accept(event));
    } catch (RejectedExecutionException e) {
      // The owner is gone; its processes must be killed all the same when we are closed.
    }
  }

  private void watch(SupervisorEffect.WatchExit watch) {
    Pidfd pidfd = Objects.requireNonNull(spawned.remove(watch.pid()));
    Child child = new Child(watch.containerId(), watch.pid(), pidfd);
    children.put(watch.pid(), child);
    byContainer.put(watch.containerId(), child);
    trees.started(watch.containerId(), watch.pid(), watch.startTicks());
    try {
      exits.add(pidfd, watch.pid());
    } catch (NativeException e) {
      // Only for want of kernel memory or by a bug; there is no other way to learn of the end.
      throw new IllegalStateException(e);
    }
  }

  private void signalMain(SupervisorEffect.SignalMain signal) {
    Child child = byContainer.get(signal.containerId());
    if (child != null) {
      try {
        child.pidfd().signal(signal.signal());
      } catch (NativeException e) {
        // The core has checked the number, and a child may always be signalled unless it has
        // become another user's by a setuid program while we are not root: then it is not ours.
      }
    }
  }

  /** On a platform thread of its own, which may have become another user when it ends. */
  private void spawn(SupervisorCall.Launch launch) {
    Incoming.Launching launching = new Incoming.Launching(launch.getContainerId(), request(launch));
    Thread.ofPlatform()
        .name("launch-" + launch.getContainerId())
        .daemon()
        .start(
            () -> {
              try {
                launching.result = Spawner.spawn(launching.request);
              } finally {
                enqueue(launching);
              }
            });
  }

  private SupervisorInput input(Incoming incoming) {
    return switch (incoming) {
      case Incoming.Input input -> input.input();
      case Incoming.Launching launching ->
          switch (launching.result) {
            case SpawnResult.Spawned child -> {
              spawned.put(child.pid(), child.pidfd());
              yield new SupervisorInput.Spawned(
                  launching.containerId, child.pid(), child.startTicks());
            }
            case SpawnResult.Failed failed ->
                new SupervisorInput.SpawnFailed(launching.containerId, failed.failure());
            case null ->
                new SupervisorInput.SpawnFailed(
                    launching.containerId,
                    new LaunchFailure(
                        LaunchFailure.Step.PROCESS, 0, "Failed to create a process: see the log"));
          };
    };
  }

  private static SpawnRequest request(SupervisorCall.Launch launch) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (SupervisorCall.Variable variable : launch.getEnvironmentList()) {
      environment.put(variable.getName(), variable.getValue());
    }
    environment.put(ProcessTrees.MARKER, launch.getContainerId());
    return new SpawnRequest(
        launch.getExecutable(),
        launch.getArgvCount() == 0 ? List.of(launch.getExecutable()) : launch.getArgvList(),
        environment,
        Path.of(launch.getWorkingDirectory()),
        launch.hasUser() ? Optional.of(launch.getUser()) : Optional.empty(),
        Path.of(launch.getStdoutPath()),
        Path.of(launch.getStderrPath()));
  }
}
