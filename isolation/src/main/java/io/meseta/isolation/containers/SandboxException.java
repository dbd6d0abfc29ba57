package io.meseta.isolation.containers;

import java.io.IOException;

/** A sandbox could not be made; the message is fit for the task's owner. */
public final class SandboxException extends IOException {
  SandboxException(String message, Throwable cause) {
    super(message, cause);
  }

  SandboxException(String message) {
    super(message);
  }
}
