package io.meseta.client;

/** The master refused a call. */
public final class CallException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  CallException(int status, String text) {
    super(status + (text.isEmpty() ? "" : ": " + text));
    this.status = status;
  }

  /**
   * The HTTP status: 400 for a bad call, 401 and 403 for a lack of permission, 503 for no leader.
   */
  public int status() {
    return status;
  }

  /** Whether the same call may succeed later or elsewhere. */
  public boolean mayRetry() {
    return status == 429 || status >= 500;
  }
}
