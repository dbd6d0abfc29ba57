package io.meseta.log.journal;

import java.util.Locale;
import java.util.Optional;

/** Names of a journal's files: a position in 20 digits, so that they sort, and what it is. */
record FileName(Kind kind, long position) {
  enum Kind {
    SEGMENT,
    SNAPSHOT
  }

  /** Ending of files that are not finished; they mean nothing and are deleted at opening. */
  static final String UNFINISHED = ".tmp";

  static Optional<FileName> parse(String name) {
    for (Kind kind : Kind.values()) {
      String ending = ending(kind);
      if (name.length() == 20 + ending.length()
          && name.endsWith(ending)
          && name.chars().limit(20).allMatch(c -> c >= '0' && c <= '9')) {
        try {
          return Optional.of(new FileName(kind, Long.parseLong(name.substring(0, 20))));
        } catch (NumberFormatException e) {
          return Optional.empty(); // more than a position can be: not ours
        }
      }
    }
    return Optional.empty();
  }

  private static String ending(Kind kind) {
    return "." + kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%020d", position) + ending(kind);
  }
}
