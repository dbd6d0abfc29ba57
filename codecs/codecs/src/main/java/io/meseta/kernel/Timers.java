package io.meseta.kernel;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The timers of one core: at most one per key; those due at the same instant fire in the order in
 * which they were set. Not thread-safe: owned by the core that holds it.
 *
 * @param <K> what a timer is for; a record with value equality
 */
public final class Timers<K> {
  private record Entry<K>(long dueNanos, long order, K key) {}

  private final Map<K, Entry<K>> byKey = new HashMap<>();
  private final TreeSet<Entry<K>> queue =
      new TreeSet<>(
          Comparator.<Entry<K>>comparingLong(Entry::dueNanos).thenComparingLong(Entry::order));
  private long nextOrder;

  /** Sets the timer of {@code key}, replacing an earlier one. */
  public void set(K key, long dueNanos) {
    cancel(key);
    Entry<K> entry = new Entry<>(dueNanos, nextOrder++, key);
    byKey.put(key, entry);
    queue.add(entry);
  }

  /** Forgets the timer of {@code key}; false if there was none. */
  public boolean cancel(K key) {
    Entry<K> entry = byKey.remove(key);
    return entry != null && queue.remove(entry);
  }

  public boolean isSet(K key) {
    return byKey.containsKey(key);
  }

  /** Takes the next timer that is due by {@code nowNanos}. */
  public Optional<K> pollDue(long nowNanos) {
    if (queue.isEmpty() || queue.first().dueNanos() > nowNanos) {
      return Optional.empty();
    }
    Entry<K> entry = queue.removeFirst();
    byKey.remove(entry.key());
    return Optional.of(entry.key());
  }

  /** When the earliest timer is due, or {@link Long#MAX_VALUE}. */
  public long nextNanos() {
    return queue.isEmpty() ? Long.MAX_VALUE : queue.first().dueNanos();
  }

  public int size() {
    return queue.size();
  }
}
