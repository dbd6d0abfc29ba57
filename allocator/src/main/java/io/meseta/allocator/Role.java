package io.meseta.allocator;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A role: whoever is in it, and what it and the roles below it have. Owned by {@link RoleTree}. */
final class Role {
  final String name;
  final @Nullable Role parent;
  final Map<String, Role> children = new LinkedHashMap<>(0);

  /** Subscribed to the role, or holding something in it; by framework id. */
  final Map<String, Framework> frameworks = new LinkedHashMap<>(0);

  /** Orders {@link #frameworks}; there while there are any. */
  @Nullable Sorter<Framework> sorter;

  double weight = 1.0;

  /** Scalars reserved to this role and those below it on all agents, allocated or not. */
  final Quantities reservations = new Quantities();

  /** Unreserved, not revocable scalars that this role and those below it hold. */
  final Quantities heldUnreserved = new Quantities();

  Role(String name, @Nullable Role parent) {
    this.name = name;
    this.parent = parent;
  }

  /** Nothing would be lost if the role were forgotten. */
  boolean isUnused() {
    return children.isEmpty()
        && frameworks.isEmpty()
        && weight == 1.0
        && reservations.isZero()
        && heldUnreserved.isZero();
  }
}
