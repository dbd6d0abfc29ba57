package io.meseta.master;

import io.meseta.kernel.LogLine;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/** Writes the lines of cores, with their fields as key-value pairs (D-20). */
final class LogWriter {
  private final Logger log;

  LogWriter(Logger log) {
    this.log = log;
  }

  void write(LogLine line) {
    LoggingEventBuilder event =
        switch (line.level()) {
          case DEBUG -> log.atDebug();
          case INFO -> log.atInfo();
          case WARN -> log.atWarn();
          case ERROR -> log.atError();
        };
    List<Object> fields = line.fields();
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      event = event.addKeyValue(String.valueOf(fields.get(i)), fields.get(i + 1));
    }
    event.log(line.message());
  }
}
