package io.meseta.resources;

import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Upper bounds by name in thousandths; a name that is absent is unlimited, an explicit 0 means
 * "nothing". Immutable.
 */
public final class ResourceLimits {
  /** No limits at all. */
  public static final ResourceLimits NONE = new ResourceLimits(new TreeMap<>());

  private final SortedMap<String, Long> millis;

  private ResourceLimits(SortedMap<String, Long> millis) {
    this.millis = millis;
  }

  /**
   * Name to thousandths.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public static ResourceLimits of(Map<String, Long> millisByName) {
    millisByName.forEach(
        (name, amount) -> {
          if (amount < 0) {
            throw new IllegalArgumentException("limit of '" + name + "' is negative");
          }
        });
    return new ResourceLimits(new TreeMap<>(millisByName));
  }

  /**
   * Reads {@code cpus:1;mem:0}.
   *
   * @throws IllegalArgumentException with the reason; a repeated name is an error
   */
  public static ResourceLimits parse(String text) {
    TreeMap<String, Long> limits = new TreeMap<>();
    QuantityText.parse(
        text,
        (name, amount) -> {
          if (limits.put(name, amount) != null) {
            throw new IllegalArgumentException("duplicate resource name '" + name + "'");
          }
        });
    return new ResourceLimits(limits);
  }

  public boolean isEmpty() {
    return millis.isEmpty();
  }

  /** Thousandths of a name; empty if it is unlimited. */
  public OptionalLong millis(String name) {
    Long limit = millis.get(name);
    return limit == null ? OptionalLong.empty() : OptionalLong.of(limit);
  }

  /** What is left after using some; a name that is used up keeps the limit 0. */
  public ResourceLimits minus(ResourceQuantities used) {
    TreeMap<String, Long> rest = new TreeMap<>(millis);
    rest.replaceAll((name, limit) -> Math.max(0, limit - used.millis(name)));
    return new ResourceLimits(rest);
  }

  /** Whether {@code that} limits at least as strictly wherever these do. */
  public boolean contains(ResourceLimits that) {
    return millis.entrySet().stream()
        .allMatch(
            limit -> {
              Long other = that.millis.get(limit.getKey());
              return other != null && other <= limit.getValue();
            });
  }

  /** Whether no limited name is exceeded. */
  public boolean contains(ResourceQuantities quantities) {
    return millis.entrySet().stream()
        .allMatch(limit -> quantities.millis(limit.getKey()) <= limit.getValue());
  }

  /** Name to thousandths, sorted by name. */
  public SortedMap<String, Long> toMap() {
    return new TreeMap<>(millis);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ResourceLimits that && millis.equals(that.millis);
  }

  @Override
  public int hashCode() {
    return millis.hashCode();
  }

  @Override
  public String toString() {
    return QuantityText.print(millis);
  }
}
