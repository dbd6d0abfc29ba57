package io.meseta.bus;

/** Bytes from the bus that cannot be understood. Carries no stack trace: the sender is at fault. */
final class BadMessageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadMessageException(String reason) {
    super(reason, null, false, false);
  }
}
