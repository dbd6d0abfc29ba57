package io.meseta.local;

import io.meseta.agent.AgentOptions;
import io.meseta.api.ApiOptions;
import io.meseta.master.MasterSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a local cluster consists of.
 *
 * @param workDir where the master keeps its registry; agents have directories of their own
 * @param ip to listen on, and to be reached at
 * @param port of the master's HTTP side; 0 for any free one
 * @param master how the master behaves
 * @param agents each with its own work directory; a port of 0 is any free one
 * @param apiInstances how many event loops serve the master's port; 0 for one per core
 * @param limits bounds of the HTTP sides
 * @param blockedThreadCheck how long an event loop may be busy before it is logged
 */
public record LocalOptions(
    Path workDir,
    String ip,
    int port,
    MasterSettings master,
    List<AgentOptions> agents,
    int apiInstances,
    ApiOptions.Limits limits,
    Duration blockedThreadCheck) {

  /** As Vert.x has it. */
  private static final Duration BLOCKED_THREAD_CHECK = Duration.ofSeconds(2);

  public LocalOptions {
    workDir = workDir.toAbsolutePath().normalize();
    agents = List.copyOf(agents);
    if (apiInstances == 0) {
      apiInstances = Runtime.getRuntime().availableProcessors();
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is not between 0 and 65535");
    }
  }

  /** With defaults for what is not named. */
  public static LocalOptions of(
      Path workDir, String ip, int port, MasterSettings master, List<AgentOptions> agents) {
    return new LocalOptions(
        workDir, ip, port, master, agents, 0, ApiOptions.Limits.DEFAULT, BLOCKED_THREAD_CHECK);
  }

  public LocalOptions withLimits(ApiOptions.Limits value) {
    return new LocalOptions(
        workDir, ip, port, master, agents, apiInstances, value, blockedThreadCheck);
  }

  public LocalOptions withApiInstances(int value) {
    return new LocalOptions(workDir, ip, port, master, agents, value, limits, blockedThreadCheck);
  }

  public LocalOptions withBlockedThreadCheck(Duration value) {
    return new LocalOptions(workDir, ip, port, master, agents, apiInstances, limits, value);
  }
}
