package io.meseta.isolation.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.OptionalInt;

/** Ending and reaping processes, by pid. */
public final class Processes {
  public static final int SIGKILL = 9;
  public static final int SIGTERM = 15;
  public static final int SIGCONT = 18;

  /** The last real-time signal. */
  public static final int MAX_SIGNAL = 64;

  private static final int WNOHANG = 1;
  private static final int PR_SET_CHILD_SUBREAPER = 36;

  private static final MethodHandle WAITPID =
      Native.withErrno("waitpid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle KILL =
      Native.withErrno("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle PRCTL =
      Native.variadicWithErrno(
          "prctl",
          1,
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

  private Processes() {}

  /**
   * Takes the wait status of one child if it has ended. Only ever called with a pid of our own:
   * this JVM may have other children, whose status somebody else waits for.
   *
   * @return empty while it runs, and if it is not (or no longer) a child
   */
  public static OptionalInt reap(int pid) {
    return await(pid, WNOHANG);
  }

  /** Waits for a child that is about to end. */
  static OptionalInt await(int pid) {
    return await(pid, 0);
  }

  /**
   * Sends a signal to every process of a group at once; a fork that is under way is caught too.
   *
   * @return whether the group had a process
   */
  public static boolean signalGroup(int group, int signal) {
    if (group <= 1) {
      throw new IllegalArgumentException("not a process group of ours: " + group);
    }
    try (Arena arena = Arena.ofConfined()) {
      return (int) KILL.invokeExact(arena.allocate(Native.CALL_STATE), -group, signal) == 0;
    } catch (Throwable e) {
      throw Native.bug(e);
    }
  }

  /**
   * Makes this JVM the parent of every descendant whose own parent ends, instead of the machine's
   * first process. For good, and for all its children.
   */
  public static void adoptOrphans() throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Native.CALL_STATE);
      int result = (int) PRCTL.invokeExact(state, PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L);
      if (result != 0) {
        throw new NativeException("prctl", Native.errno(state));
      }
    } catch (NativeException e) {
      throw e;
    } catch (Throwable e) {
      throw Native.bug(e);
    }
  }

  private static OptionalInt await(int pid, int options) {
    if (pid <= 1) {
      throw new IllegalArgumentException("not a child of ours: " + pid);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Native.CALL_STATE);
      MemorySegment status = arena.allocate(JAVA_INT);
      int result;
      do {
        result = (int) WAITPID.invokeExact(state, pid, status, options);
      } while (result < 0 && Native.errno(state) == Errno.EINTR);
      return result == pid ? OptionalInt.of(status.get(JAVA_INT, 0)) : OptionalInt.empty();
    } catch (Throwable e) {
      throw Native.bug(e);
    }
  }
}
