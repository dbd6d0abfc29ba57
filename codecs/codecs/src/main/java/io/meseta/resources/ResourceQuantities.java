package io.meseta.resources;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How much of each name, without role, reservation, agent, disk type, revocability or sharing.
 * Amounts are thousandths; a name that is absent has none. Immutable, sorted by name, never holds a
 * zero or negative amount.
 */
public final class ResourceQuantities {
  public static final ResourceQuantities EMPTY = new ResourceQuantities(new String[0], new long[0]);

  private final String[] names;
  private final long[] millis;

  private ResourceQuantities(String[] names, long[] millis) {
    this.names = names;
    this.millis = millis;
  }

  /** Name to thousandths; amounts that are not positive are left out. */
  public static ResourceQuantities of(Map<String, Long> millisByName) {
    TreeMap<String, Long> positive = new TreeMap<>(millisByName);
    positive.values().removeIf(amount -> amount <= 0);
    if (positive.isEmpty()) {
      return EMPTY;
    }
    return new ResourceQuantities(
        positive.keySet().toArray(String[]::new),
        positive.values().stream().mapToLong(Long::longValue).toArray());
  }

  public static ResourceQuantities of(String name, long millis) {
    return millis <= 0 ? EMPTY : new ResourceQuantities(new String[] {name}, new long[] {millis});
  }

  /**
   * Reads {@code cpus:1;mem:1024}; repeated names add up.
   *
   * @throws IllegalArgumentException with the reason
   */
  public static ResourceQuantities parse(String text) {
    TreeMap<String, Long> sums = new TreeMap<>();
    QuantityText.parse(text, (name, amount) -> sums.merge(name, amount, Scalars::add));
    return of(sums);
  }

  /**
   * The sums of the scalars of a bag.
   *
   * @throws IllegalArgumentException if the bag holds ranges or sets
   */
  public static ResourceQuantities ofScalars(Resources resources) {
    for (Entry entry : resources.entries()) {
      if (!(entry.amount() instanceof Amount.Scalar)) {
        throw new IllegalArgumentException("not a scalar resource: " + entry);
      }
    }
    return of(resources);
  }

  /** The sums of a bag by name; ranges and sets count their elements. */
  public static ResourceQuantities of(Resources resources) {
    return resources.quantities();
  }

  static ResourceQuantities sum(Entry[] entries) {
    String[] names = new String[entries.length];
    long[] millis = new long[entries.length];
    int size = 0;
    for (Entry entry : entries) {
      String name = entry.identity().name();
      int at = Arrays.binarySearch(names, 0, size, name);
      if (at < 0) {
        at = -at - 1;
        System.arraycopy(names, at, names, at + 1, size - at);
        System.arraycopy(millis, at, millis, at + 1, size - at);
        names[at] = name;
        millis[at] = 0;
        size++;
      }
      millis[at] = Scalars.add(millis[at], entry.amount().millis());
    }
    return size == 0
        ? EMPTY
        : new ResourceQuantities(Arrays.copyOf(names, size), Arrays.copyOf(millis, size));
  }

  public boolean isEmpty() {
    return names.length == 0;
  }

  /** How many names have an amount. */
  public int size() {
    return names.length;
  }

  /** Name number {@code index} in alphabetical order. */
  public String name(int index) {
    return names[index];
  }

  /** The thousandths that belong to {@link #name(int)}. */
  public long millis(int index) {
    return millis[index];
  }

  /** Thousandths of a name; 0 if absent. */
  public long millis(String name) {
    int at = Arrays.binarySearch(names, name);
    return at < 0 ? 0 : millis[at];
  }

  /** The amount of a name as a number; 0 if absent. */
  public double get(String name) {
    return Scalars.toDouble(millis(name));
  }

  public ResourceQuantities plus(ResourceQuantities that) {
    if (that.isEmpty()) {
      return this;
    }
    return isEmpty() ? that : merge(that, Scalars::add, true);
  }

  /** Per name, never below zero; names that only {@code that} has are ignored. */
  public ResourceQuantities minus(ResourceQuantities that) {
    return isEmpty() || that.isEmpty() ? this : merge(that, (a, b) -> a - b, false);
  }

  /** Whether every name has at least as much as in {@code that}. */
  public boolean contains(ResourceQuantities that) {
    int i = 0;
    for (int j = 0; j < that.names.length; j++) {
      while (i < names.length && names[i].compareTo(that.names[j]) < 0) {
        i++;
      }
      if (i >= names.length || !names[i].equals(that.names[j]) || millis[i] < that.millis[j]) {
        return false;
      }
    }
    return true;
  }

  /** The sum of many. */
  public static ResourceQuantities sum(Iterable<ResourceQuantities> parts) {
    ResourceQuantities total = EMPTY;
    for (ResourceQuantities part : parts) {
      total = total.plus(part);
    }
    return total;
  }

  /** Name to thousandths, sorted by name. */
  public SortedMap<String, Long> toMap() {
    TreeMap<String, Long> map = new TreeMap<>();
    for (int i = 0; i < names.length; i++) {
      map.put(names[i], millis[i]);
    }
    return map;
  }

  private ResourceQuantities merge(
      ResourceQuantities that, LongBinaryOperator operator, boolean keepOthers) {
    int room = keepOthers ? names.length + that.names.length : names.length;
    String[] outNames = new String[room];
    long[] outMillis = new long[room];
    int size = 0;
    int i = 0;
    int j = 0;
    while (i < names.length || (keepOthers && j < that.names.length)) {
      int order =
          i >= names.length ? 1 : j >= that.names.length ? -1 : names[i].compareTo(that.names[j]);
      String name;
      long amount;
      if (order < 0) {
        name = names[i];
        amount = millis[i++];
      } else if (order > 0) {
        name = that.names[j];
        amount = keepOthers ? that.millis[j] : 0;
        j++;
      } else {
        name = names[i];
        amount = operator.applyAsLong(millis[i++], that.millis[j++]);
      }
      if (amount > 0) {
        outNames[size] = name;
        outMillis[size++] = amount;
      }
    }
    return size == 0
        ? EMPTY
        : new ResourceQuantities(Arrays.copyOf(outNames, size), Arrays.copyOf(outMillis, size));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ResourceQuantities that
        && Arrays.equals(names, that.names)
        && Arrays.equals(millis, that.millis);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(names) + Arrays.hashCode(millis);
  }

  /** For example {@code cpus:1; mem:1024}; {@code {}} if empty. */
  @Override
  public String toString() {
    return QuantityText.print(toMap());
  }
}
