package io.meseta.agent;

import io.meseta.agent.core.AgentConfig;
import io.meseta.isolation.containers.Sandboxes;
import io.meseta.log.journal.DirectoryInUseException;
import io.meseta.resources.Attributes;
import io.meseta.schema.v1.AgentInfo;
import io.meseta.schema.v1.Attribute;
import io.meseta.schema.v1.Resource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What an agent finds out about itself and its machine before it can be born. Blocks:
 * to be run on a worker.
 */
record AgentStartup(AgentConfig config, AgentJournal.Opened journal, Sandboxes sandboxes) {
  /** The level of the API that this agent speaks (scheduler-api T-57). */
  private static final String API_VERSION = "1.12.0";

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private static final List<AgentInfo.Capability.Type> CAPABILITIES =
      List.of(
          AgentInfo.Capability.Type.MULTI_ROLE,
          AgentInfo.Capability.Type.HIERARCHICAL_ROLE,
          AgentInfo.Capability.Type.RESERVATION_REFINEMENT);

  /**
   * Does it.
   *
   * @throws AgentStartException with one line for the operator
   */
  static AgentStartup run(AgentOptions options) {
    createWorkDir(options.workDir());
    String address = address(options);
    AgentInfo.Builder info =
        AgentInfo.newBuilder()
            .setHostname(hostname(options, address))
            .setPort(options.advertisePort().orElse(options.port()))
            .addAllAttributes(attributes(options));
    info.addAllResources(resources(options));
    AgentConfig config =
        new AgentConfig(
            info.build(),
            API_VERSION,
            CAPABILITIES.stream()
                .map(type -> AgentInfo.Capability.newBuilder().setType(type).build())
                .toList(),
            address,
            address + ":" + options.advertisePort().orElse(options.port()),
            bootId(),
            options.registrationBackoffFactor(),
            options.executorShutdownGracePeriod(),
            options.recoveryTimeout(),
            options.executorReregistrationTimeout(),
            options.executorEnvironmentVariables(),
            options.switchUser());
    return new AgentStartup(config, journal(options.workDir()), new Sandboxes(options.workDir()));
  }

  private static void createWorkDir(Path workDir) {
    try {
      Files.createDirectories(workDir);
    } catch (IOException e) {
      throw new AgentStartException("--work_dir: cannot create " + workDir + ": " + reason(e), e);
    }
    if (!Files.isWritable(workDir)) {
      throw new AgentStartException("--work_dir: cannot write to " + workDir);
    }
  }

  private static AgentJournal.Opened journal(Path workDir) {
    Path directory = workDir.resolve("meta").resolve("journal");
    try {
      return AgentJournal.open(directory);
    } catch (DirectoryInUseException e) {
      throw new AgentStartException(
          "--work_dir: " + workDir + " is in use by another agent; stop it or choose another", e);
    } catch (IOException e) {
      throw new AgentStartException(
          "Failed to recover from "
              + directory
              + ": "
              + reason(e)
              + "; to start under a new id, move the directory away (tasks of the old id are then"
              + " forgotten)",
          e);
    }
  }

  private static List<Resource> resources(AgentOptions options) {
    return flag(
        AgentFlags.RESOURCES.name(),
        () -> {
          try {
            return HostResources.detect(options.workDir())
                .complete(options.resources(), options.defaultRole());
          } catch (IOException e) {
            throw new AgentStartException(
                "cannot find out the size of the disk of "
                    + options.workDir()
                    + ": "
                    + reason(e)
                    + "; name disk in --resources",
                e);
          }
        });
  }

  private static List<Attribute> attributes(AgentOptions options) {
    return flag(
        AgentFlags.ATTRIBUTES.name(),
        () -> options.attributes().map(Attributes::parse).orElse(List.of()));
  }

  private static <T> T flag(String name, Supplier<T> read) {
    try {
      return read.get();
    } catch (IllegalArgumentException e) {
      throw new AgentStartException("--" + name + ": " + e.getMessage(), e);
    }
  }

  /** Where others reach the agent: nobody can use the address that means every address. */
  private static String address(AgentOptions options) {
    if (options.advertiseIp().isPresent()) {
      return options.advertiseIp().get();
    }
    try {
      InetAddress address = InetAddress.getByName(options.ip());
      return (address.isAnyLocalAddress() ? InetAddress.getLocalHost() : address).getHostAddress();
    } catch (UnknownHostException e) {
      throw new AgentStartException(
          "--ip: " + options.ip() + " is no address of this machine; give --advertise_ip too", e);
    }
  }

  /** */
  private static String hostname(AgentOptions options, String address) {
    Optional<String> given = options.hostname();
    if (given.isPresent()) {
      return given.get();
    }
    if (!options.hostnameLookup()) {
      return address;
    }
    try {
      String name = InetAddress.getByName(address).getCanonicalHostName();
      if (!name.equals(address)) {
        return name;
      }
    } catch (UnknownHostException e) {
      // Told below: the address has no name.
    }
    throw new AgentStartException(
        "--hostname: no name is known for " + address + "; give one, or --no-hostname_lookup");
  }

  private static String bootId() {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (IOException e) {
      return "unknown"; // not Linux; nothing else depends on it
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null || e.getMessage().isEmpty()
        ? e.getClass().getSimpleName()
        : e.getClass().getSimpleName() + ": " + e.getMessage();
  }
}
