package io.meseta.agent;

import io.meseta.kernel.Flag;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What one agent was told on its command line; see {@link AgentFlags} for the meaning of each.
 *
 * @param workDir absolute
 */
public record AgentOptions(
    Path workDir,
    Optional<Path> runtimeDir,
    String ip,
    int port,
    Optional<String> advertiseIp,
    Optional<Integer> advertisePort,
    Optional<String> hostname,
    boolean hostnameLookup,
    Optional<String> resources,
    String defaultRole,
    Optional<String> attributes,
    Duration registrationBackoffFactor,
    Duration executorShutdownGracePeriod,
    Duration executorReregistrationTimeout,
    Duration recoveryTimeout,
    Map<String, String> executorEnvironmentVariables,
    boolean switchUser) {

  public AgentOptions {
    workDir = workDir.toAbsolutePath().normalize();
    executorEnvironmentVariables = Map.copyOf(executorEnvironmentVariables);
  }

  /** Where values of flags come from; those without a value give their default or nothing. */
  public interface Values {
    <T> Optional<T> find(Flag<T> flag);
  }

  /**
   * Takes the options from read flags.
   *
   * @throws IllegalArgumentException naming the flag that is required and has no value
   */
  public static AgentOptions from(Values values) {
    return new AgentOptions(
        require(values, AgentFlags.WORK_DIR),
        values.find(AgentFlags.RUNTIME_DIR),
        require(values, AgentFlags.IP),
        require(values, AgentFlags.PORT),
        values.find(AgentFlags.ADVERTISE_IP),
        values.find(AgentFlags.ADVERTISE_PORT),
        values.find(AgentFlags.HOSTNAME),
        require(values, AgentFlags.HOSTNAME_LOOKUP),
        values.find(AgentFlags.RESOURCES),
        require(values, AgentFlags.DEFAULT_ROLE),
        values.find(AgentFlags.ATTRIBUTES),
        require(values, AgentFlags.REGISTRATION_BACKOFF_FACTOR),
        require(values, AgentFlags.EXECUTOR_SHUTDOWN_GRACE_PERIOD),
        require(values, AgentFlags.EXECUTOR_REREGISTRATION_TIMEOUT),
        require(values, AgentFlags.RECOVERY_TIMEOUT),
        values.find(AgentFlags.EXECUTOR_ENVIRONMENT_VARIABLES).orElse(Map.of()),
        require(values, AgentFlags.SWITCH_USER));
  }

  /**
   * Takes the options from texts by flag name, as a user would write them.
   *
   * @throws IllegalArgumentException naming the flag and the reason
   */
  public static AgentOptions of(Map<String, String> texts) {
    for (String name : texts.keySet()) {
      if (AgentFlags.ALL.stream().noneMatch(flag -> flag.name().equals(name))) {
        throw new IllegalArgumentException("--" + name.toLowerCase(Locale.ROOT) + ": unknown flag");
      }
    }
    return from(
        new Values() {
          @Override
          public <T> Optional<T> find(Flag<T> flag) {
            return Optional.ofNullable(texts.get(flag.name()))
                .or(flag::defaultText)
                .map(flag::read);
          }
        });
  }

  /** {@code ip:port} for tasks; the port that was bound is not known here if it is 0. */
  String endpoint() {
    return advertiseIp.orElse(ip) + ":" + advertisePort.orElse(port);
  }

  private static <T> T require(Values values, Flag<T> flag) {
    return values
        .find(flag)
        .orElseThrow(() -> new IllegalArgumentException("--" + flag.name() + ": is required"));
  }
}
