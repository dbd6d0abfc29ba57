package io.meseta.isolation.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * System calls past the C library: those it has no wrapper for, and those whose wrapper would act
 * on all threads where one is meant (J-6).
 */
enum Syscall {
  SETGROUPS(116, 159),
  SETRESUID(117, 147),
  SETRESGID(119, 149),
  PIDFD_SEND_SIGNAL(424, 424),
  PIDFD_OPEN(434, 434);

  private static final MethodHandle SYSCALL =
      Native.variadicWithErrno(
          "syscall",
          1,
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

  private final long number;

  Syscall(int x86, int aarch64) {
    number =
        switch (System.getProperty("os.arch")) {
          case "amd64", "x86_64" -> x86;
          case "aarch64" -> aarch64;
          default ->
              throw new UnsupportedOperationException(
                  "unsupported processor " + System.getProperty("os.arch"));
        };
  }

  /** Calls on the current thread; unused arguments are 0. */
  long call(long first, long second, long third, long fourth) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Native.CALL_STATE);
      long result = (long) SYSCALL.invokeExact(state, number, first, second, third, fourth);
      if (result == -1) {
        throw new NativeException(name().toLowerCase(Locale.ROOT), Native.errno(state));
      }
      return result;
    } catch (NativeException e) {
      throw e;
    } catch (Throwable e) {
      throw Native.bug(e);
    }
  }
}
