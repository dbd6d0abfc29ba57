package io.meseta.bus;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One address, or a family of addresses of one kind, on the event bus.
 *
 * @param pattern the name; parts that differ within the family are in braces: {@code
 *     meseta.api.{node}.{instance}}
 * @param body the class of its messages; several kinds of message are a sealed interface
 * @param reply the class of replies, if messages are requests
 * @param visibility who may use it
 * @param delivery how messages are sent to it
 * @param timeout after which a request fails
 * @param maxBytes bound of one encoded message; messages that never leave the JVM have none (0)
 * @param consumer who listens, in words, for the documentation
 * @param <T> the type of its messages
 */
public record Address<T>(
    String pattern,
    Class<T> body,
    Optional<Class<?>> reply,
    Visibility visibility,
    Delivery delivery,
    Duration timeout,
    int maxBytes,
    String consumer) {

  /** How long a request may take unless its address says otherwise. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  private static final Pattern PART = Pattern.compile("\\{([a-z]+)}");

  /** Who may use an address. */
  public enum Visibility {
    /** Parts of one process only; messages are handed over by reference. */
    LOCAL,
    /** Members of the cluster only; messages are envelopes. */
    INTERNAL,
    /** Clients of the bridge too; messages are JSON. */
    PUBLIC
  }

  /** How messages are sent to an address. */
  public enum Delivery {
    /** To one consumer, without an answer. */
    SEND,
    /** To one consumer, who answers. */
    REQUEST,
    /** To whoever listens. */
    PUBLISH
  }

  /** An address inside one process for one-way messages. */
  public static <T> Address<T> local(String pattern, Class<T> body, String consumer) {
    return new Address<>(
        pattern,
        body,
        Optional.empty(),
        Visibility.LOCAL,
        Delivery.SEND,
        DEFAULT_TIMEOUT,
        0,
        consumer);
  }

  /** An address inside one process for requests. */
  public static <T> Address<T> localRequest(
      String pattern, Class<T> body, Class<?> reply, String consumer) {
    return new Address<>(
        pattern,
        body,
        Optional.of(reply),
        Visibility.LOCAL,
        Delivery.REQUEST,
        DEFAULT_TIMEOUT,
        0,
        consumer);
  }

  /** An address that members of the cluster reach, for one-way messages. */
  public static <T> Address<T> internal(
      String pattern, Class<T> body, int maxBytes, String consumer) {
    return new Address<>(
        pattern,
        body,
        Optional.empty(),
        Visibility.INTERNAL,
        Delivery.SEND,
        DEFAULT_TIMEOUT,
        maxBytes,
        consumer);
  }

  /**
   * The full name of one member of the family.
   *
   * @param parts what stands for the braces, in order
   * @throws IllegalArgumentException if there are more or fewer parts than braces, or one could be
   *     mistaken for several
   */
  public String at(Object... parts) {
    Matcher matcher = PART.matcher(pattern);
    StringBuilder name = new StringBuilder();
    int filled = 0;
    while (matcher.find()) {
      if (filled == parts.length) {
        throw new IllegalArgumentException(pattern + ": no value for {" + matcher.group(1) + "}");
      }
      String part = parts[filled++].toString();
      if (part.isEmpty() || part.indexOf('.') >= 0) {
        throw new IllegalArgumentException(
            pattern + ": '" + part + "' cannot stand for {" + matcher.group(1) + "}");
      }
      matcher.appendReplacement(name, Matcher.quoteReplacement(part));
    }
    if (filled < parts.length) {
      throw new IllegalArgumentException(pattern + ": " + parts.length + " values given");
    }
    return matcher.appendTail(name).toString();
  }

  /** The names of the parts in braces, in order. */
  public List<String> parts() {
    List<String> names = new ArrayList<>();
    Matcher matcher = PART.matcher(pattern);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return List.copyOf(names);
  }
}
