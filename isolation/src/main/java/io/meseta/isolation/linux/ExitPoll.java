package io.meseta.isolation.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * One thread's wait for the end of any number of processes, and for other threads that wake it.
 * Everything but {@link #wake} belongs to the thread that waits.
 */
public final class ExitPoll implements AutoCloseable {
  private static final MethodHandle EPOLL_CREATE =
      Native.withErrno("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle EPOLL_CTL =
      Native.withErrno(
          "epoll_ctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle EPOLL_WAIT =
      Native.withErrno(
          "epoll_wait", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle EVENTFD =
      Native.withErrno("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle READ =
      Native.function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle WRITE =
      Native.function("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));

  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final int EPOLLIN = 1;
  private static final int NONBLOCK = 0x800;
  private static final long WAKE_KEY = -1;
  private static final int MAX_EVENTS = 256;

  /** struct epoll_event is packed on x86_64 only. */
  private static final boolean PACKED = !System.getProperty("os.arch").equals("aarch64");

  private static final long DATA_OFFSET = PACKED ? 4 : 8;
  private static final long EVENT_SIZE = PACKED ? 12 : 16;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment state = arena.allocate(Native.CALL_STATE);
  private final MemorySegment event = arena.allocate(EVENT_SIZE, 8);
  private final MemorySegment ready = arena.allocate(EVENT_SIZE * MAX_EVENTS, 8);
  private final MemorySegment counter = arena.allocate(JAVA_LONG);
  private final MemorySegment one = arena.allocateFrom(JAVA_LONG, 1L);
  private final int epoll;
  private final int wakeUp;
  private boolean closed;

  /**
   * @throws NativeException EMFILE if descriptors are exhausted
   */
  public ExitPoll() throws NativeException {
    try {
      epoll =
          checked("epoll_create1", (int) EPOLL_CREATE.invokeExact(state, Descriptors.O_CLOEXEC));
      wakeUp =
          checked("eventfd", (int) EVENTFD.invokeExact(state, 0, Descriptors.O_CLOEXEC | NONBLOCK));
    } catch (NativeException e) {
      throw e;
    } catch (Throwable e) {
      throw Native.bug(e);
    }
    control(EPOLL_CTL_ADD, wakeUp, WAKE_KEY);
  }

  /** Watches a process under a key, which is not negative. */
  public void add(Pidfd process, long key) throws NativeException {
    control(EPOLL_CTL_ADD, process.fd(), key);
  }

  /** Ends the watch; to be called before the descriptor is closed. */
  public void remove(Pidfd process) throws NativeException {
    control(EPOLL_CTL_DEL, process.fd(), 0);
  }

  /**
   * Waits until a watched process has ended, {@link #wake} was called, or the time is over.
   *
   * @param millis −1 for no limit
   * @return the keys of processes that have ended; they stay ready until removed
   */
  public long[] await(int millis) throws NativeException {
    try {
      int count = (int) EPOLL_WAIT.invokeExact(state, epoll, ready, MAX_EVENTS, millis);
      if (count < 0) {
        if (Native.errno(state) == Errno.EINTR) {
          return new long[0];
        }
        throw new NativeException("epoll_wait", Native.errno(state));
      }
      long[] keys = new long[count];
      int ended = 0;
      for (int i = 0; i < count; i++) {
        long key = ready.get(JAVA_LONG_UNALIGNED, i * EVENT_SIZE + DATA_OFFSET);
        if (key == WAKE_KEY) {
          long ignored = (long) READ.invokeExact(wakeUp, counter, 8L);
        } else {
          keys[ended++] = key;
        }
      }
      return Arrays.copyOf(keys, ended);
    } catch (NativeException e) {
      throw e;
    } catch (Throwable e) {
      throw Native.bug(e);
    }
  }

  /** Makes the current or next {@link #await} return; nothing once closed. From any thread. */
  // Locked against close: the descriptor's number may mean another file afterwards.
  public synchronized void wake() {
    if (closed) {
      return;
    }
    try {
      long ignored = (long) WRITE.invokeExact(wakeUp, one, 8L);
    } catch (Throwable e) {
      throw Native.bug(e);
    }
  }

  /** To be called by the thread that waits. */
  @Override
  public synchronized void close() {
    closed = true;
    Descriptors.close(wakeUp);
    Descriptors.close(epoll);
    arena.close();
  }

  private void control(int operation, int fd, long key) throws NativeException {
    event.set(JAVA_INT, 0, EPOLLIN);
    event.set(JAVA_LONG_UNALIGNED, DATA_OFFSET, key);
    try {
      int ignored =
          checked("epoll_ctl", (int) EPOLL_CTL.invokeExact(state, epoll, operation, fd, event));
    } catch (NativeException e) {
      throw e;
    } catch (Throwable e) {
      throw Native.bug(e);
    }
  }

  private int checked(String call, int result) throws NativeException {
    if (result < 0) {
      throw new NativeException(call, Native.errno(state));
    }
    return result;
  }
}
