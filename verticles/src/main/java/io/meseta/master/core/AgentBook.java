package io.meseta.master.core;

import com.google.protobuf.ByteString;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.Address;
import io.meseta.schema.v1.AgentInfo;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the master knows of one agent that is registered: it runs tasks, or will. */
final class AgentBook {
  private final String id;
  private final long registeredNanos;
  private Optional<Long> reregisteredNanos = Optional.empty();
  private AgentInfo info;
  private String version;
  private List<AgentInfo.Capability> capabilities;
  private Optional<ByteString> resourceVersion;
  private Resources total;
  private Address address;
  private Optional<String> session = Optional.empty();
  private int missedPings;
  private boolean pingAnswered = true;

  /** Its removal is being written; until that is done it counts as registered. */
  private boolean leaving;

  /**
   * By framework id: tasks that hold resources, and executors. No entry for a framework that uses
   * nothing.
   */
  private final Map<String, Resources> used = new LinkedHashMap<>();

  /** By framework id and task id. */
  final Map<String, Map<String, TaskBook>> tasks = new LinkedHashMap<>();

  /** Ids of outstanding offers of this agent's resources. */
  final Set<String> offers = new LinkedHashSet<>();

  /** Tasks to kill as soon as the agent is back (S-21), by framework id. */
  final Map<String, Set<String>> pendingKills = new LinkedHashMap<>();

  AgentBook(
      AgentInfo info,
      String version,
      List<AgentInfo.Capability> capabilities,
      Optional<ByteString> resourceVersion,
      Resources total,
      long nowNanos) {
    this.id = info.getId().getValue();
    this.info = info;
    this.version = version;
    this.capabilities = List.copyOf(capabilities);
    this.resourceVersion = resourceVersion;
    this.total = total;
    this.registeredNanos = nowNanos;
    this.address =
        Address.newBuilder().setHostname(info.getHostname()).setPort(info.getPort()).build();
  }

  /** Where its HTTP side is. */
  Address address() {
    return address;
  }

  /** It says where its HTTP side is. */
  void moveTo(Address next) {
    address = next;
  }

  String id() {
    return id;
  }

  AgentInfo info() {
    return info;
  }

  String version() {
    return version;
  }

  List<AgentInfo.Capability> capabilities() {
    return capabilities;
  }

  boolean has(AgentInfo.Capability.Type capability) {
    return capabilities.stream().anyMatch(c -> c.getType() == capability);
  }

  Optional<ByteString> resourceVersion() {
    return resourceVersion;
  }

  Resources total() {
    return total;
  }

  /** The agent came back and may have changed. */
  void refresh(
      AgentInfo nextInfo,
      String nextVersion,
      List<AgentInfo.Capability> nextCapabilities,
      Optional<ByteString> nextResourceVersion,
      Resources nextTotal,
      long nowNanos) {
    info = nextInfo;
    version = nextVersion;
    capabilities = List.copyOf(nextCapabilities);
    resourceVersion = nextResourceVersion;
    total = nextTotal;
    reregisteredNanos = Optional.of(nowNanos);
  }

  long registeredNanos() {
    return registeredNanos;
  }

  Optional<Long> reregisteredNanos() {
    return reregisteredNanos;
  }

  Optional<String> session() {
    return session;
  }

  boolean isConnected() {
    return session.isPresent();
  }

  /** May be offered and launched on. */
  boolean isActive() {
    return isConnected() && !leaving;
  }

  void connect(String nextSession) {
    session = Optional.of(nextSession);
    pongReceived();
  }

  void disconnect() {
    session = Optional.empty();
  }

  boolean isLeaving() {
    return leaving;
  }

  void setLeaving(boolean value) {
    leaving = value;
  }

  void pongReceived() {
    missedPings = 0;
    pingAnswered = true;
  }

  /** A ping's time is over; gives how many in a row had no answer. */
  int nextPing() {
    if (!pingAnswered) {
      missedPings++;
    }
    pingAnswered = false;
    return missedPings;
  }

  /** A copy in a fixed order. */
  Map<String, Resources> used() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(used));
  }

  Resources usedBy(String frameworkId) {
    return used.getOrDefault(frameworkId, Resources.EMPTY);
  }

  void use(String frameworkId, Resources resources) {
    setUsed(frameworkId, usedBy(frameworkId).plus(resources));
  }

  void release(String frameworkId, Resources resources) {
    setUsed(frameworkId, usedBy(frameworkId).minus(resources));
  }

  private void setUsed(String frameworkId, Resources resources) {
    if (resources.isEmpty()) {
      used.remove(frameworkId);
    } else {
      used.put(frameworkId, resources);
    }
  }

  Map<String, TaskBook> tasksOf(String frameworkId) {
    return tasks.getOrDefault(frameworkId, Map.of());
  }
}
