package io.meseta.log.registry;

import static io.meseta.log.registry.Operation.admit;
import static io.meseta.log.registry.Operation.agent;
import static io.meseta.log.registry.Operation.agentId;
import static io.meseta.log.registry.Operation.disconnect;
import static io.meseta.log.registry.Operation.elect;
import static io.meseta.log.registry.Operation.framework;
import static io.meseta.log.registry.Operation.gone;
import static io.meseta.log.registry.Operation.initialize;
import static io.meseta.log.registry.Operation.raise;
import static io.meseta.log.registry.Operation.reachable;
import static io.meseta.log.registry.Operation.remove;
import static io.meseta.log.registry.Operation.subscribe;
import static io.meseta.log.registry.Operation.teardown;
import static io.meseta.log.registry.Operation.unreachable;
import static io.meseta.log.registry.Operation.update;
import static io.meseta.log.registry.Operation.weight;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.schema.internal.v1.AdmitResourceProvider;
import io.meseta.schema.internal.v1.DeactivateAgent;
import io.meseta.schema.internal.v1.DrainAgent;
import io.meseta.schema.internal.v1.MarkAgentDrained;
import io.meseta.schema.internal.v1.PruneAgents;
import io.meseta.schema.internal.v1.ReactivateAgent;
import io.meseta.schema.internal.v1.RegisteredResourceProvider;
import io.meseta.schema.internal.v1.RegistryOperation;
import io.meseta.schema.internal.v1.RemoveResourceProvider;
import io.meseta.schema.internal.v1.RemovedFramework;
import io.meseta.schema.internal.v1.StartMaintenance;
import io.meseta.schema.internal.v1.StopMaintenance;
import io.meseta.schema.internal.v1.UpdateMaintenanceSchedule;
import io.meseta.schema.internal.v1.UpdateQuota;
import io.meseta.schema.v1.AgentInfo;
import io.meseta.schema.v1.DrainConfig;
import io.meseta.schema.v1.DrainState;
import io.meseta.schema.v1.MachineID;
import io.meseta.schema.v1.MachineInfo;
import io.meseta.schema.v1.ResourceProviderID;
import io.meseta.schema.v1.Unavailability;
import io.meseta.schema.v1.Value;
import io.meseta.schema.v1.maintenance.Schedule;
import io.meseta.schema.v1.maintenance.Window;
import io.meseta.schema.v1.quota.QuotaConfig;
import io.meseta.testing.Scenario;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of every operation: what it changes, when it changes nothing, when it is refused. */
final class OperationsTest {
  private RegistryState state = RegistryState.EMPTY;

  private void changes(RegistryOperation operation) {
    state = assertInstanceOf(Outcome.Changed.class, Operations.apply(state, operation)).state();
  }

  private void changesNothing(RegistryOperation operation) {
    assertInstanceOf(Outcome.Unchanged.class, Operations.apply(state, operation));
  }

  private void isRefused(RegistryOperation operation, String reason) {
    assertEquals(Outcome.refused(reason), Operations.apply(state, operation));
  }

  @Test
  @Scenario("D-21")
  void aClusterHasOneIdAndItsVersionOnlyGrows() {
    isRefused(initialize(""), "the cluster id is empty");
    changes(initialize("c1"));
    changesNothing(initialize("c1"));
    isRefused(initialize("c2"), "this is cluster c1, not c2");

    changes(raise(2));
    changesNothing(raise(2));
    isRefused(raise(1), "the cluster's version is 2 and is never lowered");
    assertEquals("c1", state.clusterId());
    assertEquals(2, state.clusterVersion());
  }

  @Test
  @Scenario("REG-1")
  void eachElectionWritesALaterEpoch() {
    changes(elect("m1", 1));
    changes(elect("m1", 2));
    isRefused(elect("m2", 2), "epoch 2 is not above 2");
    assertEquals("m1", state.head().getLeader().getId());
  }

