package io.meseta.master.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Remembers at most {@code limit} entries; the one entered first goes first. Not thread-safe. */
final class BoundedMap<K, V> {
  private final int limit;
  private final Map<K, V> entries = new LinkedHashMap<>();

  BoundedMap(int limit) {
    this.limit = limit;
  }

  /** Enters a value and gives those that had to go, which may be the value itself. */
  List<V> put(K key, V value) {
    List<V> evicted = new ArrayList<>();
    V replaced = entries.remove(key);
    if (replaced != null) {
      evicted.add(replaced);
    }
    entries.put(key, value);
    while (entries.size() > limit) {
      evicted.add(entries.remove(entries.keySet().iterator().next()));
    }
    return evicted;
  }

  Optional<V> get(K key) {
    return Optional.ofNullable(entries.get(key));
  }

  Optional<V> remove(K key) {
    return Optional.ofNullable(entries.remove(key));
  }

  boolean contains(K key) {
    return entries.containsKey(key);
  }

  Collection<V> values() {
    return entries.values();
  }

  int size() {
    return entries.size();
  }
}
