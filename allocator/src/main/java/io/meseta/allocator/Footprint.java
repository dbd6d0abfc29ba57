package io.meseta.allocator;

import java.util.List;

/**
 * What a piece of resources weighs in sorters and role books: everything about it that is not
 * metadata. Its quantities are not changed after creation.
 *
 * @param scalars all scalars that are not shared: reserved, unreserved and revocable together
 * @param unreserved the part of {@code scalars} that is unreserved and not revocable; only this and
 *     reservations count against quota
 * @param shared one entry per copy of a shared resource
 */
record Footprint(Quantities scalars, Quantities unreserved, List<SharedCopy> shared) {
  Footprint {
    shared = List.copyOf(shared);
  }
}
