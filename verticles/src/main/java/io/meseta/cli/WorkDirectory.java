package io.meseta.cli;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a local cluster keeps its state: the user's own directory, or a fresh one that is removed
 * at the end.
 *
 * @param temporary whether it is removed
 */
record WorkDirectory(Path path, boolean temporary) implements AutoCloseable {
  /**
   * Opens it.
   *
   * @throws EnvironmentException if it cannot be made or written to
   */
  static WorkDirectory open(Optional<Path> wanted, boolean keep) {
    try {
      if (wanted.isPresent()) {
        Path path = Files.createDirectories(wanted.get().toAbsolutePath().normalize());
        if (!Files.isWritable(path)) {
          throw new EnvironmentException("--work_dir: " + path + " is not writable", null);
        }
        return new WorkDirectory(path, false);
      }
      Path parent = Files.createDirectories(cache().resolve("meseta"));
      return new WorkDirectory(Files.createTempDirectory(parent, "local-"), !keep);
    } catch (IOException e) {
      throw new EnvironmentException("--work_dir: cannot make " + e.getMessage(), e);
    }
  }

  private static Path cache() {
    String home = System.getenv("XDG_CACHE_HOME");
    return home != null && !home.isEmpty()
        ? Path.of(home)
        : Path.of(System.getProperty("user.home"), ".cache");
  }

  @Override
  public void close() {
    if (!temporary) {
      return;
    }
    try {
      Files.walkFileTree(
          path,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
                throws IOException {
              Files.deleteIfExists(folder);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      System.err.println("meseta local: could not remove " + path + ": " + e.getMessage());
    }
  }
}
