package io.meseta.isolation.containers;

import io.meseta.kernel.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an agent tells a task or executor about itself through the environment (agent-executor 5.3).
 *
 * @param sandbox the sandbox on the host, which is also what the container sees: it has no image
 * @param agentEndpoint {@code ip:port} of the agent
 * @param checkpoint present if the framework checkpoints
 * @param allocationRole the role that the task's resources are allocated to
 */
public record AgentVariables(
    String frameworkId,
    String executorId,
    String agentId,
    Path sandbox,
    String agentEndpoint,
    Duration shutdownGracePeriod,
    Optional<Checkpoint> checkpoint,
    Optional<String> allocationRole) {

  /**
   * What a checkpointing framework's executor needs to outlive its agent.
   *
   * @param recoveryTimeout how long it waits for the agent to come back
   * @param reconnectBackoffMax the longest pause between two attempts to subscribe
   */
  public record Checkpoint(Duration recoveryTimeout, Duration reconnectBackoffMax) {}

  /** The variables in the order in which they are documented. */
  Map<String, String> toMap() {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("MESOS_FRAMEWORK_ID", frameworkId);
    variables.put("MESOS_EXECUTOR_ID", executorId);
    variables.put("MESOS_SLAVE_ID", agentId);
    variables.put("MESOS_SLAVE_PID", "slave(1)@" + agentEndpoint);
    variables.put("MESOS_AGENT_ENDPOINT", agentEndpoint);
    variables.put("MESOS_DIRECTORY", sandbox.toString());
    variables.put("MESOS_SANDBOX", sandbox.toString());
    variables.put("MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD", Durations.format(shutdownGracePeriod));
    variables.put("MESOS_CHECKPOINT", checkpoint.isPresent() ? "1" : "0");
    checkpoint.ifPresent(
        values -> {
          variables.put("MESOS_RECOVERY_TIMEOUT", Durations.format(values.recoveryTimeout()));
          variables.put(
              "MESOS_SUBSCRIPTION_BACKOFF_MAX", Durations.format(values.reconnectBackoffMax()));
        });
    allocationRole.ifPresent(role -> variables.put("MESOS_ALLOCATION_ROLE", role));
    return variables;
  }
}
