package io.meseta.isolation.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * How this package gets at the C library. Handles are kept in {@code static final} fields of the
 * class that uses them: only then are they as fast as JNI.
 */
final class Native {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /** The layout of the first argument of every handle that keeps {@code errno}. */
  static final MemoryLayout CALL_STATE = STATE;

  private Native() {}

  /** A function that reports failure otherwise than by {@code errno}. */
  // Restricted: native access is what this package is for; nothing outside it gets a handle.
  @SuppressWarnings("restricted")
  static MethodHandle function(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(symbol(name), descriptor);
  }

  /** A function that sets {@code errno}; the handle's first argument keeps it. */
  // Restricted: as above.
  @SuppressWarnings("restricted")
  static MethodHandle withErrno(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(symbol(name), descriptor, Linker.Option.captureCallState("errno"));
  }

  /** A function with {@code ...} after {@code fixed} arguments; the first argument keeps errno. */
  // Restricted: as above.
  @SuppressWarnings("restricted")
  static MethodHandle variadicWithErrno(String name, int fixed, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(
        symbol(name),
        descriptor,
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(fixed));
  }

  static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  /** The C string at an address that native code returned. */
  // Restricted: the library promises a NUL-terminated string there.
  @SuppressWarnings("restricted")
  static String string(MemorySegment address) {
    return address.reinterpret(Long.MAX_VALUE).getString(0);
  }

  /** What a handle's {@code invokeExact} throws can only be a bug or an {@link Error}. */
  static RuntimeException bug(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof RuntimeException exception) {
      return exception;
    }
    return new IllegalStateException(thrown);
  }

  private static MemorySegment symbol(String name) {
    return LINKER
        .defaultLookup()
        .find(name)
        .orElseThrow(
            () ->
                new UnsupportedOperationException(
                    "the C library has no " + name + ": glibc 2.34 or newer is needed"));
  }
}
