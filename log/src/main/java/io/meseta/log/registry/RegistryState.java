package io.meseta.log.registry;

import com.google.protobuf.Message;
import io.meseta.schema.internal.v1.GoneAgent;
import io.meseta.schema.internal.v1.RegisteredAgent;
import io.meseta.schema.internal.v1.RegisteredFramework;
import io.meseta.schema.internal.v1.RegisteredResourceProvider;
import io.meseta.schema.internal.v1.RegistrySnapshot;
import io.meseta.schema.internal.v1.RemovedFramework;
import io.meseta.schema.internal.v1.UnreachableAgent;
import io.meseta.schema.v1.MachineID;
import io.meseta.schema.v1.MachineInfo;
import io.meseta.schema.v1.ResourceProviderID;
import io.meseta.schema.v1.WeightInfo;
import io.meseta.schema.v1.quota.QuotaConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Everything the registry holds at one position. Immutable: may be handed to any thread, and costs
 * nothing to keep.
 *
 * @param head what there is once: cluster id and version, leader, epoch, maintenance schedule, and
 *     fields that this version does not know; its lists are empty
 * @param agents admitted ones, by id
 * @param machines in maintenance, by {@link #machineKey}
 * @param removedFrameworks tombstones, by framework id
 */
public record RegistryState(
    RegistrySnapshot head,
    PersistentMap<RegisteredAgent> agents,
    PersistentMap<UnreachableAgent> unreachable,
    PersistentMap<GoneAgent> gone,
    PersistentMap<MachineInfo> machines,
    PersistentMap<QuotaConfig> quotas,
    PersistentMap<WeightInfo> weights,
    PersistentMap<RegisteredFramework> frameworks,
    PersistentMap<RemovedFramework> removedFrameworks,
    PersistentMap<RegisteredResourceProvider> resourceProviders,
    PersistentMap<ResourceProviderID> removedResourceProviders) {

  /** A registry in which nothing has ever been written. */
  public static final RegistryState EMPTY = of(RegistrySnapshot.getDefaultInstance());

  /** Entries of one list that go into one message of a snapshot. */
  private static final int ENTRIES_PER_MESSAGE = 500;

  /** Empty until the cluster has its id. */
  public String clusterId() {
    return head.getClusterId();
  }

  public int clusterVersion() {
    return head.getClusterVersion();
  }

  /** The key of a machine: both of its names, of which either may be empty. */
  public static String machineKey(MachineID id) {
    return id.getHostname().toLowerCase(java.util.Locale.ROOT) + "/" + id.getIp();
  }

  /** What a merged snapshot means. */
  public static RegistryState of(RegistrySnapshot snapshot) {
    PersistentMap<RegisteredAgent> agents = PersistentMap.empty();
    for (RegisteredAgent agent : snapshot.getAgentsList()) {
      agents = agents.put(agent.getInfo().getId().getValue(), agent);
    }
    PersistentMap<UnreachableAgent> unreachable = PersistentMap.empty();
    for (UnreachableAgent agent : snapshot.getUnreachableList()) {
      unreachable = unreachable.put(agent.getId().getValue(), agent);
    }
    PersistentMap<GoneAgent> gone = PersistentMap.empty();
    for (GoneAgent agent : snapshot.getGoneList()) {
      gone = gone.put(agent.getId().getValue(), agent);
    }
    PersistentMap<MachineInfo> machines = PersistentMap.empty();
    for (MachineInfo machine : snapshot.getMachinesList()) {
      machines = machines.put(machineKey(machine.getId()), machine);
    }
    PersistentMap<QuotaConfig> quotas = PersistentMap.empty();
    for (QuotaConfig quota : snapshot.getQuotasList()) {
      quotas = quotas.put(quota.getRole(), quota);
    }
    PersistentMap<WeightInfo> weights = PersistentMap.empty();
    for (WeightInfo weight : snapshot.getWeightsList()) {
      weights = weights.put(weight.getRole(), weight);
    }
    PersistentMap<RegisteredFramework> frameworks = PersistentMap.empty();
    for (RegisteredFramework framework : snapshot.getFrameworksList()) {
      frameworks = frameworks.put(framework.getInfo().getId().getValue(), framework);
    }
    PersistentMap<RemovedFramework> removed = PersistentMap.empty();
    for (RemovedFramework framework : snapshot.getRemovedFrameworksList()) {
      removed = removed.put(framework.getInfo().getId().getValue(), framework);
    }
    PersistentMap<RegisteredResourceProvider> providers = PersistentMap.empty();
    for (RegisteredResourceProvider provider : snapshot.getResourceProvidersList()) {
      providers = providers.put(provider.getId().getValue(), provider);
    }
    PersistentMap<ResourceProviderID> removedProviders = PersistentMap.empty();
    for (ResourceProviderID provider : snapshot.getRemovedResourceProvidersList()) {
      removedProviders = removedProviders.put(provider.getValue(), provider);
    }
    RegistrySnapshot head =
        snapshot.toBuilder()
            .clearAgents()
            .clearUnreachable()
            .clearGone()
            .clearMachines()
            .clearQuotas()
            .clearWeights()
            .clearFrameworks()
            .clearRemovedFrameworks()
            .clearResourceProviders()
            .clearRemovedResourceProviders()
            .build();
    return new RegistryState(
        head,
        agents,
        unreachable,
        gone,
        machines,
        quotas,
        weights,
        frameworks,
        removed,
        providers,
        removedProviders);
  }

  /** Messages that merged in order are the whole state; none grows with the cluster. */
  public List<RegistrySnapshot> slices() {
    List<RegistrySnapshot> slices = new ArrayList<>();
    slices.add(head);
    slice(agents, RegistrySnapshot.Builder::addAgents, slices);
    slice(unreachable, RegistrySnapshot.Builder::addUnreachable, slices);
    slice(gone, RegistrySnapshot.Builder::addGone, slices);
    slice(machines, RegistrySnapshot.Builder::addMachines, slices);
    slice(quotas, RegistrySnapshot.Builder::addQuotas, slices);
    slice(weights, RegistrySnapshot.Builder::addWeights, slices);
    slice(frameworks, RegistrySnapshot.Builder::addFrameworks, slices);
    slice(removedFrameworks, RegistrySnapshot.Builder::addRemovedFrameworks, slices);
    slice(resourceProviders, RegistrySnapshot.Builder::addResourceProviders, slices);
    slice(removedResourceProviders, RegistrySnapshot.Builder::addRemovedResourceProviders, slices);
    return slices;
  }

  private static <M extends Message> void slice(
      PersistentMap<M> entries,
      BiConsumer<RegistrySnapshot.Builder, M> add,
      List<RegistrySnapshot> slices) {
    RegistrySnapshot.Builder slice = RegistrySnapshot.newBuilder();
    int count = 0;
    for (M entry : entries) {
      add.accept(slice, entry);
      if (++count % ENTRIES_PER_MESSAGE == 0) {
        slices.add(slice.build());
        slice.clear();
      }
    }
    if (count % ENTRIES_PER_MESSAGE != 0) {
      slices.add(slice.build());
    }
  }

  /** How many things there are, for deciding when a snapshot is worth its cost. */
  int entries() {
    return agents.size()
        + unreachable.size()
        + gone.size()
        + machines.size()
        + quotas.size()
        + weights.size()
        + frameworks.size()
        + removedFrameworks.size()
        + resourceProviders.size()
        + removedResourceProviders.size();
  }

  RegistryState withHead(RegistrySnapshot newHead) {
    return new RegistryState(
        newHead,
        agents,
        unreachable,
        gone,
        machines,
        quotas,
        weights,
        frameworks,
        removedFrameworks,
        resourceProviders,
        removedResourceProviders);
  }

  RegistryState withAgents(
      PersistentMap<RegisteredAgent> admitted,
      PersistentMap<UnreachableAgent> newUnreachable,
      PersistentMap<GoneAgent> newGone) {
    return new RegistryState(
        head,
        admitted,
        newUnreachable,
        newGone,
        machines,
        quotas,
        weights,
        frameworks,
        removedFrameworks,
        resourceProviders,
        removedResourceProviders);
  }

  RegistryState withMachines(PersistentMap<MachineInfo> newMachines) {
    return new RegistryState(
        head,
        agents,
        unreachable,
        gone,
        newMachines,
        quotas,
        weights,
        frameworks,
        removedFrameworks,
        resourceProviders,
        removedResourceProviders);
  }

  RegistryState withRoles(
      PersistentMap<QuotaConfig> newQuotas, PersistentMap<WeightInfo> newWeights) {
    return new RegistryState(
        head,
        agents,
        unreachable,
        gone,
        machines,
        newQuotas,
        newWeights,
        frameworks,
        removedFrameworks,
        resourceProviders,
        removedResourceProviders);
  }

  RegistryState withFrameworks(
      PersistentMap<RegisteredFramework> known, PersistentMap<RemovedFramework> removed) {
    return new RegistryState(
        head,
        agents,
        unreachable,
        gone,
        machines,
        quotas,
        weights,
        known,
        removed,
        resourceProviders,
        removedResourceProviders);
  }

  RegistryState withResourceProviders(
      PersistentMap<RegisteredResourceProvider> known, PersistentMap<ResourceProviderID> removed) {
    return new RegistryState(
        head,
        agents,
        unreachable,
        gone,
        machines,
        quotas,
        weights,
        frameworks,
        removedFrameworks,
        known,
        removed);
  }
}
