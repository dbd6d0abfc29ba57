package io.meseta.bench;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where this product is installed or checked out. */
final class Launcher {
  private Launcher() {}

  /**
   * The folder that holds {@code bin}: as the launcher says, or the nearest one above the working
   * directory.
   */
  static Path home() {
    String told = System.getProperty("meseta.home");
    if (told != null) {
      return Path.of(told);
    }
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve("bin/meseta"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException("no bin/meseta above " + Path.of("").toAbsolutePath());
    }
    return folder;
  }

  /** {@code bin/meseta}. */
  static Path path() {
    return home().resolve("bin").resolve("meseta");
  }
}
