package io.meseta.kernel;

import java.util.List;

/**
 * One line for operators, as a core wants it written: cores do no I/O, so they emit it and the
 * shell logs it.
 *
 * @param message what happened, in words, without the values
 * @param fields alternating names and values: ids, causes, the next step
 */
public record LogLine(Level level, String message, List<Object> fields) {
  /** As in SLF4J. */
  public enum Level {
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  public LogLine {
    fields = List.copyOf(fields);
  }

  public static LogLine debug(String message, Object... fields) {
    return new LogLine(Level.DEBUG, message, List.of(fields));
  }

  public static LogLine info(String message, Object... fields) {
    return new LogLine(Level.INFO, message, List.of(fields));
  }

  public static LogLine warn(String message, Object... fields) {
    return new LogLine(Level.WARN, message, List.of(fields));
  }
}