  @Test
  @Scenario({"RegistrarTest.Admit", "RegistrarTest.UpdateSlave", "RegistrarTest.Remove"})
  void agentsAreAdmittedUpdatedAndRemoved() {
    isRefused(
        RegistryOperation.newBuilder()
            .setAdmitAgent(
                io.meseta.schema.internal.v1.AdmitAgent.newBuilder()
                    .setAgent(AgentInfo.newBuilder().setHostname("h")))
            .build(),
        "the agent has no id");
    changes(admit("a"));
    isRefused(admit("a"), "agent a is already admitted");

    changesNothing(update(agent("a")));
    AgentInfo moved = agent("a").toBuilder().setHostname("elsewhere").build();
    changes(update(moved));
    isRefused(update(agent("b")), "agent b is not admitted");
    assertEquals(moved, state.agents().get("a").orElseThrow().getInfo());

    changes(remove("a"));
    isRefused(remove("a"), "agent a is not admitted");
    assertEquals(0, state.agents().size());
  }

  @Test
  @Scenario({
    "RegistrarTest.MarkUnreachable",
    "RegistrarTest.MarkReachable",
    "RegistrarTest.MarkGone",
    "RegistrarTest.MarkUnreachableGone"
  })
  void anAgentIsAdmittedOrUnreachableOrGone() {
    isRefused(unreachable("a", 1), "agent a is not admitted");
    changes(admit("a"));
    changes(unreachable("a", 5));
    isRefused(unreachable("a", 6), "agent a is not admitted");
    assertEquals(5, state.unreachable().get("a").orElseThrow().getSince().getNanoseconds());

    changes(reachable("a"));
    changesNothing(reachable("a"));
    assertEquals(0, state.unreachable().size());
    changes(reachable("forgotten")); // its entry may have been pruned

    isRefused(gone("nobody", 1), "agent nobody is not known");
    changes(gone("a", 7));
    isRefused(gone("a", 8), "agent a is already gone");
    isRefused(admit("a"), "agent a is gone");
    isRefused(reachable("a"), "agent a is gone");
    changes(unreachable("forgotten", 9));
    changes(gone("forgotten", 10));
    assertEquals(2, state.gone().size());
    assertEquals(0, state.agents().size() + state.unreachable().size());
  }

  @Test
  @Scenario({"RegistrarTest.Prune", "REG-8"})
  void pruningSkipsWhatIsNotThereAndWorksInTheMiddle() {
    for (String id : List.of("a", "b", "c")) {
      changes(admit(id));
      changes(unreachable(id, 1));
    }
    changes(gone("c", 2));
    RegistryOperation prune =
        RegistryOperation.newBuilder()
            .setPruneAgents(
                PruneAgents.newBuilder()
                    .addUnreachable(agentId("b"))
                    .addUnreachable(agentId("nobody"))
                    .addGone(agentId("c")))
            .build();

    changes(prune);
    changesNothing(prune);

    assertTrue(state.unreachable().contains("a"));
    assertEquals(1, state.unreachable().size() + state.gone().size());
  }

  @Test
  void drainingFollowsAnAgentFromListToList() {
    changes(admit("a"));
    RegistryOperation drain =
        RegistryOperation.newBuilder()
            .setDrainAgent(
                DrainAgent.newBuilder()
                    .setAgentId(agentId("a"))
                    .setConfig(DrainConfig.newBuilder().setMarkGone(true)))
            .build();
    RegistryOperation drained =
        RegistryOperation.newBuilder()
            .setMarkAgentDrained(MarkAgentDrained.newBuilder().setAgentId(agentId("a")))
            .build();
    RegistryOperation deactivate =
        RegistryOperation.newBuilder()
            .setDeactivateAgent(DeactivateAgent.newBuilder().setAgentId(agentId("a")))
            .build();
    RegistryOperation reactivate =
        RegistryOperation.newBuilder()
            .setReactivateAgent(ReactivateAgent.newBuilder().setAgentId(agentId("a")))
            .build();
    changesNothing(reactivate);
    changesNothing(drained);
    changes(deactivate);
    changesNothing(deactivate);
    assertTrue(state.agents().get("a").orElseThrow().getDeactivated());

    changes(drain);
    changes(unreachable("a", 1));
    changes(drained);
    assertEquals(
        DrainState.DRAINED, state.unreachable().get("a").orElseThrow().getDrain().getState());
    changes(reachable("a"));
    assertTrue(state.agents().get("a").orElseThrow().getDrain().getConfig().getMarkGone());

    changes(reactivate);
    assertFalse(state.agents().get("a").orElseThrow().hasDrain());
    changes(remove("a"));
    changesNothing(drain);
    changesNothing(deactivate);
  }

