package io.meseta.isolation.linux;

import io.meseta.isolation.linux.LaunchFailure.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts processes: each in a session of its own, with default signal handlers and nothing blocked,
 * standard input {@code /dev/null}, output appended to files, no other descriptor, as another user
 * if asked to.
 */
public final class Spawner {
  private static final String SHELL = "/bin/sh";

  /** Where executables are looked for if the environment has no {@code PATH}: as execvp(3). */
  private static final String DEFAULT_PATH = "/bin:/usr/bin";

  private Spawner() {}

  /**
   * Starts a process and waits until it runs the executable: some milliseconds.
   *
   * <p>To be called on a platform thread that does nothing else afterwards and ends: if the user is
   * another one, the thread has become that user (J-1, J-6).
   */
  public static SpawnResult spawn(SpawnRequest request) {
    if (request.user().isPresent()) {
      Optional<LaunchFailure> failure = become(request.user().get());
      if (failure.isPresent()) {
        return new SpawnResult.Failed(failure.get());
      }
    }
    Optional<String> path = locate(request);
    if (path.isEmpty()) {
      // A wrong working directory would be blamed on the executable.
      return new SpawnResult.Failed(
          wrongDirectory(request)
              .orElseGet(
                  () ->
                      new LaunchFailure(
                          Step.FIND_EXECUTABLE,
                          Errno.ENOENT,
                          "Failed to execute '%s': not found in PATH '%s'"
                              .formatted(request.executable(), searchPath(request)))));
    }
    int pid;
    try (SpawnPlan plan = new SpawnPlan(request)) {
      pid = plan.spawn(path.get(), request.argv());
      if (pid == -Errno.ENOEXEC) {
        // A script without #! line: shells and execvp(3) run it all the same.
        List<String> argv = new ArrayList<>(List.of("sh", path.get()));
        argv.addAll(
            request.argv().subList(Math.min(1, request.argv().size()), request.argv().size()));
        pid = plan.spawn(SHELL, argv);
      }
    }
    return pid < 0 ? new SpawnResult.Failed(explain(-pid, request, path.get())) : watch(pid);
  }

  /**
   * Tries every step that does not need another user, once, so that a machine that lacks something
   * says so at start-up. It also loads every class that {@link #spawn} may need: a thread that has
   * become another user may not be able to read them.
   *
   * @throws IllegalStateException with the reason
   */
  public static void selfTest() {
    Path none = Path.of("/dev/null");
    Map<String, String> environment = Map.of("PATH", DEFAULT_PATH);
    SpawnRequest works =
        new SpawnRequest(
            "true", List.of("true"), environment, Path.of("/"), Optional.empty(), none, none);
    switch (spawn(works)) {
      case SpawnResult.Spawned child -> {
        child.pidfd().close();
        int status = Processes.await(child.pid()).orElse(-1);
        if (status != 0) {
          throw new IllegalStateException("process self-test ended with wait status " + status);
        }
      }
      case SpawnResult.Failed failed ->
          throw new IllegalStateException("process self-test: " + failed.failure().message());
    }
    Path directory = Path.of("/");
    SpawnRequest fails =
        new SpawnRequest(
            "true", List.of("true"), environment, directory, Optional.empty(), none, directory);
    if (!(spawn(fails) instanceof SpawnResult.Failed)) {
      throw new IllegalStateException("process self-test: wrote to a directory");
    }
  }

  private static Optional<LaunchFailure> become(String name) {
    Optional<UserAccount> user = HostUsers.find(name);
    if (user.isEmpty()) {
      return Optional.of(new LaunchFailure(Step.FIND_USER, 0, "No such user '%s'".formatted(name)));
    }
    if (user.get().uid() == HostUsers.effectiveUid()) {
      return Optional.empty();
    }
    try {
      ThreadCredentials.become(user.get());
      return Optional.empty();
    } catch (NativeException e) {
      return Optional.of(
          new LaunchFailure(
              Step.SWITCH_USER,
              e.errno(),
              "Failed to switch to user '%s': %s".formatted(name, e.getMessage())));
    }
  }

