package io.meseta.log.journal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A real directory, held by a lock file while it is open. */
public final class FileDisk implements Disk {
  /** The lock file; never listed. */
  private static final String LOCK = "lock";

  /** Windows cannot open directories, and makes renames durable by itself. */
  private static final boolean FORCES_DIRECTORIES =
      !System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");

  /**
   * Directories held by this process. Needed because POSIX drops a process's lock as soon as it
   * closes any channel of the file: a second attempt must not even open the lock file.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel lockChannel;

  private FileDisk(Path directory, FileChannel lockChannel) {
    this.directory = directory;
    this.lockChannel = lockChannel;
  }

  /**
   * Makes the directory if it is missing and takes its lock.
   *
   * @throws DirectoryInUseException at once if somebody else holds it
   */
  public static FileDisk open(Path directory) throws IOException {
    makeDurably(directory.toAbsolutePath().normalize());
    Path real = directory.toRealPath();
    if (!HELD.add(real)) {
      throw new DirectoryInUseException(real + " is already in use by this process");
    }
    try {
      return new FileDisk(real, lock(real));
    } catch (IOException | RuntimeException e) {
      HELD.remove(real);
      throw e;
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        throw new DirectoryInUseException(
            directory + " is in use by process " + holder(channel) + ": stop it, or name another");
      }
      byte[] self = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
      channel.truncate(0).write(ByteBuffer.wrap(self), 0);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static void makeDurably(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      makeDurably(parent);
    }
    Files.createDirectories(directory);
    if (parent != null) {
      force(parent);
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(20);
    channel.read(buffer, 0);
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII).strip();
  }

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals(LOCK))
          .toList();
    }
  }

  @Override
  public DiskFile open(String name) throws IOException {
    return new ChannelFile(
        directory.resolve(name),
        FileChannel.open(
            directory.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  @Override
  public DiskFile create(String name) throws IOException {
    return new ChannelFile(
        directory.resolve(name),
        FileChannel.open(
            directory.resolve(name),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.delete(directory.resolve(name));
  }

  @Override
  public void forceDirectory() throws IOException {
    force(directory);
  }

  private static void force(Path directory) throws IOException {
    if (FORCES_DIRECTORIES) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  @Override
  public String describe(String name) {
    return directory.resolve(name).toString();
  }

  @Override
  public void close() throws IOException {
    lockChannel.close();
    HELD.remove(directory);
  }

  /**
   * A file channel. Its thread must not be interrupted: an interrupt during I/O closes the channel.
   */
  private record ChannelFile(Path path, FileChannel channel) implements DiskFile {
    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void read(ByteBuffer into, long offset) throws IOException {
      long at = offset;
      while (into.hasRemaining()) {
        int count = channel.read(into, at);
        if (count < 0) {
          throw new EOFException(path + " ends at offset " + at);
        }
        at += count;
      }
    }

    @Override
    public void write(ByteBuffer from, long offset) throws IOException {
      long at = offset;
      while (from.hasRemaining()) {
        at += channel.write(from, at);
      }
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