  @Test
  @Scenario({
    "RegistrarTest.UpdateMaintenanceSchedule",
    "RegistrarTest.StartMaintenance",
    "RegistrarTest.StopMaintenance"
  })
  void machinesFollowTheScheduleAndLeaveItWhenTheyAreUp() {
    MachineID one = MachineID.newBuilder().setHostname("One").build();
    MachineID two = MachineID.newBuilder().setHostname("two").setIp("10.0.0.2").build();
    changes(schedule(one, two));
    assertEquals(MachineInfo.Mode.DRAINING, mode(one));

    RegistryOperation start =
        RegistryOperation.newBuilder()
            .setStartMaintenance(
                StartMaintenance.newBuilder()
                    .addMachines(MachineID.newBuilder().setHostname("one"))
                    .addMachines(MachineID.newBuilder().setHostname("nobody")))
            .build();
    changes(start);
    changesNothing(start);
    assertEquals(MachineInfo.Mode.DOWN, mode(one));
    changes(schedule(one, two));
    assertEquals(MachineInfo.Mode.DOWN, mode(one), "a new schedule does not bring it up");

    changes(stop(one));
    changesNothing(stop(one));
    assertEquals(1, state.head().getSchedule().getWindows(0).getMachineIdsCount());
    changes(stop(two));
    assertFalse(state.head().hasSchedule());
    assertEquals(0, state.machines().size());

    changes(schedule(one));
    changes(schedule(two));
    assertEquals(1, state.machines().size(), "what left the schedule is up");
  }

  private static RegistryOperation schedule(MachineID... machines) {
    Window window =
        Window.newBuilder()
            .addAllMachineIds(List.of(machines))
            .setUnavailability(Unavailability.newBuilder().setStart(Operation.at(1)))
            .build();
    return RegistryOperation.newBuilder()
        .setUpdateMaintenanceSchedule(
            UpdateMaintenanceSchedule.newBuilder()
                .setSchedule(Schedule.newBuilder().addWindows(window)))
        .build();
  }

  private static RegistryOperation stop(MachineID machine) {
    return RegistryOperation.newBuilder()
        .setStopMaintenance(StopMaintenance.newBuilder().addMachines(machine))
        .build();
  }

  private MachineInfo.Mode mode(MachineID machine) {
    return state.machines().get(RegistryState.machineKey(machine)).orElseThrow().getMode();
  }

  @Test
  @Scenario({"RegistrarTest.UpdateQuota", "RegistrarTest.RemoveQuota"})
  void aDefaultQuotaErasesTheRolesEntry() {
    QuotaConfig quota =
        QuotaConfig.newBuilder()
            .setRole("role")
            .putGuarantees("cpus", Value.Scalar.newBuilder().setValue(2).build())
            .build();
    changes(quota(quota));
    changesNothing(quota(quota));
    assertEquals(quota, state.quotas().get("role").orElseThrow());

    changes(quota(QuotaConfig.newBuilder().setRole("role").build()));
    changesNothing(quota(QuotaConfig.newBuilder().setRole("role").build()));
    assertEquals(0, state.quotas().size());
  }