  /** The path to execute; relative ones are relative to the working directory (L-11). */
  private static Optional<String> locate(SpawnRequest request) {
    String executable = request.executable();
    if (executable.indexOf('/') >= 0) {
      return Optional.of(executable);
    }
    Optional<String> notPermitted = Optional.empty();
    for (String entry : searchPath(request).split(":", -1)) {
      Path candidate = request.workingDirectory().resolve(entry).resolve(executable);
      if (Files.isRegularFile(candidate)) {
        if (Files.isExecutable(candidate)) {
          return Optional.of(candidate.toString());
        }
        notPermitted = Optional.of(candidate.toString());
      }
    }
    return notPermitted;
  }

  private static String searchPath(SpawnRequest request) {
    return request.environment().getOrDefault("PATH", DEFAULT_PATH);
  }

  private static SpawnResult watch(int pid) {
    try {
      // Not yet reaped, so the pid is still its own even if it has ended.
      Pidfd pidfd = Pidfd.open(pid);
      long startTicks = new ProcFs().stat(pid).map(ProcessStat::startTicks).orElse(0L);
      return new SpawnResult.Spawned(pid, startTicks, pidfd);
    } catch (NativeException e) {
      Processes.signalGroup(pid, Processes.SIGKILL);
      Processes.await(pid);
      return new SpawnResult.Failed(
          new LaunchFailure(
              Step.PROCESS, e.errno(), "Failed to watch the process: " + e.getMessage()));
    }
  }

  /** posix_spawn has one error number for all steps: each is tried again, as the same user. */
  private static LaunchFailure explain(int errno, SpawnRequest request, String path) {
    if (errno == Errno.EAGAIN
        || errno == Errno.ENOMEM
        || errno == Errno.EMFILE
        || errno == Errno.ENFILE) {
      return new LaunchFailure(
          Step.PROCESS, errno, "Failed to create a process: " + Errno.text(errno));
    }
    return notWritable(Step.STDOUT, request.stdout())
        .or(() -> notWritable(Step.STDERR, request.stderr()))
        .or(() -> wrongDirectory(request))
        .orElseGet(() -> notExecutable(errno, request, path));
  }

  private static Optional<LaunchFailure> notWritable(Step step, Path path) {
    try {
      Descriptors.close(
          Descriptors.open(path, SpawnPlan.OUTPUT_FLAGS | Descriptors.O_CLOEXEC, 0644));
      return Optional.empty();
    } catch (NativeException e) {
      return Optional.of(
          new LaunchFailure(
              step, e.errno(), "Failed to open '%s': %s".formatted(path, e.getMessage())));
    }
  }

  private static Optional<LaunchFailure> wrongDirectory(SpawnRequest request) {
    Path directory = request.workingDirectory();
    int errno;
    if (Files.isDirectory(directory)) {
      if (Files.isExecutable(directory)) {
        return Optional.empty();
      }
      errno = Errno.EACCES;
    } else {
      errno = Files.exists(directory) ? Errno.ENOTDIR : Errno.ENOENT;
    }
    return Optional.of(
        new LaunchFailure(
            Step.WORKING_DIRECTORY,
            errno,
            "Failed to change to working directory '%s': %s"
                .formatted(directory, Errno.text(errno))));
  }

  private static LaunchFailure notExecutable(int errno, SpawnRequest request, String path) {
    boolean missing = errno == Errno.ENOENT || errno == Errno.ENOTDIR;
    boolean exists = Files.exists(request.workingDirectory().resolve(path));
    String hint = missing && exists ? " (the interpreter that it names)" : "";
    return new LaunchFailure(
        missing && !exists ? Step.FIND_EXECUTABLE : Step.EXECUTE,
        errno,
        "Failed to execute '%s': %s%s".formatted(path, Errno.text(errno), hint));
  }
}
