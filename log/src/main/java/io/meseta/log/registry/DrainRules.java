package io.meseta.log.registry;

import io.meseta.schema.internal.v1.DrainAgent;
import io.meseta.schema.internal.v1.RegisteredAgent;
import io.meseta.schema.internal.v1.UnreachableAgent;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.DrainInfo;
import io.meseta.schema.v1.DrainState;
import java.util.Optional;

/** Agents that take no new work, admitted or unreachable. An unknown agent changes nothing. */
final class DrainRules {
  /** The marks on an agent, wherever the agent is listed. */
  private record Marks(Optional<DrainInfo> drain, boolean deactivated) {}

  private DrainRules() {}

  static Outcome drain(RegistryState state, DrainAgent drain) {
    DrainInfo info =
        DrainInfo.newBuilder().setState(DrainState.DRAINING).setConfig(drain.getConfig()).build();
    return mark(state, drain.getAgentId(), new Marks(Optional.of(info), true));
  }

  static Outcome markDrained(RegistryState state, AgentID id) {
    Optional<DrainInfo> drain = marks(state, id).flatMap(Marks::drain);
    return drain.isEmpty()
        ? Outcome.unchanged()
        : mark(
            state,
            id,
            new Marks(
                Optional.of(drain.get().toBuilder().setState(DrainState.DRAINED).build()), true));
  }

  static Outcome deactivate(RegistryState state, AgentID id) {
    Optional<Marks> marks = marks(state, id);
    return marks.isEmpty()
        ? Outcome.unchanged()
        : mark(state, id, new Marks(marks.get().drain(), true));
  }

  static Outcome reactivate(RegistryState state, AgentID id) {
    return mark(state, id, new Marks(Optional.empty(), false));
  }

  private static Optional<Marks> marks(RegistryState state, AgentID id) {
    return state
        .agents()
        .get(id.getValue())
        .map(
            agent ->
                new Marks(
                    agent.hasDrain() ? Optional.of(agent.getDrain()) : Optional.empty(),
                    agent.getDeactivated()))
        .or(
            () ->
                state
                    .unreachable()
                    .get(id.getValue())
                    .map(
                        agent ->
                            new Marks(
                                agent.hasDrain() ? Optional.of(agent.getDrain()) : Optional.empty(),
                                agent.getDeactivated())));
  }

  private static Outcome mark(RegistryState state, AgentID agentId, Marks marks) {
    String id = agentId.getValue();
    Optional<Marks> before = marks(state, agentId);
    if (before.isEmpty() || before.get().equals(marks)) {
      return Outcome.unchanged();
    }
    Optional<RegisteredAgent> admitted = state.agents().get(id);
    if (admitted.isPresent()) {
      RegisteredAgent.Builder agent = admitted.get().toBuilder().clearDrain();
      marks.drain().ifPresent(agent::setDrain);
      agent.setDeactivated(marks.deactivated());
      return Outcome.changed(
          state.withAgents(
              state.agents().put(id, agent.build()), state.unreachable(), state.gone()));
    }
    UnreachableAgent.Builder agent =
        state.unreachable().get(id).orElseThrow().toBuilder().clearDrain();
    marks.drain().ifPresent(agent::setDrain);
    agent.setDeactivated(marks.deactivated());
    return Outcome.changed(
        state.withAgents(state.agents(), state.unreachable().put(id, agent.build()), state.gone()));
  }
}
