package io.meseta.master;

import io.meseta.allocator.AllocatorOptions;
import io.meseta.kernel.Flag;
import io.meseta.master.core.MasterOptions;
import io.meseta.schema.v1.MasterInfo;
import io.meseta.security.Authenticator;
import io.meseta.security.BasicAuthenticator;
import io.meseta.security.Credentials;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one master was told on its command line; see {@link MasterFlags} for the meaning of each.
 *
 * @param authenticator of the scheduler API
 * @param firewallRules as given: JSON, or a file that holds it
 */
public record MasterSettings(
    Optional<String> hostname,
    AllocatorOptions allocator,
    Optional<Duration> offerTimeout,
    Duration agentPingTimeout,
    int maxAgentPingTimeouts,
    Duration agentReregisterTimeout,
    int maxCompletedFrameworks,
    int maxCompletedTasksPerFramework,
    int maxUnreachableTasksPerFramework,
    Optional<Set<String>> roles,
    boolean rootSubmissions,
    Authenticator authenticator,
    Optional<String> firewallRules) {

  /** The realm of the scheduler API, as upstream names it. */
  public static final String SCHEDULER_REALM = "mesos-master-scheduler";

  /** Where values of flags come from; those without a value give their default or nothing. */
  public interface Values {
    <T> Optional<T> find(Flag<T> flag);
  }

  /**
   * Takes the settings from read flags. Reads the credentials file, if one is needed.
   *
   * @throws IllegalArgumentException naming the flag and the reason
   */
  public static MasterSettings from(Values values) {
    return new MasterSettings(
        values.find(MasterFlags.HOSTNAME),
        allocator(values),
        values.find(MasterFlags.OFFER_TIMEOUT),
        require(values, MasterFlags.AGENT_PING_TIMEOUT),
        require(values, MasterFlags.MAX_AGENT_PING_TIMEOUTS),
        require(values, MasterFlags.AGENT_REREGISTER_TIMEOUT),
        require(values, MasterFlags.MAX_COMPLETED_FRAMEWORKS),
        require(values, MasterFlags.MAX_COMPLETED_TASKS_PER_FRAMEWORK),
        require(values, MasterFlags.MAX_UNREACHABLE_TASKS_PER_FRAMEWORK),
        values.find(MasterFlags.ROLES).map(MasterSettings::split),
        require(values, MasterFlags.ROOT_SUBMISSIONS),
        authenticator(values),
        values.find(MasterFlags.FIREWALL_RULES));
  }

  /** The defaults of all flags. */
  public static MasterSettings defaults() {
    return of(Map.of());
  }

  /**
   * Takes the settings from texts by flag name, as a user would write them.
   *
   * @throws IllegalArgumentException naming the flag and the reason
   */
  public static MasterSettings of(Map<String, String> texts) {
    Map<String, String> unknown = new HashMap<>(texts);
    MasterFlags.ALL.forEach(flag -> unknown.remove(flag.name()));
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(unknown.keySet() + ": unknown flags");
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

  private static AllocatorOptions allocator(Values values) {
    AllocatorOptions defaults = AllocatorOptions.defaults();
    return values
        .find(MasterFlags.MIN_ALLOCATABLE_RESOURCES)
        .map(
            text -> {
              try {
                return defaults.withMinAllocatable(AllocatorOptions.parseMinAllocatable(text));
              } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("--" + e.getMessage(), e);
              }
            })
        .orElse(defaults)
        .withAllocationInterval(require(values, MasterFlags.ALLOCATION_INTERVAL));
  }

  private static Authenticator authenticator(Values values) {
    if (!require(values, MasterFlags.AUTHENTICATE_HTTP_FRAMEWORKS)) {
      return Authenticator.NONE;
    }
    String names = require(values, MasterFlags.HTTP_FRAMEWORK_AUTHENTICATORS);
    if (!names.strip().equals("basic")) {
      throw new IllegalArgumentException(
          "--http_framework_authenticators: '" + names + "' is unknown; there is 'basic'");
    }
    Path file =
        values
            .find(MasterFlags.CREDENTIALS)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "--credentials: is required by --authenticate_http_frameworks"));
    try {
      return new BasicAuthenticator(SCHEDULER_REALM, Credentials.read(file));
    } catch (IOException e) {
      throw new IllegalArgumentException("--credentials: " + e.getMessage(), e);
    }
  }

  private static Set<String> split(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(role -> !role.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static <T> T require(Values values, Flag<T> flag) {
    return values
        .find(flag)
        .orElseThrow(() -> new IllegalArgumentException("--" + flag.name() + ": is required"));
  }

  /** The core's options for one term. */
  public MasterOptions.Builder options(MasterInfo info, long epoch) {
    MasterOptions.Builder options =
        MasterOptions.builder(info)
            .epoch(epoch)
            .agentPingTimeout(agentPingTimeout)
            .maxAgentPingTimeouts(maxAgentPingTimeouts)
            .agentReregisterTimeout(agentReregisterTimeout)
            .maxCompletedFrameworks(maxCompletedFrameworks)
            .maxCompletedTasksPerFramework(maxCompletedTasksPerFramework)
            .maxUnreachableTasksPerFramework(maxUnreachableTasksPerFramework)
            .rootSubmissions(rootSubmissions);
    offerTimeout.ifPresent(options::offerTimeout);
    roles.ifPresent(options::roles);
    return options;
  }
}
