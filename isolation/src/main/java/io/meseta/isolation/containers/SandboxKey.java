package io.meseta.isolation.containers;

import io.meseta.kernel.Ids;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whose sandbox: the ids that make up its path. Ids that could lead out of the work directory, or
 * to another sandbox, cannot be in one.
 */
public record SandboxKey(
    String agentId, String frameworkId, String executorId, String containerId) {
  private static final int MAX_CONTAINER_ID_LENGTH = 242;

  /** Refuses ids that are no path components (F-7, isolation 1.1), naming the one. */
  public SandboxKey {
    require("AgentID", Ids.invalid(agentId));
    require("FrameworkID", Ids.invalid(frameworkId));
    require("ExecutorID", Ids.invalid(executorId));
    require("ContainerID", invalidContainerId(containerId));
  }

  /** Why {@code value} cannot be the {@code value} of a container id, if it cannot. */
  public static Optional<String> invalidContainerId(String value) {
    Optional<String> invalid = Ids.invalid(value);
    if (invalid.isPresent()) {
      return invalid;
    }
    if (value.length() > MAX_CONTAINER_ID_LENGTH) {
      return Optional.of("ID must not be greater than " + MAX_CONTAINER_ID_LENGTH + " characters");
    }
    // A dot separates the levels of a printed id.
    return value.indexOf('.') >= 0 || value.indexOf(' ') >= 0
        ? Optional.of("'" + value + "' contains invalid characters")
        : Optional.empty();
  }

  /** Where all runs of the executor live, below the work directory. */
  Path runs() {
    return Path.of("slaves", agentId, "frameworks", frameworkId, "executors", executorId, "runs");
  }

  private static void require(String field, Optional<String> invalid) {
    invalid.ifPresent(
        reason -> {
          throw new IllegalArgumentException("'" + field + "' is invalid: " + reason);
        });
  }
}
