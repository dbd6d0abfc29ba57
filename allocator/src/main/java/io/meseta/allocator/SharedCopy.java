package io.meseta.allocator;

/**
 * A shared resource of one agent, as sorters see it: however many copies somebody holds, its
 * quantity counts once.
 *
 * @param identity equal for copies of the same shared resource and only for them
 * @param amount not part of the identity; not changed after creation
 */
record SharedCopy(String agentId, Object identity, Quantities amount) {
  @Override
  public boolean equals(Object o) {
    return o instanceof SharedCopy other
        && agentId.equals(other.agentId)
        && identity.equals(other.identity);
  }

  @Override
  public int hashCode() {
    return 31 * agentId.hashCode() + identity.hashCode();
  }
}
