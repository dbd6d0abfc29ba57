package io.meseta.cli;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.meseta.kernel.Flag;
import io.meseta.kernel.FlagTypes;
import java.util.List;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/** Logs go to stderr through a bounded queue that never makes an event loop wait (D-20). */
final class LogSetup {
  /** Lines waiting to be written; beyond it lines are dropped, the less important ones first. */
  static final int QUEUE_LINES = 8192;

  static final Flag<String> LEVEL =
      Flag.of(
          "logging_level",
          choice("LEVEL", List.of("DEBUG", "INFO", "WARNING", "ERROR")),
          "INFO",
          "The least important lines that are logged: DEBUG, INFO, WARNING or ERROR.");

  static final Flag<String> FORMAT =
      Flag.of(
          "log_format",
          choice("FORMAT", List.of("TEXT", "JSON")),
          "text",
          "How log lines are written to stderr: text or json.");

  static final List<Flag<?>> FLAGS = List.of(LEVEL, FORMAT);

  private LogSetup() {}

  static Flag.Type<String> choice(String label, List<String> choices) {
    return new Flag.Type<>(
        label,
        String.class,
        text -> {
          String upper = text.toUpperCase(Locale.ROOT);
          if (!choices.contains(upper)) {
            throw new IllegalArgumentException(
                "'" + text + "' is none of " + String.join(", ", choices).toLowerCase(Locale.ROOT));
          }
          return FlagTypes.STRING.reader().read(upper);
        });
  }

  static void apply(FlagValues flags) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    Encoder<ILoggingEvent> encoder;
    if (flags.get(FORMAT).equals("JSON")) {
      JsonEncoder json = new JsonEncoder();
      json.setContext(context);
      json.start();
      encoder = json;
    } else {
      PatternLayoutEncoder text = new PatternLayoutEncoder();
      text.setContext(context);
      text.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} %msg %kvp%n%rEx{20}");
      text.start();
      encoder = text;
    }
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    AsyncAppender queue = new AsyncAppender();
    queue.setContext(context);
    queue.setQueueSize(QUEUE_LINES);
    queue.setNeverBlock(true);
    queue.setMaxFlushTime(500);
    queue.addAppender(console);
    queue.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(queue);
    setLevel(flags.get(LEVEL));
  }

  /** Changes what is logged from now on; one of the values of {@link #LEVEL}. */
  static void setLevel(String level) {
    ((LoggerContext) LoggerFactory.getILoggerFactory())
        .getLogger("io.meseta")
        .setLevel(level.equals("WARNING") ? Level.WARN : Level.toLevel(level));
  }

  /** Writes what is still queued; called once, when the process ends. */
  static void flush() {
    ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
  }
}
