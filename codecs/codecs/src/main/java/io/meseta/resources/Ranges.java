package io.meseta.resources;

import io.meseta.schema.v1.Value;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A set of unsigned 64-bit integers as inclusive ranges, always canonical: sorted, disjoint, not
 * adjacent. So equal sets are equal values, and union, difference and containment are one linear
 * pass.
 */
public final class Ranges {
  public static final Ranges EMPTY = new Ranges(new long[0]);

  /** begin, end, begin, end, … as unsigned numbers. */
  private final long[] bounds;

  private Ranges(long[] bounds) {
    this.bounds = bounds;
  }

  /** One inclusive range. */
  public static Ranges of(long begin, long end) {
    return ofBounds(begin, end);
  }

  /**
   * Ranges in any order, overlapping or not, as begin, end, begin, end, …
   *
   * @throws IllegalArgumentException if a begin lies behind its end or an end is missing
   */
  public static Ranges ofBounds(long... bounds) {
    if (bounds.length % 2 != 0) {
      throw new IllegalArgumentException("a range without end");
    }
    return canonical(bounds.clone());
  }

  /** Reads the wire form; any order, overlaps merged. */
  public static Ranges of(Value.Ranges message) {
    return canonical(bounds(message));
  }

  /** Whether a number is covered twice; ranges that only touch do not overlap. */
  static boolean hasOverlap(Value.Ranges message) {
    long[] bounds = bounds(message);
    return !isAscending(bounds) && !isAscending(sorted(bounds));
  }

  private static boolean isAscending(long[] bounds) {
    for (int i = 2; i < bounds.length; i += 2) {
      if (Long.compareUnsigned(bounds[i], bounds[i - 1]) <= 0) {
        return false;
      }
    }
    return true;
  }

  private static long[] bounds(Value.Ranges message) {
    long[] bounds = new long[message.getRangeCount() * 2];
    int at = 0;
    for (Value.Range range : message.getRangeList()) {
      bounds[at++] = range.getBegin();
      bounds[at++] = range.getEnd();
    }
    return bounds;
  }

  private static Ranges canonical(long[] bounds) {
    boolean inOrder = true;
    for (int i = 0; i < bounds.length; i += 2) {
      if (Long.compareUnsigned(bounds[i], bounds[i + 1]) > 0) {
        throw new IllegalArgumentException(
            "begin > end in range " + text(bounds[i]) + "-" + text(bounds[i + 1]));
      }
      inOrder &= i == 0 || isBehind(bounds[i], bounds[i - 1]);
    }
    if (bounds.length == 0) {
      return EMPTY;
    }
    return inOrder ? new Ranges(bounds) : coalesce(sorted(bounds));
  }

  /**
   * Whether {@code begin} is beyond {@code end} with a gap between: not overlapping or adjacent.
   */
  private static boolean isBehind(long begin, long end) {
    return end != -1L && Long.compareUnsigned(begin, end + 1) > 0;
  }

  private static long[] sorted(long[] bounds) {
    int count = bounds.length / 2;
    boolean small = true;
    for (long bound : bounds) {
      small &= bound >>> 31 == 0;
    }
    if (small) {
      // Ports and the like: sort primitive pairs packed into one word.
      long[] packed = new long[count];
      for (int i = 0; i < count; i++) {
        packed[i] = bounds[2 * i] << 32 | bounds[2 * i + 1];
      }
      Arrays.sort(packed);
      for (int i = 0; i < count; i++) {
        bounds[2 * i] = packed[i] >>> 32;
        bounds[2 * i + 1] = packed[i] & 0xFFFF_FFFFL;
      }
      return bounds;
    }
    long[][] pairs = new long[count][];
    for (int i = 0; i < count; i++) {
      pairs[i] = new long[] {bounds[2 * i], bounds[2 * i + 1]};
    }
    Arrays.sort(pairs, Comparator.comparing((long[] pair) -> pair[0], Long::compareUnsigned));
    for (int i = 0; i < count; i++) {
      bounds[2 * i] = pairs[i][0];
      bounds[2 * i + 1] = pairs[i][1];
    }
    return bounds;
  }

  private static Ranges coalesce(long[] sorted) {
    Collector out = new Collector(sorted.length);
    for (int i = 0; i < sorted.length; i += 2) {
      out.add(sorted[i], sorted[i + 1]);
    }
    return out.toRanges();
  }

  public boolean isEmpty() {
    return bounds.length == 0;
  }

