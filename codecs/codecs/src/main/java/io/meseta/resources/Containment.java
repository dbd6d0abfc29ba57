package io.meseta.resources;

import org.jspecify.annotations.Nullable;

/** Whether one bag holds all of another. */
final class Containment {
  private Containment() {}

  static boolean contains(Resources left, Resources right) {
    Entry[] wanted = right.entries();
    Entry[] held = left.entries();
    EntryIndex index = held.length > Bag.SCAN && wanted.length > 2 ? left.index() : null;
    // Indivisible objects may be there more than once; each can be matched only once.
    boolean[] taken = null;
    for (Entry entry : wanted) {
      if (entry.identity().isIndivisible() && taken == null) {
        taken = new boolean[held.length];
      }
      if (!take(held, index, entry, taken)) {
        return false;
      }
    }
    return true;
  }

  private static boolean take(
      Entry[] held, @Nullable EntryIndex index, Entry wanted, boolean @Nullable [] taken) {
    boolean once = wanted.identity().isIndivisible() && taken != null;
    if (index == null) {
      for (int at = 0; at < held.length; at++) {
        if (!(once && taken[at]) && held[at].contains(wanted)) {
          mark(taken, at, once);
          return true;
        }
      }
      return false;
    }
    int slot = index.start(wanted.identity().hashCode());
    for (int at = index.position(slot); at >= 0; at = index.position(slot)) {
      if (!(once && taken[at]) && held[at].contains(wanted)) {
        mark(taken, at, once);
        return true;
      }
      slot = index.next(slot);
    }
    return false;
  }

  private static void mark(boolean @Nullable [] taken, int at, boolean once) {
    if (once && taken != null) {
      taken[at] = true;
    }
  }
}
