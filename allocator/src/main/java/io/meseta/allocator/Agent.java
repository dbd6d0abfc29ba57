package io.meseta.allocator;

import io.meseta.resources.Resources;
import io.meseta.schema.v1.AgentInfo;
import io.meseta.schema.v1.Attribute;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An agent's book: its total, who holds what of it, and what is free. Inside the book resources
 * carry no allocation role; the role is the key. Only {@link Books} changes it.
 */
final class Agent {
  final String id;
  boolean active = true;

  /** Offered or allocated, by framework and role; no empty entries. */
  private final Map<String, Map<String, Resources>> held = new LinkedHashMap<>();

  /** Of what is held: the unreserved, not revocable scalars in actual use, by role. */
  final Map<String, Quantities> inUse = new HashMap<>(0);

  private AgentInfo info;
  private EnumSet<AgentInfo.Capability.Type> capabilities;
  private Resources total = Resources.EMPTY;
  private Resources free = Resources.EMPTY;
  private boolean hasGpus;

  /** More is held than there is, because the total has shrunk. */
  private boolean overcommitted;

  private long settledAt = -1;

  Agent(String id, AgentInfo info, List<AgentInfo.Capability> capabilities, Resources total) {
    this.id = id;
    this.info = info;
    this.capabilities = typesOf(capabilities);
    setTotal(total);
  }

  AgentInfo info() {
    return info;
  }

  String hostname() {
    return info.getHostname();
  }

  Resources total() {
    return total;
  }

  /** Total less what is held, without shared resources; empty where more is held than there is. */
  Resources free() {
    return free;
  }

  /** One copy of each shared resource, in use or not. */
  Resources shared() {
    return total.shared();
  }

  boolean hasGpus() {
    return hasGpus;
  }

  boolean has(AgentInfo.Capability.Type capability) {
    return capabilities.contains(capability);
  }

  /** Where its fault domain says that it is; empty if it has none. */
  Optional<String> region() {
    return info.getDomain().hasFaultDomain()
        ? Optional.of(info.getDomain().getFaultDomain().getRegion().getName())
        : Optional.empty();
  }

  void setInfo(AgentInfo newInfo) {
    info = newInfo;
    touch();
  }

  /** Returns whether that changed anything. */
  boolean setCapabilities(List<AgentInfo.Capability> newCapabilities) {
    EnumSet<AgentInfo.Capability.Type> types = typesOf(newCapabilities);
    if (types.equals(capabilities)) {
      return false;
    }
    capabilities = types;
    touch();
    return true;
  }

  boolean hasSameAttributes(List<Attribute> attributes) {
    return info.getAttributesList().size() == attributes.size()
        && info.getAttributesList().containsAll(attributes)
        && attributes.containsAll(info.getAttributesList());
  }

  void setTotal(Resources newTotal) {
    total = newTotal;
    hasGpus = total.scalarMillis("gpus") > 0;
    recomputeFree();
  }

  Map<String, Map<String, Resources>> held() {
    return held;
  }

  Resources held(String frameworkId, String role) {
    return held.getOrDefault(frameworkId, Map.of()).getOrDefault(role, Resources.EMPTY);
  }

  void hold(String frameworkId, String role, Resources resources) {
    held.computeIfAbsent(frameworkId, _ -> new LinkedHashMap<>(2))
        .merge(role, resources, Resources::plus);
    Resources taken = resources.nonShared();
    if (!overcommitted && free.contains(taken)) {
      free = free.minus(taken);
      touch();
    } else {
      recomputeFree();
    }
  }

  /** What is released must be held. */
  void release(String frameworkId, String role, Resources resources) {
    Map<String, Resources> byRole = held.get(frameworkId);
    Resources before = held(frameworkId, role);
    if (byRole == null || !before.contains(resources)) {
      throw new IllegalStateException(
          frameworkId + " releases " + resources + " on " + id + " but holds " + before);
    }
    Resources left = before.minus(resources);
    if (!left.isEmpty()) {
      byRole.put(role, left);
    } else {
      byRole.remove(role);
      if (byRole.isEmpty()) {
        held.remove(frameworkId);
      }
    }
    if (overcommitted) {
      recomputeFree();
    } else {
      free = free.plus(resources.nonShared());
      touch();
    }
  }

  /** Something changed that may make resources of this agent acceptable to somebody. */
  void touch() {
    settledAt = -1;
  }

  /** Nobody wanted anything of this agent, and nobody will while the epoch lasts. */
  void settle(long epoch) {
    settledAt = epoch;
  }

  boolean isSettled(long epoch) {
    return settledAt == epoch;
  }

  private void recomputeFree() {
    List<Resources> parts = new ArrayList<>();
    held.values().forEach(byRole -> byRole.values().forEach(part -> parts.add(part.nonShared())));
    Resources all = Resources.sum(parts);
    Resources own = total.nonShared();
    overcommitted = !own.contains(all);
    free = own.minus(all);
    touch();
  }

  private static EnumSet<AgentInfo.Capability.Type> typesOf(
      List<AgentInfo.Capability> capabilities) {
    EnumSet<AgentInfo.Capability.Type> types = EnumSet.noneOf(AgentInfo.Capability.Type.class);
    capabilities.forEach(capability -> types.add(capability.getType()));
    return types;
  }
}
