package io.meseta.allocator;

import java.util.Arrays;

/**
 * How much there is of each resource name, in thousandths, as a growing array indexed by {@link
 * ResourceNames}. Mutable: whoever holds one decides who may change it.
 */
final class Quantities {
  private long[] milli;

  Quantities() {
    milli = new long[0];
  }

  private Quantities(long[] milli) {
    this.milli = milli;
  }

  Quantities copy() {
    return new Quantities(milli.clone());
  }

  /** One more than the highest name id that may be non-zero. */
  int size() {
    return milli.length;
  }

  long get(int nameId) {
    return nameId < milli.length ? milli[nameId] : 0;
  }

  void add(int nameId, long amount) {
    grow(nameId + 1);
    milli[nameId] += amount;
  }

  void add(Quantities other) {
    grow(other.milli.length);
    for (int i = 0; i < other.milli.length; i++) {
      milli[i] += other.milli[i];
    }
  }

  void subtract(Quantities other) {
    grow(other.milli.length);
    for (int i = 0; i < other.milli.length; i++) {
      milli[i] -= other.milli[i];
    }
  }

  /** Brings every amount between zero and the limit's. */
  void capAt(Quantities limit) {
    for (int i = 0; i < milli.length; i++) {
      milli[i] = Math.max(0, Math.min(milli[i], limit.get(i)));
    }
  }

  /** True if there is at least as much of every name as in the other. */
  boolean contains(Quantities other) {
    for (int i = 0; i < other.milli.length; i++) {
      if (get(i) < other.milli[i]) {
        return false;
      }
    }
    return true;
  }

  boolean isZero() {
    for (long amount : milli) {
      if (amount != 0) {
        return false;
      }
    }
    return true;
  }

  boolean isNegative() {
    for (long amount : milli) {
      if (amount < 0) {
        return true;
      }
    }
    return false;
  }

  private void grow(int size) {
    if (size > milli.length) {
      milli = Arrays.copyOf(milli, size);
    }
  }

  /** Trailing zeroes do not matter. */
  @Override
  public boolean equals(Object o) {
    return o instanceof Quantities other && contains(other) && other.contains(this);
  }

  @Override
  public int hashCode() {
    int hash = 0;
    for (int i = 0; i < milli.length; i++) {
      hash += Long.hashCode(milli[i]) * (31 * i + 1);
    }
    return hash;
  }

  @Override
  public String toString() {
    return Arrays.toString(milli);
  }
}
