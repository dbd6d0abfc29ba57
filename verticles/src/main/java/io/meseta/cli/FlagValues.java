package io.meseta.cli;

import io.meseta.kernel.Flag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The values of one command's flags. Precedence: command line, then {@code MESETA_NAME}, then
 * {@code MESOS_NAME}, then the {@code --config} file, then the default.
 */
public final class FlagValues {
  private final Map<String, String> texts = new LinkedHashMap<>();
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final Set<String> chosen = new HashSet<>();

  /**
   * Reads every flag once, so that a bad value is refused before anything starts.
   *
   * @param given what the command line says, by name
   * @param environment the process's environment
   * @param file what the configuration file says, by name
   * @throws UsageException naming the flag and the reason
   */
  static FlagValues read(
      List<Flag<?>> flags,
      List<Flag<?>> required,
      Map<String, String> given,
      Map<String, String> environment,
      Map<String, String> file) {
    FlagValues result = new FlagValues();
    for (Flag<?> flag : flags) {
      Optional<String> text =
          first(
              given.get(flag.name()),
              environment.get("MESETA_" + flag.name().toUpperCase(Locale.ROOT)),
              environment.get("MESOS_" + flag.name().toUpperCase(Locale.ROOT)),
              file.get(flag.name()));
      if (text.isEmpty() && required.contains(flag)) {
        throw new UsageException("--" + flag.name() + ": is required: " + flag.description());
      }
      text.ifPresent(ignored -> result.chosen.add(flag.name()));
      text.or(flag::defaultText).ifPresent(value -> result.put(flag, value));
    }
    return result;
  }

  private static Optional<String> first(@org.jspecify.annotations.Nullable String... candidates) {
    for (String candidate : candidates) {
      if (candidate != null) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  private void put(Flag<?> flag, String text) {
    try {
      String value = text.startsWith("file://") ? contents(text) : text;
      values.put(flag.name(), flag.read(value));
      texts.put(flag.name(), text);
    } catch (UncheckedIOException e) {
      throw new UsageException(
          "--" + flag.name() + ": cannot read " + text + ": " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          e.getMessage() != null && e.getMessage().startsWith("--")
              ? e.getMessage()
              : "--" + flag.name() + ": " + e.getMessage());
    }
  }

  private static String contents(String uri) {
    try {
      return Files.readString(Path.of(URI.create(uri))).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The value of a flag that has a default or is required. */
  public <T> T get(Flag<T> flag) {
    return find(flag)
        .orElseThrow(() -> new IllegalStateException("flag without a value: " + flag.name()));
  }

  public <T> Optional<T> find(Flag<T> flag) {
    return Optional.ofNullable(values.get(flag.name())).map(flag.type().javaType()::cast);
  }

  /** Whether somebody set the flag, even to its default. */
  boolean isChosen(Flag<?> flag) {
    return chosen.contains(flag.name());
  }

  /** What was written for each flag that has a value: for {@code /flags}. */
  Map<String, String> texts() {
    return Map.copyOf(texts);
  }
}
