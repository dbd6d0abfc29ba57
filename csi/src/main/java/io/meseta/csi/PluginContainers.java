package io.meseta.csi;

import io.meseta.schema.v1.CommandInfo;
import io.meseta.schema.v1.ContainerInfo;
import io.meseta.schema.v1.Resource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Runs CSI plugins in standalone containers. This module owns the interface; whoever runs
 * containers implements it (D-2), so that the storage provider never sees a containerizer.
 *
 * <p>Every method may be called from any thread and does not block; stages complete on a thread of
 * the implementation. A container outlives the process that asked for it: the caller names it, and
 * finds it again by that name after a restart.
 */
public interface PluginContainers {
  /**
   * What to run.
   *
   * @param containerId the caller's name for it, unique on the agent
   * @param container image, volumes and namespaces; absent for a plain process
   */
  record Plugin(
      String containerId,
      CommandInfo command,
      Optional<ContainerInfo> container,
      List<Resource> resources) {
    public Plugin {
      resources = List.copyOf(resources);
    }
  }

  /**
   * Starts the plugin; completes once it runs. Starting one that runs already is no error.
   *
   * <p>Fails with an {@link IllegalArgumentException} if the plugin can never be started as asked.
   */
  CompletionStage<Void> launch(Plugin plugin);

  /**
   * Completes when the container has ended: with its raw wait status, or empty if that is not known
   * any more. Completes at once for a container that nobody knows.
   */
  CompletionStage<Optional<Integer>> await(String containerId);

  /** Kills the container with everything in it; completes when nothing of it is left. */
  CompletionStage<Void> kill(String containerId);
}
