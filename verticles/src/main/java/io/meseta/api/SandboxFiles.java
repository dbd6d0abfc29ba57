package io.meseta.api;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads files of sandboxes by virtual path, and nothing else. Paths come from the network: each
 * segment is checked, and what it leads to must lie within the sandbox that it names, whatever
 * links tasks have made. Every method does file I/O: call it on a worker.
 */
final class SandboxFiles {
  /** The most that one read returns, in bytes: 16 pages, as upstream. */
  static final int MAX_READ_BYTES = 16 * 4096;

  private static final int SANDBOX_SEGMENTS = 6; // frameworks/F/executors/E/runs/C

  private final Path agentDirectory;

  /** What came of a request. */
  sealed interface Result {
    /**
     * The file's bytes from {@code offset}.
     *
     * @param offset where they begin; without a wanted offset, the file's size
     */
    record Data(ByteString bytes, long offset) implements Result {}

    /** There is no such file, or no such sandbox. */
    record Missing() implements Result {}

    /** It cannot be read; the sentence is for people. */
    record Refused(String reason) implements Result {}
  }

  /**
   * @param workDir the agent's work directory
   */
  SandboxFiles(Path workDir) {
    this.agentDirectory = workDir.resolve("slaves").resolve("latest");
  }

  /**
   * Reads a part of a file.
   *
   * @param path {@code /frameworks/F/executors/E/runs/C/…}, where C may be {@code latest}, or the
   *     absolute path of the same
   * @param offset where to begin; -1 reads nothing and tells the file's size
   * @param length how much to read at most; -1 for as much as is allowed
   */
  Result read(String path, long offset, long length) {
    try {
      Optional<Path> sandbox = sandbox(path);
      if (sandbox.isEmpty()) {
        return new Result.Missing();
      }
      List<String> inside = segments(path).subList(sandboxEnd(path), segments(path).size());
      Path wanted = sandbox.get();
      for (String segment : inside) {
        wanted = wanted.resolve(segment);
      }
      if (!Files.exists(wanted)) {
        return new Result.Missing();
      }
      Path real = wanted.toRealPath();
      if (!real.startsWith(sandbox.get())) {
        return new Result.Refused("'" + path + "' is inaccessible.");
      }
      if (Files.isDirectory(real)) {
        return new Result.Refused("Cannot read a directory.");
      }
      return Files.isRegularFile(real)
          ? read(real, offset, length)
          : new Result.Refused("'" + path + "' is not a regular file.");
    } catch (IOException e) {
      return new Result.Refused("'" + path + "' cannot be read.");
    }
  }

  private static Result read(Path file, long offset, long length) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      long size = open.length();
      if (offset < 0) {
        return new Result.Data(ByteString.EMPTY, size);
      }
      long wanted = length < 0 ? MAX_READ_BYTES : Math.min(length, MAX_READ_BYTES);
      byte[] bytes = new byte[(int) Math.max(0, Math.min(wanted, size - offset))];
      open.seek(Math.min(offset, size));
      open.readFully(bytes);
      return new Result.Data(ByteString.copyFrom(bytes), offset);
    }
  }

  /** The real directory of the sandbox that a path leads into. */
  private Optional<Path> sandbox(String path) throws IOException {
    List<String> segments = segments(path);
    int end = sandboxEnd(path);
    if (end < 0 || end > segments.size() || !Files.isDirectory(agentDirectory)) {
      return Optional.empty();
    }
    Path root = agentDirectory.toRealPath();
    Path sandbox = root;
    for (String segment : segments.subList(end - SANDBOX_SEGMENTS, end)) {
      if (segment.equals("..") || segment.equals(".")) {
        return Optional.empty();
      }
      sandbox = sandbox.resolve(segment);
    }
    if (!Files.isDirectory(sandbox)) {
      return Optional.empty();
    }
    Path real = sandbox.toRealPath();
    return real.startsWith(root) ? Optional.of(real) : Optional.empty();
  }

  /** How many segments of the path name its sandbox, or -1 if it names none. */
  private int sandboxEnd(String path) {
    List<String> segments = segments(path);
    List<String> own = segments(agentDirectory.toString());
    int begin = 0;
    if (segments.size() > own.size()
        && segments.subList(0, own.size() - 1).equals(own.subList(0, own.size() - 1))) {
      begin = own.size();
    }
    boolean shaped =
        segments.size() >= begin + SANDBOX_SEGMENTS
            && segments.get(begin).equals("frameworks")
            && segments.get(begin + 2).equals("executors")
            && segments.get(begin + 4).equals("runs");
    return shaped ? begin + SANDBOX_SEGMENTS : -1;
  }

  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    for (String segment : path.split("/", -1)) {
      if (!segment.isEmpty()) {
        segments.add(segment);
      }
    }
    return segments;
  }
}
