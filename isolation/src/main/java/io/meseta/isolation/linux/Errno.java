package io.meseta.isolation.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Error numbers of Linux: those that this code distinguishes, and the names of all. */
public final class Errno {
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int ESRCH = 3;
  static final int EINTR = 4;
  static final int ENOEXEC = 8;
  static final int ECHILD = 10;
  static final int EAGAIN = 11;
  static final int ENOMEM = 12;
  static final int EACCES = 13;
  static final int ENOTDIR = 20;
  static final int EINVAL = 22;
  static final int ENFILE = 23;
  static final int EMFILE = 24;
  static final int ERANGE = 34;

  private static final MethodHandle NAME =
      Native.function("strerrorname_np", FunctionDescriptor.of(ADDRESS, JAVA_INT));
  private static final MethodHandle TEXT =
      Native.function("strerrordesc_np", FunctionDescriptor.of(ADDRESS, JAVA_INT));

  private Errno() {}

  /** For instance {@code ENOENT}. */
  public static String name(int errno) {
    return lookUp(NAME, errno);
  }

  /** For instance {@code No such file or directory}. */
  public static String text(int errno) {
    return lookUp(TEXT, errno);
  }

  private static String lookUp(MethodHandle function, int errno) {
    try {
      MemorySegment found = (MemorySegment) function.invokeExact(errno);
      return found.address() == 0 ? "error " + errno : Native.string(found);
    } catch (Throwable e) {
      throw Native.bug(e);
    }
  }
}
