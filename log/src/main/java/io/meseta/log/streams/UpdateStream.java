package io.meseta.log.streams;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The books of one stream: what waits, what is done, how often the head was sent. */
final class UpdateStream<K, U> {
  /** One update that is not acknowledged. */
  static final class Pending<U> {
    final U update;
    final UUID uuid;
    final long sinceNanos;
    boolean persisted;

    Pending(U update, UUID uuid, long sinceNanos, boolean persisted) {
      this.update = update;
      this.uuid = uuid;
      this.sinceNanos = sinceNanos;
      this.persisted = persisted;
    }
  }

  final K key;
  final boolean durable;
  private final Deque<Pending<U>> pending = new ArrayDeque<>();
  private final RecentUuids acknowledged = new RecentUuids(UpdateStreams.REMEMBERED_UUIDS);

  /** A terminal update was taken: nothing can follow. */
  private boolean terminal;

  /** The head's acknowledgement is on its way to the disk. */
  private boolean acknowledging;

  private int attempts;
  private long delayNanos = UpdateStreams.FIRST_RETRY.toNanos();

  UpdateStream(K key, boolean durable) {
    this.key = key;
    this.durable = durable;
  }

  void add(Pending<U> update, boolean isTerminal) {
    pending.add(update);
    terminal |= isTerminal;
  }

  boolean knows(UUID uuid) {
    return acknowledged.contains(uuid) || find(uuid) != null;
  }

  @Nullable Pending<U> find(UUID uuid) {
    for (Pending<U> candidate : pending) {
      if (candidate.uuid.equals(uuid)) {
        return candidate;
      }
    }
    return null;
  }

  @Nullable Pending<U> head() {
    return pending.peek();
  }

  /** The update that may be sent now, if any. */
  @Nullable Pending<U> sendable() {
    Pending<U> head = pending.peek();
    return head == null || !head.persisted || acknowledging ? null : head;
  }

  /** Counts one sending of the head and gives the time until the next one. */
  long sent() {
    attempts++;
    long delay = delayNanos;
    delayNanos = Math.min(2 * delayNanos, UpdateStreams.LAST_RETRY.toNanos());
    return delay;
  }

  void resetRetry() {
    attempts = 0;
    delayNanos = UpdateStreams.FIRST_RETRY.toNanos();
  }

  void beginAcknowledging() {
    acknowledging = true;
  }

  /** The head is done with. */
  Pending<U> pop() {
    Pending<U> head = pending.remove();
    acknowledged.add(head.uuid);
    acknowledging = false;
    resetRetry();
    return head;
  }

  /** An acknowledgement that was recorded but whose update is not known any more. */
  void rememberAcknowledged(UUID uuid) {
    acknowledged.add(uuid);
  }

  RecentUuids acknowledged() {
    return acknowledged;
  }

  Iterator<Pending<U>> pending() {
    return pending.iterator();
  }

  int size() {
    return pending.size();
  }

  boolean terminal() {
    return terminal;
  }

  boolean acknowledging() {
    return acknowledging;
  }

  int attempts() {
    return attempts;
  }
}
