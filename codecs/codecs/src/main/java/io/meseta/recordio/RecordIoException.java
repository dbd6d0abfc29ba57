package io.meseta.recordio;

/** Bytes that are no RecordIO, or a record above the bound. Carries no stack trace. */
public final class RecordIoException extends Exception {
  private static final long serialVersionUID = 1L;

  RecordIoException(String reason) {
    super(reason, null, false, false);
  }
}
