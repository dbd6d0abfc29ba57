package io.meseta.allocator;

import io.meseta.resources.ResourceQuantities;
import io.meseta.resources.Resources;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Free resources that may be offered to a role, with answers that many frameworks ask for and that
 * need to be worked out only once.
 */
final class Offerable {
  static final int SHARED = 1;
  static final int REVOCABLE = 2;
  static final int REFINED = 4;

  private final Resources resources;
  private final int traits;
  private final @Nullable Offerable[] stripped = new Offerable[8];
  private @Nullable Boolean allocatable;

  Offerable(Resources resources) {
    this.resources = resources;
    this.traits =
        (resources.shared().isEmpty() ? 0 : SHARED)
            | (resources.revocable().isEmpty() ? 0 : REVOCABLE)
            | (resources.refined().isEmpty() ? 0 : REFINED);
  }

  Resources resources() {
    return resources;
  }

  boolean isEmpty() {
    return resources.isEmpty();
  }

  /** Without what a framework cannot take. */
  Offerable without(int lacks) {
    int unwanted = traits & lacks;
    if (unwanted == 0) {
      return this;
    }
    Offerable known = stripped[unwanted];
    if (known == null) {
      Resources rest = resources;
      if ((unwanted & SHARED) != 0) {
        rest = rest.nonShared();
      }
      if ((unwanted & REVOCABLE) != 0) {
        rest = rest.nonRevocable();
      }
      if ((unwanted & REFINED) != 0) {
        rest = rest.minus(rest.refined());
      }
      known = new Offerable(rest);
      stripped[unwanted] = known;
    }
    return known;
  }

  /**
   * Enough to be worth an offer.
   *
   * @param general the sets that hold for all frameworks; the same at every call
   * @param own the framework's own sets, which replace them
   */
  boolean isAllocatable(List<ResourceQuantities> general, @Nullable List<ResourceQuantities> own) {
    if (own != null) {
      return hasOneOf(own);
    }
    if (allocatable == null) {
      allocatable = hasOneOf(general);
    }
    return allocatable;
  }

  private boolean hasOneOf(List<ResourceQuantities> sets) {
    if (resources.isEmpty() || sets.isEmpty()) {
      return !resources.isEmpty();
    }
    for (ResourceQuantities set : sets) {
      if (resources.contains(set)) {
        return true;
      }
    }
    return false;
  }
}
