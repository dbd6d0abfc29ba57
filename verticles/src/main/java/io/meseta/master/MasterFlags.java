package io.meseta.master;

import static io.meseta.kernel.FlagTypes.BOOLEAN;
import static io.meseta.kernel.FlagTypes.DURATION;
import static io.meseta.kernel.FlagTypes.PATH;
import static io.meseta.kernel.FlagTypes.STRING;
import static io.meseta.kernel.FlagTypes.integer;

import io.meseta.allocator.AllocatorOptions;
import io.meseta.kernel.Flag;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** How a master behaves, as flags (D-19), with upstream's names, defaults and meanings. */
public final class MasterFlags {
  public static final Flag<String> HOSTNAME =
      Flag.optional(
          "hostname",
          STRING,
          "The name that clients are redirected to and that frameworks are told. Default: the"
              + " address of --ip.");

  public static final Flag<Duration> ALLOCATION_INTERVAL =
      Flag.of(
          "allocation_interval",
          DURATION,
          "1secs",
          "How often all agents are looked at for resources to offer; also the shortest time that a"
              + " declined offer stays away.");

  public static final Flag<String> MIN_ALLOCATABLE_RESOURCES =
      Flag.of(
          "min_allocatable_resources",
          STRING,
          AllocatorOptions.DEFAULT_MIN_ALLOCATABLE,
          "Resources are offered only if they hold at least one of these sets of quantities; sets"
              + " are separated by |.");

  public static final Flag<Duration> OFFER_TIMEOUT =
      Flag.optional(
          "offer_timeout",
          DURATION,
          "How long an offer stands before it is rescinded. Default: until it is used or declined.");

  public static final Flag<Duration> AGENT_PING_TIMEOUT =
      Flag.of(
          "agent_ping_timeout",
          DURATION,
          "15secs",
          "How long an agent may take to answer a ping before the ping counts as missed.");

  public static final Flag<Integer> MAX_AGENT_PING_TIMEOUTS =
      Flag.of(
          "max_agent_ping_timeouts",
          integer(1, 1_000_000),
          "5",
          "After how many missed pings in a row an agent is unreachable.");

  public static final Flag<Duration> AGENT_REREGISTER_TIMEOUT =
      Flag.of(
          "agent_reregister_timeout",
          DURATION,
          "10mins",
          "How long a disconnected agent, or one known from before a restart of the master, has to"
              + " come back before it is unreachable.");

  public static final Flag<Integer> MAX_COMPLETED_FRAMEWORKS =
      Flag.of(
          "max_completed_frameworks",
          integer(0, 1_000_000),
          "50",
          "How many frameworks that have ended are remembered for readers.");

  public static final Flag<Integer> MAX_COMPLETED_TASKS_PER_FRAMEWORK =
      Flag.of(
          "max_completed_tasks_per_framework",
          integer(0, 1_000_000),
          "1000",
          "How many ended tasks of each framework are remembered for readers.");

  public static final Flag<Integer> MAX_UNREACHABLE_TASKS_PER_FRAMEWORK =
      Flag.of(
          "max_unreachable_tasks_per_framework",
          integer(0, 1_000_000),
          "1000",
          "How many tasks of each framework on unreachable agents are remembered.");

  public static final Flag<String> ROLES =
      Flag.optional(
          "roles", STRING, "The only roles that frameworks may have, separated by commas.");

  public static final Flag<Boolean> ROOT_SUBMISSIONS =
      Flag.of("root_submissions", BOOLEAN, "true", "Whether root may be a framework's user.");

  public static final Flag<Boolean> AUTHENTICATE_HTTP_FRAMEWORKS =
      Flag.of(
          "authenticate_http_frameworks",
          BOOLEAN,
          "false",
          "Whether frameworks must prove who they are; needs --credentials.");

  public static final Flag<String> HTTP_FRAMEWORK_AUTHENTICATORS =
      Flag.of(
          "http_framework_authenticators",
          STRING,
          "basic",
          "How frameworks prove who they are; basic is the only way so far.");

  public static final Flag<Path> CREDENTIALS =
      Flag.optional(
          "credentials",
          PATH,
          "A JSON file of who may authenticate:"
              + " {\"credentials\":[{\"principal\":\"p\",\"secret\":\"s\"}]}.");

  public static final Flag<String> FIREWALL_RULES =
      Flag.optional(
          "firewall_rules",
          STRING,
          "Paths that are answered 403, as JSON or as a file that holds it:"
              + " {\"disabled_endpoints\":{\"paths\":[\"/version\"]}}.");

  public static final List<Flag<?>> ALL =
      List.of(
          HOSTNAME,
          ALLOCATION_INTERVAL,
          MIN_ALLOCATABLE_RESOURCES,
          OFFER_TIMEOUT,
          AGENT_PING_TIMEOUT,
          MAX_AGENT_PING_TIMEOUTS,
          AGENT_REREGISTER_TIMEOUT,
          MAX_COMPLETED_FRAMEWORKS,
          MAX_COMPLETED_TASKS_PER_FRAMEWORK,
          MAX_UNREACHABLE_TASKS_PER_FRAMEWORK,
          ROLES,
          ROOT_SUBMISSIONS,
          AUTHENTICATE_HTTP_FRAMEWORKS,
          HTTP_FRAMEWORK_AUTHENTICATORS,
          CREDENTIALS,
          FIREWALL_RULES);

  private MasterFlags() {}
}
