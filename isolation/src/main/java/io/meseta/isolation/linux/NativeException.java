package io.meseta.isolation.linux;

import java.io.IOException;

/** A system call failed. The message is the text of the error number. */
public final class NativeException extends IOException {
  private final String call;
  private final int errno;

  NativeException(String call, int errno) {
    super(Errno.text(errno));
    this.call = call;
    this.errno = errno;
  }

  /** For instance {@code chown}. */
  public String call() {
    return call;
  }

  public int errno() {
    return errno;
  }
}
