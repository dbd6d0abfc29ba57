package io.meseta.log.journal;

import java.io.IOException;

/**
 * What is on disk is not what was written, and not merely the torn end of the last write. The
 * message names the file, the offset and the reason.
 */
public final class CorruptJournalException extends IOException {
  private static final long serialVersionUID = 1;

  CorruptJournalException(String file, long offset, String reason) {
    super(file + " is corrupt at offset " + offset + ": " + reason);
  }
}
