package io.meseta.isolation.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** Raw file descriptors. */
final class Descriptors {
  static final int O_RDONLY = 0;
  static final int O_WRONLY = 1;
  static final int O_CREAT = 0x40;
  static final int O_APPEND = 0x400;
  static final int O_CLOEXEC = 0x80000;

  private static final MethodHandle CLOSE =
      Native.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle OPEN =
      Native.variadicWithErrno(
          "open", 2, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));

  private Descriptors() {}

  static void close(int fd) {
    try {
      int ignored = (int) CLOSE.invokeExact(fd);
    } catch (Throwable e) {
      throw Native.bug(e);
    }
  }

  static int open(Path path, int flags, int mode) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Native.CALL_STATE);
      int fd = (int) OPEN.invokeExact(state, arena.allocateFrom(path.toString()), flags, mode);
      if (fd < 0) {
        throw new NativeException("open", Native.errno(state));
      }
      return fd;
    } catch (NativeException e) {
      throw e;
    } catch (Throwable e) {
      throw Native.bug(e);
    }
  }
}
