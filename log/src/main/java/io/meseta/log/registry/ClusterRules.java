package io.meseta.log.registry;

import io.meseta.schema.internal.v1.ElectLeader;
import io.meseta.schema.internal.v1.RegisteredResourceProvider;
import io.meseta.schema.v1.ResourceProviderID;

/** The cluster's id, version and leader (D-21, REG-1), and its resource providers. */
final class ClusterRules {
  private ClusterRules() {}

  static Outcome initialize(RegistryState state, String clusterId) {
    if (clusterId.isEmpty()) {
      return Outcome.refused("the cluster id is empty");
    }
    if (state.clusterId().equals(clusterId)) {
      return Outcome.unchanged();
    }
    if (!state.clusterId().isEmpty()) {
      return Outcome.refused("this is cluster " + state.clusterId() + ", not " + clusterId);
    }
    return Outcome.changed(
        state.withHead(state.head().toBuilder().setClusterId(clusterId).build()));
  }

  static Outcome raiseVersion(RegistryState state, int version) {
    if (version == state.clusterVersion()) {
      return Outcome.unchanged();
    }
    if (version < state.clusterVersion()) {
      return Outcome.refused(
          "the cluster's version is " + state.clusterVersion() + " and is never lowered");
    }
    return Outcome.changed(
        state.withHead(state.head().toBuilder().setClusterVersion(version).build()));
  }

  /** Always writes: the write itself proves that nobody else leads. */
  static Outcome elect(RegistryState state, ElectLeader election) {
    if (election.getEpoch() <= state.head().getEpoch()) {
      return Outcome.refused(
          "epoch " + election.getEpoch() + " is not above " + state.head().getEpoch());
    }
    return Outcome.changed(
        state.withHead(
            state.head().toBuilder()
                .setLeader(election.getLeader())
                .setEpoch(election.getEpoch())
                .build()));
  }

  static Outcome admit(RegistryState state, RegisteredResourceProvider provider) {
    String id = provider.getId().getValue();
    if (state.removedResourceProviders().contains(id)) {
      return Outcome.refused("resource provider " + id + " was removed");
    }
    if (state.resourceProviders().get(id).filter(provider::equals).isPresent()) {
      return Outcome.unchanged();
    }
    if (state.resourceProviders().contains(id)) {
      return Outcome.refused("resource provider " + id + " is known with another type or name");
    }
    return Outcome.changed(
        state.withResourceProviders(
            state.resourceProviders().put(id, provider), state.removedResourceProviders()));
  }

  static Outcome remove(RegistryState state, ResourceProviderID id) {
    if (!state.resourceProviders().contains(id.getValue())) {
      return Outcome.refused("resource provider " + id.getValue() + " is not known");
    }
    return Outcome.changed(
        state.withResourceProviders(
            state.resourceProviders().remove(id.getValue()),
            state.removedResourceProviders().put(id.getValue(), id)));
  }
}
