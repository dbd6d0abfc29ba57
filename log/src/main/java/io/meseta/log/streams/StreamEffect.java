package io.meseta.log.streams;

import java.util.UUID;

/** What streams want done, in the order of emission. */
public sealed interface StreamEffect<K, U> {
  K key();

  /**
   * Make the record durable, then call {@link UpdateStreams#persisted}. Records must become durable
   * in the order of their requests.
   */
  record Persist<K, U>(long requestId, StreamRecord<K, U> record) implements StreamEffect<K, U> {
    @Override
    public K key() {
      return record.key();
    }
  }

  /** Tell the sender (an executor) that the update is safe, or was not needed (U-4 to U-6). */
  record Accepted<K, U>(K key, UUID uuid) implements StreamEffect<K, U> {}

  /** The update was not taken; its sender keeps it. */
  record Refused<K, U>(K key, UUID uuid, String reason) implements StreamEffect<K, U> {}

  /**
   * Send the update towards its receiver.
   *
   * @param attempt 1 for the first time since the update became the head or streams were resumed
   */
  record Forward<K, U>(K key, U update, int attempt) implements StreamEffect<K, U> {}

  /** An acknowledgement is durable and its update is done with. */
  record Acknowledged<K, U>(K key, U update) implements StreamEffect<K, U> {}

  /** An acknowledgement had no effect (U-7); worth a warning. */
  record Ignored<K, U>(K key, UUID uuid, String reason) implements StreamEffect<K, U> {}

  /** The terminal update was acknowledged; the stream is gone. */
  record Closed<K, U>(K key) implements StreamEffect<K, U> {}
}
