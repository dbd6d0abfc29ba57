package io.meseta.allocator;

import java.util.HashMap;
import java.util.Map;

/**
 * A sum of footprints in which every shared resource counts once while at least one copy is in it.
 */
final class SharedTally {
  private final Quantities sum = new Quantities();
  private final Map<SharedCopy, Integer> copies = new HashMap<>(0);

  void add(Footprint footprint) {
    sum.add(footprint.scalars());
    for (SharedCopy copy : footprint.shared()) {
      addCopies(copy, 1);
    }
  }

  void subtract(Footprint footprint) {
    sum.subtract(footprint.scalars());
    for (SharedCopy copy : footprint.shared()) {
      subtractCopies(copy, 1);
    }
  }

  /** Takes out all that a part of this sum holds. */
  void subtract(SharedTally part) {
    Quantities notShared = part.sum.copy();
    part.copies.keySet().forEach(copy -> notShared.subtract(copy.amount()));
    sum.subtract(notShared);
    part.copies.forEach(this::subtractCopies);
  }

  SharedTally copy() {
    SharedTally copy = new SharedTally();
    copy.sum.add(sum);
    copy.copies.putAll(copies);
    return copy;
  }

  /** Live: changes with this tally. */
  Quantities sum() {
    return sum;
  }

  private void addCopies(SharedCopy copy, int count) {
    if (copies.merge(copy, count, Integer::sum) == count) {
      sum.add(copy.amount());
    }
  }

  private void subtractCopies(SharedCopy copy, int count) {
    int left = copies.getOrDefault(copy, 0) - count;
    if (left < 0) {
      throw new IllegalStateException("more copies of " + copy + " leave than are there");
    }
    if (left == 0) {
      copies.remove(copy);
      sum.subtract(copy.amount());
    } else {
      copies.put(copy, left);
    }
  }
}
