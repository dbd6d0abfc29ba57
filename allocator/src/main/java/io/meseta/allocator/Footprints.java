package io.meseta.allocator;

import io.meseta.resources.ResourceQuantities;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.Resource;
import java.util.ArrayList;
import java.util.List;

/** The border between {@link Resources} and the numbers that sorters and role books work with. */
final class Footprints {
  private final ResourceNames names;

  Footprints(ResourceNames names) {
    this.names = names;
  }

  /**
   * @param resources of this agent, without allocation role
   */
  Footprint of(String agentId, Resources resources) {
    Resources shared = resources.shared();
    Resources own = resources.nonShared();
    Resources unreserved = own.unreserved().nonRevocable();
    Quantities scalars = scalarsOf(own);
    return new Footprint(
        scalars,
        unreserved.size() == own.size() ? scalars : scalarsOf(unreserved),
        shared.isEmpty() ? List.of() : copiesOf(agentId, shared));
  }

  /** The sums of the scalars; ranges and sets do not count. */
  Quantities scalarsOf(Resources resources) {
    ResourceQuantities sums = resources.scalars().quantities();
    Quantities quantities = new Quantities();
    for (int i = 0; i < sums.size(); i++) {
      quantities.add(names.idOf(sums.name(i)), sums.millis(i));
    }
    return quantities;
  }

  private List<SharedCopy> copiesOf(String agentId, Resources shared) {
    List<SharedCopy> copies = new ArrayList<>();
    for (Resource resource : shared) {
      Resources identity = Resources.of(resource);
      SharedCopy copy = new SharedCopy(agentId, identity, scalarsOf(identity));
      for (int i = shared.count(resource); i > 0; i--) {
        copies.add(copy);
      }
    }
    return copies;
  }
}
