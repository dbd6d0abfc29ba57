package io.meseta.isolation.supervisor;

import io.meseta.schema.internal.v1.SupervisorCall;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What a Launch call must be like before anything is tried. */
final class LaunchRules {
  static final int MAX_CONTAINER_ID_LENGTH = 1024;

  private LaunchRules() {}

  /** Why the id cannot name a container, if it cannot. */
  static Optional<String> invalidId(String containerId) {
    if (containerId.isEmpty()) {
      return Optional.of("'container_id' must not be empty");
    }
    if (containerId.length() > MAX_CONTAINER_ID_LENGTH) {
      return Optional.of(
          "'container_id' must not be longer than " + MAX_CONTAINER_ID_LENGTH + " characters");
    }
    return hasNul(containerId)
        ? Optional.of("'container_id' must not contain a NUL character")
        : Optional.empty();
  }

  /** Why the call cannot be carried out, if it cannot; the container id is valid. */
  static Optional<String> invalid(SupervisorCall.Launch launch) {
    if (launch.getExecutable().isEmpty() || hasNul(launch.getExecutable())) {
      return Optional.of("'executable' must not be empty or contain a NUL character");
    }
    for (int i = 0; i < launch.getArgvCount(); i++) {
      if (hasNul(launch.getArgv(i))) {
        return Optional.of("'argv[" + i + "]' must not contain a NUL character");
      }
    }
    Set<String> names = new HashSet<>();
    for (SupervisorCall.Variable variable : launch.getEnvironmentList()) {
      String name = variable.getName();
      if (name.isEmpty() || hasNul(name) || name.indexOf('=') >= 0) {
        return Optional.of("'environment' has the invalid name '" + name + "'");
      }
      if (hasNul(variable.getValue())) {
        return Optional.of(
            "'environment' variable '" + name + "' must not contain a NUL character");
      }
      if (!names.add(name)) {
        return Optional.of("'environment' sets '" + name + "' twice");
      }
    }
    return invalidPath("working_directory", launch.getWorkingDirectory())
        .or(() -> invalidPath("stdout_path", launch.getStdoutPath()))
        .or(() -> invalidPath("stderr_path", launch.getStderrPath()));
  }

  private static Optional<String> invalidPath(String field, String path) {
    return path.startsWith("/") && !hasNul(path)
        ? Optional.empty()
        : Optional.of("'" + field + "' must be an absolute path, not '" + path + "'");
  }

  private static boolean hasNul(String text) {
    return text.indexOf('\0') >= 0;
  }
}
