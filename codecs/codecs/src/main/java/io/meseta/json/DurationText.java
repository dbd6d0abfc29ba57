package io.meseta.json;

import io.meseta.kernel.Durations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code google.protobuf.Duration} written as text, {@code "600s"} or {@code "10mins"}, as
 * upstream's guides show it although upstream refuses it (W-7).
 */
final class DurationText {
  private DurationText() {}

  /** The duration that the text names, or null if it is none. */
  static @Nullable Duration read(String text) {
    try {
      return text.startsWith("-")
          ? Durations.parse(text.substring(1)).negated()
          : Durations.parse(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
