package io.meseta.log.streams;

import java.util.UUID;

/** What must be durable of a stream. Replaying records in the order of writing rebuilds it. */
public sealed interface StreamRecord<K, U> {
  K key();

  UUID uuid();

  record Update<K, U>(K key, UUID uuid, U update) implements StreamRecord<K, U> {}

  record Acknowledgement<K, U>(K key, UUID uuid) implements StreamRecord<K, U> {}
}
