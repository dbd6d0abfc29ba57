package io.meseta.agent.core;

import io.meseta.schema.v1.AgentInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What an agent is told at its birth and that never changes.
 *
 * @param info without id
 * @param ip what tasks report as their address
 * @param endpoint {@code ip:port} of the agent's API, for the environment of tasks
 * @param bootId names the machine's current boot
 * @param registrationBackoff the unit of the waits between attempts to register
 * @param shutdownGracePeriod what an executor gets that was told to shut down
 * @param recoveryTimeout how long executors wait for a restarted agent
 * @param executorReregistrationTimeout the longest pause between an executor's attempts to return
 * @param executorEnvironment variables for every task
 * @param switchUser whether tasks run as the user that they name
 */
public record AgentConfig(
    AgentInfo info,
    String version,
    List<AgentInfo.Capability> capabilities,
    String ip,
    String endpoint,
    String bootId,
    Duration registrationBackoff,
    Duration shutdownGracePeriod,
    Duration recoveryTimeout,
    Duration executorReregistrationTimeout,
    Map<String, String> executorEnvironment,
    boolean switchUser) {

  public AgentConfig {
    capabilities = List.copyOf(capabilities);
    executorEnvironment = Map.copyOf(executorEnvironment);
  }
}
