package io.meseta.agent;

import com.sun.management.OperatingSystemMXBean;
import io.meseta.kernel.Bytes;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.Resource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an agent offers: what {@code --resources} says, and what the machine has of
 * the names that it does not mention.
 *
 * @param cpus logical processors that this process may use
 * @param memory what the machine, or the container that the agent runs in, has
 * @param disk size of the file system that holds the work directory
 */
record HostResources(int cpus, Bytes memory, Bytes disk) {
  private static final Bytes ONE_GIGABYTE = Bytes.mega(1024);
  private static final Bytes FIVE_GIGABYTES = Bytes.mega(5 * 1024);
  private static final String PORTS = "[31000-32000]";

  /** Asks the machine; does file I/O. */
  static HostResources detect(Path workDir) throws IOException {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new HostResources(
        Math.max(1, Runtime.getRuntime().availableProcessors()),
        new Bytes(system.getTotalMemorySize()),
        new Bytes(Files.getFileStore(workDir).getTotalSpace()));
  }

  /**
   * The agent's total.
   *
   * @throws IllegalArgumentException with the reason if the text is wrong
   */
  List<Resource> complete(Optional<String> text, String defaultRole) {
    String given = text.orElse("");
    List<String> mentioned =
        Resources.parseList(given, defaultRole).stream().map(Resource::getName).toList();
    StringBuilder detected = new StringBuilder();
    if (!mentioned.contains("cpus")) {
      detected.append("cpus:").append(cpus).append(';');
    }
    if (!mentioned.contains("mem")) {
      detected.append("mem:").append(megabytes(memory, ONE_GIGABYTE)).append(';');
    }
    if (!mentioned.contains("disk")) {
      detected.append("disk:").append(megabytes(disk, FIVE_GIGABYTES)).append(';');
    }
    if (!mentioned.contains("ports")) {
      detected.append("ports:").append(PORTS).append(';');
    }
    return Resources.parse(detected.toString(), defaultRole)
        .plus(Resources.parse(given, defaultRole))
        .toProto();
  }

  /** something is left to the machine itself, of a small one half. */
  private static String megabytes(Bytes total, Bytes reserve) {
    long left =
        total.count() >= 2 * reserve.count() ? total.count() - reserve.count() : total.count() / 2;
    return String.format(Locale.ROOT, "%d", left >> 20);
  }
}
