package io.meseta.cli;

/**
 * The command line is wrong; the message is one line naming the flag and the reason. Exit code 2.
 */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
