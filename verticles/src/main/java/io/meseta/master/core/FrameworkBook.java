package io.meseta.master.core;

import io.meseta.schema.v1.ExecutorInfo;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.FrameworkInfo.Capability;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What the master knows of one framework that is not removed. */
final class FrameworkBook {
  /** A connected framework's stream. */
  record Stream(StreamAddress address, String streamId, StreamBudget budget) {}

  /** Where the framework stands (scheduler-api 5.3). */
  enum State {
    /** Known from the registry or from agents; has not subscribed with this master. */
    RECOVERED,
    /** Its stream is gone. */
    DISCONNECTED,
    /** It has a stream. */
    CONNECTED
  }

  private final String id;
  private FrameworkInfo info;
  private Set<Capability.Type> capabilities;
  private Set<String> roles;
  private Optional<Stream> stream = Optional.empty();
  private State state;

  /** Too much is on its way to it: connected, but no offers. */
  private boolean congested;

  private OptionalLong registeredNanos = OptionalLong.empty();
  private OptionalLong reregisteredNanos = OptionalLong.empty();
  private OptionalLong unregisteredNanos = OptionalLong.empty();

  final Map<String, TaskBook> tasks = new LinkedHashMap<>();
  final BoundedMap<String, TaskBook> unreachableTasks;
  final BoundedMap<Long, CompletedTask> completedTasks;

  /** By agent id and executor id. */
  final Map<String, Map<String, ExecutorInfo>> executors = new LinkedHashMap<>();

  /** Ids of its outstanding offers. */
  final Set<String> offers = new LinkedHashSet<>();

  /** A task that is over; its id may be used again, so that the number tells them apart. */
  record CompletedTask(long number, TaskBook task) {}

  FrameworkBook(FrameworkInfo info, MasterOptions options) {
    this.id = info.getId().getValue();
    this.info = info;
    this.capabilities = capabilitiesOf(info);
    this.roles = rolesOf(info);
    this.state = State.RECOVERED;
    this.unreachableTasks = new BoundedMap<>(options.maxUnreachableTasksPerFramework());
    this.completedTasks = new BoundedMap<>(options.maxCompletedTasksPerFramework());
  }

  String id() {
    return id;
  }

  FrameworkInfo info() {
    return info;
  }

  void setInfo(FrameworkInfo next) {
    info = next;
    capabilities = capabilitiesOf(next);
    roles = rolesOf(next);
  }

  boolean has(Capability.Type capability) {
    return capabilities.contains(capability);
  }

  boolean isPartitionAware() {
    return has(Capability.Type.PARTITION_AWARE);
  }

  /** The roles it is subscribed to (F-1). */
  Set<String> roles() {
    return roles;
  }

  State state() {
    return state;
  }

  boolean isConnected() {
    return state == State.CONNECTED;
  }

  /** Connected and able to take offers. */
  boolean isActive() {
    return isConnected() && !congested;
  }

  boolean isCongested() {
    return congested;
  }

  void setCongested(boolean value) {
    congested = value;
  }

  Optional<Stream> stream() {
    return stream;
  }

  void connect(Stream next, long nowNanos) {
    stream = Optional.of(next);
    if (registeredNanos.isEmpty()) {
      registeredNanos = OptionalLong.of(nowNanos);
    }
    reregisteredNanos = OptionalLong.of(nowNanos);
    unregisteredNanos = OptionalLong.empty();
    state = State.CONNECTED;
    congested = false;
  }

  void disconnect(long nowNanos) {
    stream = Optional.empty();
    state = State.DISCONNECTED;
    congested = false;
    unregisteredNanos = OptionalLong.of(nowNanos);
  }

  OptionalLong registeredNanos() {
    return registeredNanos;
  }

  OptionalLong reregisteredNanos() {
    return reregisteredNanos;
  }

  OptionalLong unregisteredNanos() {
    return unregisteredNanos;
  }

  Optional<ExecutorInfo> executor(String agentId, String executorId) {
    return Optional.ofNullable(executors.getOrDefault(agentId, Map.of()).get(executorId));
  }

  /** Those of the framework's executors on the agent that the master knows. */
  List<ExecutorInfo> executorsOn(String agentId) {
    return List.copyOf(executors.getOrDefault(agentId, Map.of()).values());
  }

  @SuppressWarnings("deprecation") // the field of frameworks without MULTI_ROLE
  static Set<String> rolesOf(FrameworkInfo info) {
    return capabilitiesOf(info).contains(Capability.Type.MULTI_ROLE)
        ? new LinkedHashSet<>(info.getRolesList())
        : Set.of(info.getRole());
  }

  private static Set<Capability.Type> capabilitiesOf(FrameworkInfo info) {
    Set<Capability.Type> types = new HashSet<>();
    for (Capability capability : info.getCapabilitiesList()) {
      types.add(capability.getType());
    }
    return types;
  }
}
