package io.meseta.resources;

/**
 * Finds the entries of an identity in a large bag: open addressing from hash to position, at most
 * half full. Immutable, so bags with the same layout share it.
 */
final class EntryIndex {
  /** Positions plus one; 0 is a free slot. */
  private final int[] slots;

  EntryIndex(Entry[] entries, int size) {
    int[] table = new int[Integer.highestOneBit(Math.max(8, size * 2)) * 2];
    int mask = table.length - 1;
    for (int position = 0; position < size; position++) {
      int slot = spread(entries[position].identity().hashCode()) & mask;
      while (table[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      table[slot] = position + 1;
    }
    slots = table;
  }

  /** The first slot to look at for a hash. */
  int start(int hash) {
    return spread(hash) & (slots.length - 1);
  }

  int next(int slot) {
    return (slot + 1) & (slots.length - 1);
  }

  /** The position held by a slot, or -1 where the search ends. */
  int position(int slot) {
    return slots[slot] - 1;
  }

  private static int spread(int hash) {
    return (hash * 0x9E3779B1) >>> 4;
  }
}
