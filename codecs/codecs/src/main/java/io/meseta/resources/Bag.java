package io.meseta.resources;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A bag under construction; lives within one operation of {@link Resources}. Entries of the bag it
 * starts from are found through that bag's index, those appended here by a scan or an own index.
 */
final class Bag {
  /** Up to this many entries a scan beats a table. */
  static final int SCAN = 8;

  private @Nullable Entry[] entries;
  private int size;
  private int removed;
  private boolean changed;
  private @Nullable EntryIndex index;

  /** How many entries, from the first on, the index knows. */
  private int indexed;

  private final Resources origin;

  /**
   * @param origin what to start from
   * @param expected how many additions or subtractions will follow
   */
  Bag(Resources origin, int expected) {
    this.origin = origin;
    this.entries = origin.entries();
    this.size = entries.length;
    if (size > SCAN && expected > 2) {
      index = origin.index();
      indexed = size;
    }
  }

  Bag() {
    this(Resources.EMPTY, 0);
  }

  void add(Entry entry) {
    if (entry.isEmpty()) {
      return;
    }
    Identity identity = entry.identity();
    int at = -1;
    if (!identity.isIndivisible()) {
      at = find(entry, false);
    } else if (identity.isShared()) {
      at = find(entry, true);
    }
    makeRoom(at < 0);
    if (at < 0) {
      entries[size++] = entry;
      reindex();
    } else {
      Entry held = held(at);
      entries[at] =
          identity.isShared()
              ? held.withCount(held.count() + entry.count())
              : held.withAmount(held.amount().plus(entry.amount()));
    }
  }

  void subtract(Entry entry) {
    Identity identity = entry.identity();
    int at = find(entry, identity.isIndivisible());
    if (at < 0) {
      return;
    }
    Entry held = held(at);
    Entry rest = null;
    if (identity.isShared()) {
      rest = held.count() > entry.count() ? held.withCount(held.count() - entry.count()) : null;
    } else if (!identity.isIndivisible()) {
      Amount amount = held.amount().minus(entry.amount());
      rest = amount.isEmpty() ? null : held.withAmount(amount);
    }
    makeRoom(false);
    entries[at] = rest;
    if (rest == null) {
      removed++;
    }
  }

  Resources toResources() {
    if (!changed) {
      return origin;
    }
    if (size == removed) {
      return Resources.EMPTY;
    }
    if (removed == 0) {
      @Nullable Entry[] exact = entries.length == size ? entries : Arrays.copyOf(entries, size);
      return new Resources(whole(exact), indexed == size ? index : null);
    }
    Entry[] rest = new Entry[size - removed];
    int at = 0;
    for (int i = 0; i < size; i++) {
      Entry entry = entries[i];
      if (entry != null) {
        rest[at++] = entry;
      }
    }
    return new Resources(rest, null);
  }

  /** The first entry of this identity, and of this amount too if asked; -1 if there is none. */
  private int find(Entry wanted, boolean same) {
    EntryIndex table = index;
    if (table != null) {
      int slot = table.start(wanted.identity().hashCode());
      for (int at = table.position(slot); at >= 0; at = table.position(slot)) {
        if (matches(entries[at], wanted, same)) {
          return at;
        }
        slot = table.next(slot);
      }
    }
    for (int at = indexed; at < size; at++) {
      if (matches(entries[at], wanted, same)) {
        return at;
      }
    }
    return -1;
  }

  private static boolean matches(@Nullable Entry entry, Entry wanted, boolean same) {
    return entry != null
        && entry.identity().equals(wanted.identity())
        && (!same || entry.amount().equals(wanted.amount()));
  }

  /** Keeps the unindexed tail short; the table doubles, so that this is linear over all. */
  private void reindex() {
    if (removed == 0 && size - indexed > Math.max(SCAN, indexed)) {
      index = new EntryIndex(whole(entries), size);
      indexed = size;
    }
  }

  private void makeRoom(boolean append) {
    if (append && size == entries.length) {
      entries = Arrays.copyOf(entries, Math.max(4, size + 1 + size / 2));
    } else if (!changed) {
      entries = entries.clone();
    }
    changed = true;
  }

  private Entry held(int at) {
    Entry entry = entries[at];
    if (entry == null) {
      throw new IllegalStateException("entry " + at + " was removed");
    }
    return entry;
  }

  /** Names the fact that no entry up to {@code size} is missing while nothing was removed. */
  private static Entry[] whole(@Nullable Entry[] entries) {
    return entries;
  }
}
