package io.meseta.isolation.containers;

import io.meseta.isolation.linux.HostUsers;
import io.meseta.isolation.linux.NativeException;
import io.meseta.isolation.linux.Ownership;
import io.meseta.isolation.linux.UserAccount;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * The sandboxes below an agent's work directory (agent-executor 3.1). Every method does file I/O:
 * call it on a worker.
 */
public final class Sandboxes {
  private final Path workDir;

  /**
   * @param workDir the agent's {@code --work_dir}
   */
  public Sandboxes(Path workDir) {
    this.workDir = workDir.toAbsolutePath().normalize();
  }

  /** Where the sandbox is or would be; nothing is created. */
  public Sandbox locate(SandboxKey key) {
    return new Sandbox(workDir.resolve(key.runs()).resolve(key.containerId()));
  }

  /**
   * Makes the sandbox and points {@code runs/latest} at it. The sandbox is private to its owner and
   * the owner's group (mode 0750): it holds a task's data.
   *
   * @param user the task's user, who becomes the owner; empty if the agent does not switch users
   * @throws SandboxException if the host does not know the user, or the file system refuses
   */
  public Sandbox create(SandboxKey key, Optional<String> user) throws SandboxException {
    Sandbox sandbox = locate(key);
    Path directory = sandbox.directory();
    Optional<UserAccount> owner = Optional.empty();
    if (user.isPresent()) {
      owner = HostUsers.find(user.get());
      if (owner.isEmpty()) {
        throw new SandboxException(
            "Failed to create executor directory '%s': Failed to chown directory to '%s': No such user '%s'"
                .formatted(directory, user.get(), user.get()));
      }
    }
    try {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));
      if (owner.isPresent()) {
        chown(directory, owner.get());
      }
      link(directory.resolveSibling("latest"), key.containerId());
    } catch (SandboxException e) {
      throw e;
    } catch (IOException e) {
      throw new SandboxException(
          "Failed to create executor directory '%s': %s".formatted(directory, reason(e)), e);
    }
    return sandbox;
  }

  /**
   * Points {@code slaves/latest} at the agent's directory.
   *
   * @throws IOException if the file system refuses
   */
  public void linkLatestAgent(String agentId) throws IOException {
    Path agents = Files.createDirectories(workDir.resolve("slaves"));
    link(agents.resolve("latest"), agentId);
  }

  private static void chown(Path directory, UserAccount owner) throws SandboxException {
    try {
      Ownership.change(directory, owner.uid(), owner.gid());
    } catch (NativeException e) {
      throw new SandboxException(
          "Failed to create executor directory '%s': Failed to chown directory to '%s': %s"
              .formatted(directory, owner.name(), e.getMessage()),
          e);
    }
  }

  /** Replaces a link in one step, so that readers always find one. */
  private static void link(Path link, String target) throws IOException {
    Path fresh = link.resolveSibling(".latest");
    Files.deleteIfExists(fresh);
    Files.createSymbolicLink(fresh, Path.of(target));
    Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String reason(IOException e) {
    // A FileSystemException's message starts with the path, which the caller has named already.
    return switch (e) {
      case AccessDeniedException denied -> "Permission denied: '" + denied.getFile() + "'";
      case FileAlreadyExistsException file -> "Not a directory: '" + file.getFile() + "'";
      case FileSystemException other when other.getReason() != null ->
          other.getReason() + ": '" + other.getFile() + "'";
      default -> String.valueOf(e.getMessage());
    };
  }
}
