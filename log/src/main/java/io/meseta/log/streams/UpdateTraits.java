package io.meseta.log.streams;

import java.util.UUID;

/** What streams must know about updates. All answers of one update are always the same. */
public interface UpdateTraits<K, U> {
  /** Whose stream the update belongs to; a record with value equality. */
  K key(U update);

  UUID uuid(U update);

  /** Whether nothing can follow: its acknowledgement closes the stream (U-8). */
  boolean terminal(U update);
}