  private static RegistryOperation quota(QuotaConfig config) {
    return RegistryOperation.newBuilder()
        .setUpdateQuota(UpdateQuota.newBuilder().addConfigs(config))
        .build();
  }

  @Test
  @Scenario("RegistrarTest.UpdateWeights")
  void weightsAreReplacedAndMustBePositive() {
    changes(weight("role", 2));
    changesNothing(weight("role", 2));
    changes(weight("role", 3));
    isRefused(weight("role", 0), "a weight needs a role and a positive number: 'role' = 0.0");
    isRefused(
        weight("role", Double.NaN), "a weight needs a role and a positive number: 'role' = NaN");
    isRefused(weight("", 1), "a weight needs a role and a positive number: '' = 1.0");
    assertEquals(3, state.weights().get("role").orElseThrow().getWeight());
  }

  @Test
  @Scenario({"F-27", "F-31"})
  void aRemovedFrameworkCannotComeBackAndADisconnectedOneKeepsItsTime() {
    isRefused(disconnect("f", 1), "framework f is not known");
    changes(subscribe("f"));
    changesNothing(subscribe("f"));
    changes(disconnect("f", 5));
    changesNothing(disconnect("f", 5));
    assertEquals(
        5, state.frameworks().get("f").orElseThrow().getDisconnectedSince().getNanoseconds());
    changes(subscribe("f"));
    assertFalse(state.frameworks().get("f").orElseThrow().hasDisconnectedSince());

    changes(teardown("f", 9));
    changesNothing(teardown("f", 10));
    isRefused(subscribe("f"), "framework f was removed");
    isRefused(teardown("nobody", 1), "framework nobody is not known");
    assertEquals(framework("f"), state.removedFrameworks().get("f").orElseThrow().getInfo());
  }

  @Test
  @Scenario("F-31")
  void tombstonesAreBoundedAndTheOldestMakesRoom() {
    PersistentMap<RemovedFramework> full = PersistentMap.empty();
    for (int i = 0; i < FrameworkRules.MAX_REMOVED; i++) {
      String id = "f" + i;
      long since = id.equals("f77") ? 1 : 1_000 + i;
      full =
          full.put(
              id,
              RemovedFramework.newBuilder()
                  .setInfo(framework(id))
                  .setSince(Operation.at(since))
                  .build());
    }
    state = state.withFrameworks(state.frameworks(), full);
    changes(subscribe("new"));

    changes(teardown("new", 9_999_999));

    assertEquals(FrameworkRules.MAX_REMOVED, state.removedFrameworks().size());
    assertTrue(state.removedFrameworks().contains("new"));
    assertFalse(state.removedFrameworks().contains("f77"));
  }

  @Test
  void aRemovedResourceProviderCannotComeBack() {
    ResourceProviderID id = ResourceProviderID.newBuilder().setValue("rp").build();
    RegisteredResourceProvider provider =
        RegisteredResourceProvider.newBuilder().setId(id).setType("t").setName("n").build();
    RegistryOperation remove =
        RegistryOperation.newBuilder()
            .setRemoveResourceProvider(
                RemoveResourceProvider.newBuilder().setResourceProviderId(id))
            .build();
    isRefused(remove, "resource provider rp is not known");
    changes(provider(provider));
    changesNothing(provider(provider));
    isRefused(
        provider(provider.toBuilder().setName("other").build()),
        "resource provider rp is known with another type or name");

    changes(remove);

    isRefused(provider(provider), "resource provider rp was removed");
  }

  private static RegistryOperation provider(RegisteredResourceProvider provider) {
    return RegistryOperation.newBuilder()
        .setAdmitResourceProvider(AdmitResourceProvider.newBuilder().setResourceProvider(provider))
        .build();
  }

  @Test
  @Scenario("D-21")
  void anOperationOfANewerVersionIsRefused() {
    isRefused(
        RegistryOperation.getDefaultInstance(),
        "the operation is unknown: it was made by a newer version");
  }
}
