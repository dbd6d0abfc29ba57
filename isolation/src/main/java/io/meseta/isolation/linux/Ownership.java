package io.meseta.isolation.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** Who owns a file. */
public final class Ownership {
  private static final MethodHandle LCHOWN =
      Native.withErrno("lchown", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));

  private Ownership() {}

  /** Gives a file to a user and group; a symbolic link is changed itself, not followed. */
  public static void change(Path path, int uid, int gid) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Native.CALL_STATE);
      int result = (int) LCHOWN.invokeExact(state, arena.allocateFrom(path.toString()), uid, gid);
      if (result != 0) {
        throw new NativeException("chown", Native.errno(state));
      }
    } catch (NativeException e) {
      throw e;
    } catch (Throwable e) {
      throw Native.bug(e);
    }
  }
}
