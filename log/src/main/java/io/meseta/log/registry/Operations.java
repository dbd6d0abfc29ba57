package io.meseta.log.registry;

import io.meseta.schema.internal.v1.RegistryOperation;

/** Finds the rule of an operation. The same operation on the same state always does the same. */
final class Operations {
  private Operations() {}

  static Outcome apply(RegistryState state, RegistryOperation operation) {
    return switch (operation.getOperationCase()) {
      case INITIALIZE_CLUSTER ->
          ClusterRules.initialize(state, operation.getInitializeCluster().getClusterId());
      case RAISE_CLUSTER_VERSION ->
          ClusterRules.raiseVersion(state, operation.getRaiseClusterVersion().getVersion());
      case ELECT_LEADER -> ClusterRules.elect(state, operation.getElectLeader());
      case ADMIT_AGENT -> AgentRules.admit(state, operation.getAdmitAgent().getAgent());
      case UPDATE_AGENT -> AgentRules.update(state, operation.getUpdateAgent().getAgent());
      case REMOVE_AGENT -> AgentRules.remove(state, operation.getRemoveAgent().getAgentId());
      case MARK_AGENT_UNREACHABLE ->
          AgentRules.markUnreachable(state, operation.getMarkAgentUnreachable());
      case MARK_AGENT_REACHABLE ->
          AgentRules.markReachable(state, operation.getMarkAgentReachable().getAgent());
      case MARK_AGENT_GONE -> AgentRules.markGone(state, operation.getMarkAgentGone());
      case PRUNE_AGENTS -> AgentRules.prune(state, operation.getPruneAgents());
      case DRAIN_AGENT -> DrainRules.drain(state, operation.getDrainAgent());
      case MARK_AGENT_DRAINED ->
          DrainRules.markDrained(state, operation.getMarkAgentDrained().getAgentId());
      case DEACTIVATE_AGENT ->
          DrainRules.deactivate(state, operation.getDeactivateAgent().getAgentId());
      case REACTIVATE_AGENT ->
          DrainRules.reactivate(state, operation.getReactivateAgent().getAgentId());
      case UPDATE_MAINTENANCE_SCHEDULE ->
          MaintenanceRules.updateSchedule(
              state, operation.getUpdateMaintenanceSchedule().getSchedule());
      case START_MAINTENANCE ->
          MaintenanceRules.start(state, operation.getStartMaintenance().getMachinesList());
      case STOP_MAINTENANCE ->
          MaintenanceRules.stop(state, operation.getStopMaintenance().getMachinesList());
      case UPDATE_QUOTA ->
          RoleRules.updateQuota(state, operation.getUpdateQuota().getConfigsList());
      case UPDATE_WEIGHTS ->
          RoleRules.updateWeights(state, operation.getUpdateWeights().getWeightsList());
      case UPDATE_FRAMEWORK ->
          FrameworkRules.update(state, operation.getUpdateFramework().getFramework());
      case DISCONNECT_FRAMEWORK ->
          FrameworkRules.disconnect(state, operation.getDisconnectFramework());
      case REMOVE_FRAMEWORK -> FrameworkRules.remove(state, operation.getRemoveFramework());
      case ADMIT_RESOURCE_PROVIDER ->
          ClusterRules.admit(state, operation.getAdmitResourceProvider().getResourceProvider());
      case REMOVE_RESOURCE_PROVIDER ->
          ClusterRules.remove(state, operation.getRemoveResourceProvider().getResourceProviderId());
      case OPERATION_NOT_SET ->
          Outcome.refused("the operation is unknown: it was made by a newer version");
    };
  }
}
