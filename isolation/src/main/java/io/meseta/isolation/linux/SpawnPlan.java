package io.meseta.isolation.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * The native form of one posix_spawn: what the child does between its birth and the executable. Its
 * order matters: standard streams, then every other descriptor closed, then the working directory
 * (so that paths of streams are not relative to it).
 */
final class SpawnPlan implements AutoCloseable {
  private static final MethodHandle SPAWN =
      Native.function(
          "posix_spawn",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
  private static final MethodHandle ATTR_INIT = onPointer("posix_spawnattr_init");
  private static final MethodHandle ATTR_DESTROY = onPointer("posix_spawnattr_destroy");
  private static final MethodHandle ATTR_FLAGS =
      Native.function(
          "posix_spawnattr_setflags", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_SHORT));
  private static final MethodHandle ATTR_DEFAULT = onPointers("posix_spawnattr_setsigdefault");
  private static final MethodHandle ATTR_MASK = onPointers("posix_spawnattr_setsigmask");
  private static final MethodHandle ACTIONS_INIT = onPointer("posix_spawn_file_actions_init");
  private static final MethodHandle ACTIONS_DESTROY = onPointer("posix_spawn_file_actions_destroy");
  private static final MethodHandle ADD_OPEN =
      Native.function(
          "posix_spawn_file_actions_addopen",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle ADD_CLOSE_FROM =
      Native.function(
          "posix_spawn_file_actions_addclosefrom_np",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle ADD_CHDIR = onPointers("posix_spawn_file_actions_addchdir_np");
  private static final MethodHandle EMPTY_SET = onPointer("sigemptyset");

  private static final short SETSIGDEF = 0x04;
  private static final short SETSIGMASK = 0x08;
  private static final short SETSID = 0x80;

  /** More than any of the library's opaque structures needs (336 is the largest on 64 bits). */
  private static final long STRUCT_BYTES = 512;

  private static final int OUTPUT_MODE = 0644;

  static final int OUTPUT_FLAGS = Descriptors.O_WRONLY | Descriptors.O_CREAT | Descriptors.O_APPEND;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment attributes = arena.allocate(STRUCT_BYTES, 16);
  private final MemorySegment actions = arena.allocate(STRUCT_BYTES, 16);
  private final MemorySegment environment;

  SpawnPlan(SpawnRequest request) {
    environment =
        strings(
            request.environment().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList());
    MemorySegment all = arena.allocate(STRUCT_BYTES, 16);
    MemorySegment none = arena.allocate(STRUCT_BYTES, 16);
    try {
      // Not sigfillset, which leaves out the library's own two signals: they would be ignored.
      all.fill((byte) 0xFF);
      check((int) EMPTY_SET.invokeExact(none));
      check((int) ATTR_INIT.invokeExact(attributes));
      check((int) ATTR_FLAGS.invokeExact(attributes, (short) (SETSID | SETSIGDEF | SETSIGMASK)));
      check((int) ATTR_DEFAULT.invokeExact(attributes, all));
      check((int) ATTR_MASK.invokeExact(attributes, none));
      check((int) ACTIONS_INIT.invokeExact(actions));
      open(0, "/dev/null", Descriptors.O_RDONLY);
      open(1, request.stdout().toString(), OUTPUT_FLAGS);
      open(2, request.stderr().toString(), OUTPUT_FLAGS);
      check((int) ADD_CLOSE_FROM.invokeExact(actions, 3));
      check(
          (int)
              ADD_CHDIR.invokeExact(
                  actions, arena.allocateFrom(request.workingDirectory().toString())));
    } catch (Throwable e) {
      throw Native.bug(e);
    }
  }

  /**
   * Starts the process as the calling thread's user; returns when it runs the executable.
   *
   * @return the pid, or minus the error number
   */
  int spawn(String path, List<String> argv) {
    try {
      MemorySegment pid = arena.allocate(JAVA_INT);
      int errno =
          (int)
              SPAWN.invokeExact(
                  pid, arena.allocateFrom(path), actions, attributes, strings(argv), environment);
      return errno == 0 ? pid.get(JAVA_INT, 0) : -errno;
    } catch (Throwable e) {
      throw Native.bug(e);
    }
  }

  @Override
  public void close() {
    try {
      int unusedFirst = (int) ACTIONS_DESTROY.invokeExact(actions);
      int unusedSecond = (int) ATTR_DESTROY.invokeExact(attributes);
    } catch (Throwable e) {
      throw Native.bug(e);
    } finally {
      arena.close();
    }
  }

  private void open(int fd, String path, int flags) throws Throwable {
    check((int) ADD_OPEN.invokeExact(actions, fd, arena.allocateFrom(path), flags, OUTPUT_MODE));
  }

  private MemorySegment strings(List<String> strings) {
    MemorySegment array = arena.allocate(ADDRESS, strings.size() + 1L);
    for (int i = 0; i < strings.size(); i++) {
      array.setAtIndex(ADDRESS, i, arena.allocateFrom(strings.get(i)));
    }
    array.setAtIndex(ADDRESS, strings.size(), MemorySegment.NULL);
    return array;
  }

  /** These calls fail for want of memory, or because we call them wrongly. */
  private static void check(int result) {
    if (result != 0) {
      throw new IllegalStateException("posix_spawn set-up: error " + result);
    }
  }

  private static MethodHandle onPointer(String name) {
    return Native.function(name, FunctionDescriptor.of(JAVA_INT, ADDRESS));
  }

  private static MethodHandle onPointers(String name) {
    return Native.function(name, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
  }
}
