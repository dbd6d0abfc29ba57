package io.meseta.cli;

import org.jspecify.annotations.Nullable;

/** This machine does not let us: the message is one line saying what and why. Exit code 3. */
final class EnvironmentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EnvironmentException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
