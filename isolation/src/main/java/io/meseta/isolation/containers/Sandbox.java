package io.meseta.isolation.containers;

import java.nio.file.Path;

/**
 * The directory that a container's processes start in and write their output to.
 *
 * @param directory absolute
 */
public record Sandbox(Path directory) {
  public Path stdout() {
    return directory.resolve("stdout");
  }

  public Path stderr() {
    return directory.resolve("stderr");
  }
}
