package io.meseta.log.streams;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;

/** The newest uuids, up to a bound; the oldest are forgotten. */
final class RecentUuids {
  private final int bound;
  private final LinkedHashSet<UUID> uuids = new LinkedHashSet<>();

  RecentUuids(int bound) {
    this.bound = bound;
  }

  void add(UUID uuid) {
    if (uuids.add(uuid) && uuids.size() > bound) {
      uuids.removeFirst();
    }
  }

  boolean contains(UUID uuid) {
    return uuids.contains(uuid);
  }

  /** Oldest first; a view. */
  Set<UUID> all() {
    return uuids;
  }
}
