package io.meseta.log.journal;

import java.io.IOException;

/** Another process, or another journal of this one, holds the directory (replicated-log ST-14). */
public final class DirectoryInUseException extends IOException {
  private static final long serialVersionUID = 1;

  DirectoryInUseException(String message) {
    super(message);
  }
}
