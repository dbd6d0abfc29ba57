package io.meseta.allocator;

import java.util.Set;

/**
 * What the whole cluster has, as shares are computed from it. One per allocator,
 * read by all sorters.
 */
final class ClusterTotals {
  private final SharedTally tally = new SharedTally();
  private final ResourceNames names;
  private final Set<String> excluded;
  private long version;

  /**
   * @param excluded names that do not count in shares
   */
  ClusterTotals(ResourceNames names, Set<String> excluded) {
    this.names = names;
    this.excluded = Set.copyOf(excluded);
  }

  void add(Footprint agentTotal) {
    tally.add(agentTotal);
    version++;
  }

  void subtract(Footprint agentTotal) {
    tally.subtract(agentTotal);
    version++;
  }

  /** Changes whenever shares may have changed. */
  long version() {
    return version;
  }

  Quantities sum() {
    return tally.sum();
  }

  /** The largest part of the cluster's total, over all names that count, that this would be. */
  double dominantShare(Quantities held) {
    Quantities total = tally.sum();
    double share = 0;
    for (int i = 0; i < held.size(); i++) {
      long of = total.get(i);
      if (of > 0 && held.get(i) > 0 && !excluded.contains(names.nameOf(i))) {
        share = Math.max(share, (double) held.get(i) / of);
      }
    }
    return share;
  }
}