  /** How many ranges. */
  public int count() {
    return bounds.length / 2;
  }

  /** First number of range {@code index}, unsigned. */
  public long begin(int index) {
    return bounds[2 * index];
  }

  /** Last number of range {@code index}, unsigned. */
  public long end(int index) {
    return bounds[2 * index + 1];
  }

  /** How many integers are covered; {@link Long#MAX_VALUE} if more than that. */
  public long size() {
    long total = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      long size = bounds[i + 1] - bounds[i] + 1;
      if (size <= 0) {
        return Long.MAX_VALUE;
      }
      total = Scalars.add(total, size);
    }
    return total;
  }

  /** Set union. */
  public Ranges plus(Ranges that) {
    if (that.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return that;
    }
    long[] a = bounds;
    long[] b = that.bounds;
    Collector out = new Collector(a.length + b.length);
    int i = 0;
    int j = 0;
    while (i < a.length || j < b.length) {
      if (j >= b.length || (i < a.length && Long.compareUnsigned(a[i], b[j]) <= 0)) {
        out.add(a[i], a[i + 1]);
        i += 2;
      } else {
        out.add(b[j], b[j + 1]);
        j += 2;
      }
    }
    return out.toRanges();
  }

  /** Set difference. */
  public Ranges minus(Ranges that) {
    if (isEmpty() || that.isEmpty()) {
      return this;
    }
    long[] a = bounds;
    long[] b = that.bounds;
    Collector out = new Collector(a.length + b.length);
    int j = 0;
    for (int i = 0; i < a.length; i += 2) {
      long begin = a[i];
      long end = a[i + 1];
      boolean rest = true;
      while (j < b.length && Long.compareUnsigned(b[j + 1], begin) < 0) {
        j += 2;
      }
      // The last range of b that touches this one may reach into the next: j stays on it.
      while (j < b.length && Long.compareUnsigned(b[j], end) <= 0) {
        if (Long.compareUnsigned(b[j], begin) > 0) {
          out.add(begin, b[j] - 1);
        }
        if (Long.compareUnsigned(b[j + 1], end) >= 0) {
          rest = false;
          break;
        }
        begin = b[j + 1] + 1;
        j += 2;
      }
      if (rest) {
        out.add(begin, end);
      }
    }
    return out.toRanges();
  }

  /** Whether every integer of {@code that} is in this set. */
  public boolean contains(Ranges that) {
    long[] a = bounds;
    long[] b = that.bounds;
    int i = 0;
    for (int j = 0; j < b.length; j += 2) {
      while (i < a.length && Long.compareUnsigned(a[i + 1], b[j + 1]) < 0) {
        i += 2;
      }
      if (i >= a.length || Long.compareUnsigned(a[i], b[j]) > 0) {
        return false;
      }
    }
    return true;
  }

  public boolean contains(long number) {
    int low = 0;
    int high = bounds.length / 2 - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(number, bounds[2 * middle]) < 0) {
        high = middle - 1;
      } else if (Long.compareUnsigned(number, bounds[2 * middle + 1]) > 0) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  /** The wire form. */
  public Value.Ranges toProto() {
    Value.Ranges.Builder message = Value.Ranges.newBuilder();
    for (int i = 0; i < bounds.length; i += 2) {
      message.addRange(Value.Range.newBuilder().setBegin(bounds[i]).setEnd(bounds[i + 1]));
    }
    return message.build();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Ranges that && Arrays.equals(bounds, that.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }

  /** For example {@code [1-2, 5-6]}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < bounds.length; i += 2) {
      if (i > 0) {
        text.append(", ");
      }
      text.append(text(bounds[i])).append('-').append(text(bounds[i + 1]));
    }
    return text.append(']').toString();
  }

  private static String text(long number) {
    return Long.toUnsignedString(number);
  }

  /** Takes ranges in order of their begins and merges what overlaps or touches. */
  private static final class Collector {
    private final long[] out;
    private int size;

    Collector(int capacity) {
      out = new long[capacity];
    }

    void add(long begin, long end) {
      if (size == 0 || isBehind(begin, out[size - 1])) {
        out[size++] = begin;
        out[size++] = end;
      } else if (Long.compareUnsigned(end, out[size - 1]) > 0) {
        out[size - 1] = end;
      }
    }

    Ranges toRanges() {
      if (size == 0) {
        return EMPTY;
      }
      return new Ranges(size == out.length ? out : Arrays.copyOf(out, size));
    }
  }
}
