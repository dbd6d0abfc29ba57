package io.meseta.log.registry;

import io.meseta.schema.internal.v1.GoneAgent;
import io.meseta.schema.internal.v1.MarkAgentGone;
import io.meseta.schema.internal.v1.MarkAgentUnreachable;
import io.meseta.schema.internal.v1.PruneAgents;
import io.meseta.schema.internal.v1.RegisteredAgent;
import io.meseta.schema.internal.v1.UnreachableAgent;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.AgentInfo;
import java.util.Optional;

/** Which agents are admitted, unreachable or gone: an id is in at most one of the three. */
final class AgentRules {
  private AgentRules() {}

  static Outcome admit(RegistryState state, AgentInfo agent) {
    String id = agent.getId().getValue();
    if (id.isEmpty()) {
      return Outcome.refused("the agent has no id");
    }
    if (state.agents().contains(id)) {
      return Outcome.refused("agent " + id + " is already admitted");
    }
    if (state.gone().contains(id)) {
      return Outcome.refused("agent " + id + " is gone");
    }
    return Outcome.changed(
        state.withAgents(
            state.agents().put(id, RegisteredAgent.newBuilder().setInfo(agent).build()),
            state.unreachable().remove(id),
            state.gone()));
  }

  static Outcome update(RegistryState state, AgentInfo agent) {
    String id = agent.getId().getValue();
    Optional<RegisteredAgent> known = state.agents().get(id);
    if (known.isEmpty()) {
      return notAdmitted(id);
    }
    if (known.get().getInfo().equals(agent)) {
      return Outcome.unchanged();
    }
    return Outcome.changed(
        state.withAgents(
            state.agents().put(id, known.get().toBuilder().setInfo(agent).build()),
            state.unreachable(),
            state.gone()));
  }

  static Outcome remove(RegistryState state, AgentID agentId) {
    String id = agentId.getValue();
    if (!state.agents().contains(id)) {
      return notAdmitted(id);
    }
    return Outcome.changed(
        state.withAgents(state.agents().remove(id), state.unreachable(), state.gone()));
  }

  static Outcome markUnreachable(RegistryState state, MarkAgentUnreachable mark) {
    String id = mark.getAgentId().getValue();
    Optional<RegisteredAgent> known = state.agents().get(id);
    if (known.isEmpty()) {
      return notAdmitted(id);
    }
    UnreachableAgent.Builder entry =
        UnreachableAgent.newBuilder().setId(mark.getAgentId()).setSince(mark.getSince());
    if (known.get().hasDrain()) {
      entry.setDrain(known.get().getDrain());
    }
    if (known.get().hasDeactivated()) {
      entry.setDeactivated(known.get().getDeactivated());
    }
    return Outcome.changed(
        state.withAgents(
            state.agents().remove(id), state.unreachable().put(id, entry.build()), state.gone()));
  }

  /** Also for an agent that nobody knows: its entry may have been pruned. */
  static Outcome markReachable(RegistryState state, AgentInfo agent) {
    String id = agent.getId().getValue();
    if (state.agents().contains(id)) {
      return Outcome.unchanged();
    }
    if (state.gone().contains(id)) {
      return Outcome.refused("agent " + id + " is gone");
    }
    RegisteredAgent.Builder entry = RegisteredAgent.newBuilder().setInfo(agent);
    state
        .unreachable()
        .get(id)
        .ifPresent(
            known -> {
              if (known.hasDrain()) {
                entry.setDrain(known.getDrain());
              }
              if (known.hasDeactivated()) {
                entry.setDeactivated(known.getDeactivated());
              }
            });
    return Outcome.changed(
        state.withAgents(
            state.agents().put(id, entry.build()), state.unreachable().remove(id), state.gone()));
  }

  static Outcome markGone(RegistryState state, MarkAgentGone mark) {
    String id = mark.getAgentId().getValue();
    if (state.gone().contains(id)) {
      return Outcome.refused("agent " + id + " is already gone");
    }
    if (!state.agents().contains(id) && !state.unreachable().contains(id)) {
      return Outcome.refused("agent " + id + " is not known");
    }
    return Outcome.changed(
        state.withAgents(
            state.agents().remove(id),
            state.unreachable().remove(id),
            state
                .gone()
                .put(
                    id,
                    GoneAgent.newBuilder()
                        .setId(mark.getAgentId())
                        .setSince(mark.getSince())
                        .build())));
  }

  /** Ids that are not there any more are skipped: they came back meanwhile (REG-8). */
  static Outcome prune(RegistryState state, PruneAgents prune) {
    PersistentMap<UnreachableAgent> unreachable = state.unreachable();
    for (AgentID id : prune.getUnreachableList()) {
      unreachable = unreachable.remove(id.getValue());
    }
    PersistentMap<GoneAgent> gone = state.gone();
    for (AgentID id : prune.getGoneList()) {
      gone = gone.remove(id.getValue());
    }
    return unreachable == state.unreachable() && gone == state.gone()
        ? Outcome.unchanged()
        : Outcome.changed(state.withAgents(state.agents(), unreachable, gone));
  }

  private static Outcome notAdmitted(String id) {
    return Outcome.refused("agent " + id + " is not admitted");
  }
}
