package io.meseta.agent;

import static io.meseta.kernel.FlagTypes.BOOLEAN;
import static io.meseta.kernel.FlagTypes.DURATION;
import static io.meseta.kernel.FlagTypes.PATH;
import static io.meseta.kernel.FlagTypes.STRING;
import static io.meseta.kernel.FlagTypes.integer;

import io.meseta.kernel.Durations;
import io.meseta.kernel.Flag;
import io.meseta.kernel.FlagTypes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The flags of an agent (D-19), with upstream's names, defaults and meanings. */
public final class AgentFlags {
  public static final Flag<Path> WORK_DIR =
      Flag.optional(
          "work_dir",
          PATH,
          "Where the agent keeps what must survive restarts and reboots: its journal, its id and the"
              + " sandboxes of tasks. Only one process may use it at a time.");

  public static final Flag<Path> RUNTIME_DIR =
      Flag.optional(
          "runtime_dir",
          PATH,
          "Where the agent keeps what must not survive a reboot. Default: /var/run/meseta for root,"
              + " else a directory below the user's runtime directory.");

  public static final Flag<String> IP =
      Flag.of("ip", STRING, "127.0.0.1", "The address to listen on and to be reached at.");

  public static final Flag<Integer> PORT =
      Flag.of("port", integer(0, 65535), "5051", "The port of the agent's HTTP API; 0 for any.");

  public static final Flag<String> ADVERTISE_IP =
      Flag.optional(
          "advertise_ip", STRING, "The address that others reach the agent at, if not --ip.");

  public static final Flag<Integer> ADVERTISE_PORT =
      Flag.optional(
          "advertise_port",
          integer(1, 65535),
          "The port that others reach the agent at, if not --port.");

  public static final Flag<String> HOSTNAME =
      Flag.optional(
          "hostname",
          STRING,
          "The name that the agent tells the master. Default: what the address resolves to.");

  public static final Flag<Boolean> HOSTNAME_LOOKUP =
      Flag.of(
          "hostname_lookup",
          BOOLEAN,
          "true",
          "Whether the agent looks up its name when --hostname is not given; else it is called by"
              + " its address.");

  public static final Flag<String> RESOURCES =
      Flag.optional(
          "resources",
          STRING,
          "What the agent offers: cpus:2;mem:1024;disk:2048;ports:[31000-32000], or a JSON list of"
              + " resources. Names that are not mentioned are detected.");

  public static final Flag<String> DEFAULT_ROLE =
      Flag.of(
          "default_role",
          STRING,
          "*",
          "The role of resources in --resources that name none, and of detected ones.");

  public static final Flag<String> ATTRIBUTES =
      Flag.optional(
          "attributes",
          STRING,
          "What distinguishes the machine: rack:7;zone:a;levels:[1-3]. Frameworks see it in offers.");

  public static final Flag<Duration> REGISTRATION_BACKOFF_FACTOR =
      Flag.of(
          "registration_backoff_factor",
          new Flag.Type<>("DURATION", Duration.class, AgentFlags::backoff),
          "1secs",
          "The agent first waits a random time up to this, then tries again after up to twice as"
              + " long, doubled each time, at most 1mins.");

  public static final Flag<Duration> EXECUTOR_SHUTDOWN_GRACE_PERIOD =
      Flag.of(
          "executor_shutdown_grace_period",
          DURATION,
          "5secs",
          "How long an executor that was told to shut down has before it is killed.");

  public static final Flag<Duration> EXECUTOR_REREGISTRATION_TIMEOUT =
      Flag.of(
          "executor_reregistration_timeout",
          DURATION,
          "2secs",
          "How long executors have to come back after the agent was restarted.");

  public static final Flag<Duration> RECOVERY_TIMEOUT =
      Flag.of(
          "recovery_timeout",
          DURATION,
          "15mins",
          "How long executors wait for a restarted agent before they shut themselves down.");

  public static final Flag<Map<String, String>> EXECUTOR_ENVIRONMENT_VARIABLES =
      Flag.optional(
          "executor_environment_variables",
          EnvironmentFlag.TYPE,
          "Environment variables for every executor and task, as a JSON object of strings.");

  public static final Flag<Boolean> SWITCH_USER =
      Flag.of(
          "switch_user",
          BOOLEAN,
          "true",
          "Whether tasks run as the user that they or their framework name; else as the agent's.");

  /** All of them, in the order of the help text. */
  public static final List<Flag<?>> ALL =
      List.of(
          WORK_DIR,
          RUNTIME_DIR,
          IP,
          PORT,
          ADVERTISE_IP,
          ADVERTISE_PORT,
          HOSTNAME,
          HOSTNAME_LOOKUP,
          RESOURCES,
          DEFAULT_ROLE,
          ATTRIBUTES,
          REGISTRATION_BACKOFF_FACTOR,
          EXECUTOR_SHUTDOWN_GRACE_PERIOD,
          EXECUTOR_REREGISTRATION_TIMEOUT,
          RECOVERY_TIMEOUT,
          EXECUTOR_ENVIRONMENT_VARIABLES,
          SWITCH_USER);

  private static final Duration MAX_BACKOFF_FACTOR = Duration.ofMinutes(1);

  private AgentFlags() {}

  private static Duration backoff(String text) {
    Duration value = FlagTypes.DURATION.reader().read(text);
    if (value.compareTo(MAX_BACKOFF_FACTOR) > 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is longer than " + Durations.format(MAX_BACKOFF_FACTOR));
    }
    return value;
  }
}
