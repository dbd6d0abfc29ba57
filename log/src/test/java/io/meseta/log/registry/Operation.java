package io.meseta.log.registry;

import io.meseta.schema.internal.v1.AdmitAgent;
import io.meseta.schema.internal.v1.DisconnectFramework;
import io.meseta.schema.internal.v1.ElectLeader;
import io.meseta.schema.internal.v1.InitializeCluster;
import io.meseta.schema.internal.v1.MarkAgentGone;
import io.meseta.schema.internal.v1.MarkAgentReachable;
import io.meseta.schema.internal.v1.MarkAgentUnreachable;
import io.meseta.schema.internal.v1.RaiseClusterVersion;
import io.meseta.schema.internal.v1.RegistryOperation;
import io.meseta.schema.internal.v1.RemoveAgent;
import io.meseta.schema.internal.v1.RemoveFramework;
import io.meseta.schema.internal.v1.UpdateAgent;
import io.meseta.schema.internal.v1.UpdateFramework;
import io.meseta.schema.internal.v1.UpdateWeights;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.AgentInfo;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.MasterInfo;
import io.meseta.schema.v1.TimeInfo;
import io.meseta.schema.v1.WeightInfo;

/** Operations for tests, in one line each. */
final class Operation {
  private Operation() {}

  static AgentInfo agent(String id) {
    return AgentInfo.newBuilder().setHostname("host").setId(agentId(id)).build();
  }

  static AgentID agentId(String id) {
    return AgentID.newBuilder().setValue(id).build();
  }

  static FrameworkID frameworkId(String id) {
    return FrameworkID.newBuilder().setValue(id).build();
  }

  static FrameworkInfo framework(String id) {
    return FrameworkInfo.newBuilder().setUser("user").setName(id).setId(frameworkId(id)).build();
  }

  static TimeInfo at(long nanos) {
    return TimeInfo.newBuilder().setNanoseconds(nanos).build();
  }

  private static RegistryOperation.Builder operation() {
    return RegistryOperation.newBuilder();
  }

  static RegistryOperation initialize(String clusterId) {
    return operation()
        .setInitializeCluster(InitializeCluster.newBuilder().setClusterId(clusterId))
        .build();
  }

  static RegistryOperation raise(int version) {
    return operation()
        .setRaiseClusterVersion(RaiseClusterVersion.newBuilder().setVersion(version))
        .build();
  }

  static RegistryOperation elect(String master, long epoch) {
    MasterInfo leader = MasterInfo.newBuilder().setId(master).setIp(1).setPort(5050).build();
    return operation()
        .setElectLeader(ElectLeader.newBuilder().setLeader(leader).setEpoch(epoch))
        .build();
  }

  static RegistryOperation admit(String id) {
    return operation().setAdmitAgent(AdmitAgent.newBuilder().setAgent(agent(id))).build();
  }

  static RegistryOperation update(AgentInfo agent) {
    return operation().setUpdateAgent(UpdateAgent.newBuilder().setAgent(agent)).build();
  }

  static RegistryOperation remove(String id) {
    return operation().setRemoveAgent(RemoveAgent.newBuilder().setAgentId(agentId(id))).build();
  }

  static RegistryOperation unreachable(String id, long since) {
    return operation()
        .setMarkAgentUnreachable(
            MarkAgentUnreachable.newBuilder().setAgentId(agentId(id)).setSince(at(since)))
        .build();
  }

  static RegistryOperation reachable(String id) {
    return operation()
        .setMarkAgentReachable(MarkAgentReachable.newBuilder().setAgent(agent(id)))
        .build();
  }

  static RegistryOperation gone(String id, long since) {
    return operation()
        .setMarkAgentGone(MarkAgentGone.newBuilder().setAgentId(agentId(id)).setSince(at(since)))
        .build();
  }

  static RegistryOperation weight(String role, double weight) {
    return operation()
        .setUpdateWeights(
            UpdateWeights.newBuilder()
                .addWeights(WeightInfo.newBuilder().setRole(role).setWeight(weight)))
        .build();
  }

  static RegistryOperation subscribe(String id) {
    return operation()
        .setUpdateFramework(UpdateFramework.newBuilder().setFramework(framework(id)))
        .build();
  }

  static RegistryOperation disconnect(String id, long since) {
    return operation()
        .setDisconnectFramework(
            DisconnectFramework.newBuilder().setFrameworkId(frameworkId(id)).setSince(at(since)))
        .build();
  }

  static RegistryOperation teardown(String id, long since) {
    return operation()
        .setRemoveFramework(
            RemoveFramework.newBuilder().setFrameworkId(frameworkId(id)).setSince(at(since)))
        .build();
  }
}
