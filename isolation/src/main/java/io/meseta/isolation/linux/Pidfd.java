package io.meseta.isolation.linux;

/**
 * A file descriptor that stands for one process for good: unlike a pid it never comes to mean
 * another. Readable (for {@link ExitPoll}) once the process has ended.
 */
public record Pidfd(int fd) implements AutoCloseable {
  /**
   * Opens the process that has the pid now.
   *
   * @throws NativeException ESRCH if there is none, EMFILE if descriptors are exhausted
   */
  public static Pidfd open(int pid) throws NativeException {
    return new Pidfd((int) Syscall.PIDFD_OPEN.call(pid, 0, 0, 0));
  }

  /**
   * Sends a signal.
   *
   * @return false if the process has ended and been reaped
   * @throws NativeException EPERM, EINVAL for a signal that does not exist
   */
  public boolean signal(int signal) throws NativeException {
    try {
      Syscall.PIDFD_SEND_SIGNAL.call(fd, signal, 0, 0);
      return true;
    } catch (NativeException e) {
      if (e.errno() == Errno.ESRCH) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    Descriptors.close(fd);
  }
}
