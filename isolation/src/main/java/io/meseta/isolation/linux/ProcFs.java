package io.meseta.isolation.linux;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code /proc}; needs a kernel with CONFIG_PROC_CHILDREN, as every distribution's has. */
public final class ProcFs implements ProcessView {
  /** No environment is larger: the kernel gives arguments and environment a quarter of 8 MiB. */
  private static final int MAX_ENVIRONMENT_BYTES = 2 * 1024 * 1024;

  private static final int MAX_CHILDREN_BYTES = 1024 * 1024;
  private static final int MAX_STAT_BYTES = 4096;

  private final int self = Math.toIntExact(ProcessHandle.current().pid());

  @Override
  public int self() {
    return self;
  }

  @Override
  public Optional<ProcessStat> stat(int pid) {
    return read("/proc/" + pid + "/stat", MAX_STAT_BYTES)
        .flatMap(bytes -> ProcessStat.parse(new String(bytes, StandardCharsets.UTF_8)));
  }

  @Override
  public List<Integer> children(int pid) {
    String[] threads = new File("/proc/" + pid + "/task").list();
    if (threads == null) {
      return List.of();
    }
    List<Integer> children = new ArrayList<>();
    for (String thread : threads) {
      children.addAll(childrenOf(pid, thread));
    }
    return children;
  }

  @Override
  public List<Integer> adopted() {
    // The kernel hands orphans to the first thread that is not ending, which is the oldest.
    return childrenOf(self, Integer.toString(self));
  }

  @Override
  public Optional<String> variable(int pid, String name) {
    return read("/proc/" + pid + "/environ", MAX_ENVIRONMENT_BYTES)
        .flatMap(
            bytes -> {
              String prefix = name + "=";
              for (String entry : new String(bytes, StandardCharsets.UTF_8).split("\0", -1)) {
                if (entry.startsWith(prefix)) {
                  return Optional.of(entry.substring(prefix.length()));
                }
              }
              return Optional.empty();
            });
  }

  private static List<Integer> childrenOf(int pid, String thread) {
    List<Integer> children = new ArrayList<>();
    read("/proc/" + pid + "/task/" + thread + "/children", MAX_CHILDREN_BYTES)
        .ifPresent(
            bytes -> {
              for (String child : new String(bytes, StandardCharsets.US_ASCII).split(" ", -1)) {
                if (!child.isBlank()) {
                  children.add(Integer.valueOf(child.strip()));
                }
              }
            });
    return children;
  }

  /** A process may end at any instant: a file that cannot be read is one that is not there. */
  private static Optional<byte[]> read(String path, int bound) {
    try (FileInputStream in = new FileInputStream(path)) {
      return Optional.of(in.readNBytes(bound));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
