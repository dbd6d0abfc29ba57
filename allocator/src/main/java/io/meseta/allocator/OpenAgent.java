package io.meseta.allocator;

import io.meseta.resources.Resources;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An agent during one run: what of it may still be offered, and to which role. */
final class OpenAgent {
  final Agent agent;
  private Resources shared;
  private @Nullable Resources available;
  private @Nullable Offerable toAll;
  private final Map<String, Offerable> toRole = new HashMap<>(0);

  OpenAgent(Agent agent) {
    this.agent = agent;
    this.shared = agent.shared();
  }

  boolean isEmpty() {
    return available().isEmpty();
  }

  /** What the role may get: unreserved, or reserved to it or an ancestor. */
  Offerable forRole(String role) {
    if (toAll == null) {
      Resources all = available();
      if (!all.reserved().isEmpty()) {
        return toRole.computeIfAbsent(role, name -> new Offerable(all.allocatableTo(name)));
      }
      toAll = new Offerable(all);
    }
    return toAll;
  }

  /** It was offered: the agent's book has changed, and shared resources go once per run. */
  void taken(Resources offer) {
    if (!shared.isEmpty()) {
      shared = shared.minus(offer.shared());
    }
    available = null;
    toAll = null;
    toRole.clear();
  }

  private Resources available() {
    if (available == null) {
      available = shared.isEmpty() ? agent.free() : agent.free().plus(shared);
    }
    return available;
  }
}
