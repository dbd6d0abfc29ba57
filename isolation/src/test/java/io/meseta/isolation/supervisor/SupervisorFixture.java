package io.meseta.isolation.supervisor;

import io.meseta.isolation.api.SupervisorCalls;
import io.meseta.isolation.linux.ProcFs;
import io.meseta.isolation.linux.ProcessStat;
import io.meseta.schema.internal.v1.SupervisorCall;
import io.meseta.schema.internal.v1.SupervisorEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real supervisor whose events are kept until a test asks for them. */
final class SupervisorFixture implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(20);

  final Path directory;
  final ProcFs processes = new ProcFs();
  private final LinkedBlockingQueue<SupervisorEvent> arriving = new LinkedBlockingQueue<>();
  private final List<SupervisorEvent> kept = new ArrayList<>();
  private final PosixSupervisor supervisor;

  SupervisorFixture(Path directory) throws IOException {
    this.directory = directory;
    // Other users must get through to their sandboxes.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    supervisor = PosixSupervisor.start(Runnable::run, arriving::add);
  }

  /** A launch of {@code /bin/sh -c script} in a directory of its own. */
  SupervisorCall.Launch.Builder shell(String id, String script) throws IOException {
    return launch(id, "/bin/sh").addArgv("sh").addArgv("-c").addArgv(script);
  }

  SupervisorCall.Launch.Builder launch(String id, String executable) throws IOException {
    Path sandbox = Files.createDirectories(directory.resolve(id));
    return SupervisorCall.Launch.newBuilder()
        .setContainerId(id)
        .setExecutable(executable)
        .setWorkingDirectory(sandbox.toString())
        .setStdoutPath(sandbox.resolve("stdout").toString())
        .setStderrPath(sandbox.resolve("stderr").toString())
        .addEnvironment(variable("PATH", "/usr/local/bin:/usr/bin:/bin"));
  }

  static SupervisorCall.Variable variable(String name, String value) {
    return SupervisorCall.Variable.newBuilder().setName(name).setValue(value).build();
  }

  void send(SupervisorCall.Launch.Builder launch) {
    supervisor.send(SupervisorCall.newBuilder().setLaunch(launch).build());
  }

  void send(SupervisorCall call) {
    supervisor.send(call);
  }

  /** Launches and waits until it runs. */
  SupervisorEvent.Started start(SupervisorCall.Launch.Builder launch) {
    send(launch);
    return await(
            event ->
                event.hasStarted()
                    && event.getStarted().getContainerId().equals(launch.getContainerId()))
        .getStarted();
  }

  /** Launches and waits for the wait status. */
  int run(SupervisorCall.Launch.Builder launch) {
    start(launch);
    return exited(launch.getContainerId());
  }

  int exited(String id) {
    return await(event -> event.hasExited() && event.getExited().getContainerId().equals(id))
        .getExited()
        .getWaitStatus();
  }

  SupervisorEvent.LaunchFailed fails(SupervisorCall.Launch.Builder launch) {
    send(launch);
    return await(
            event ->
                event.hasLaunchFailed()
                    && event.getLaunchFailed().getContainerId().equals(launch.getContainerId()))
        .getLaunchFailed();
  }

  /** Destroys and waits until nothing is left. */
  void destroy(String id) {
    send(SupervisorCalls.destroy(id));
    destroyed(id);
  }

  void destroyed(String id) {
    SupervisorEvent ignored =
        await(event -> event.hasDestroyed() && event.getDestroyed().getContainerId().equals(id));
  }

  /** The first event that matches, among those that nobody has asked for yet. */
  SupervisorEvent await(Predicate<SupervisorEvent> wanted) {
    for (int i = 0; i < kept.size(); i++) {
      if (wanted.test(kept.get(i))) {
        return kept.remove(i);
      }
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      SupervisorEvent event = next(deadline);
      if (event == null) {
        throw new AssertionError("no such event within " + PATIENCE + "; others: " + kept);
      }
      if (wanted.test(event)) {
        return event;
      }
      kept.add(event);
    }
  }

  List<SupervisorEvent> others() {
    arriving.drainTo(kept);
    return List.copyOf(kept);
  }

  private @Nullable SupervisorEvent next(long deadline) {
    try {
      return arriving.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  String stdout(String id) throws IOException {
    return Files.readString(directory.resolve(id).resolve("stdout"));
  }

  /** Waits until the container's standard output has that many lines, and reads them as numbers. */
  List<Integer> pids(String id, int count) throws IOException {
    Path file = directory.resolve(id).resolve("stdout");
    until(() -> Files.exists(file) && lines(file).size() >= count);
    return lines(file).stream().map(Integer::valueOf).toList();
  }

  boolean alive(int pid) {
    return processes.stat(pid).filter(stat -> !stat.dead()).isPresent();
  }

  boolean zombie(int pid) {
    return processes.stat(pid).filter(ProcessStat::dead).isPresent();
  }

  static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("did not become true within " + PATIENCE);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  static int openDescriptors() throws IOException {
    try (Stream<Path> list = Files.list(Path.of("/proc/self/fd"))) {
      return (int) list.count();
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    supervisor.close();
  }
}
