package io.meseta.master.core;

import io.meseta.schema.internal.v1.MasterToAgent;

/**
 * Whether agents are alive: a ping each interval, and so many in a row without an answer are the
 * end.
 */
final class Pings {
  private static final MasterToAgent PING =
      MasterToAgent.newBuilder().setPing(MasterToAgent.Ping.getDefaultInstance()).build();

  private final Term term;
  private final AgentLoss loss;

  Pings(Term term, AgentLoss loss) {
    this.term = term;
    this.loss = loss;
  }

  /** A ping is due; an agent that is disconnected misses it. */
  void ping(String agentId) {
    term.books().agent(agentId).ifPresent(this::ping);
  }

  void ping(AgentBook agent) {
    if (agent.nextPing() >= term.options().maxAgentPingTimeouts()) {
      loss.begin(agent, AgentLoss.Kind.UNREACHABLE, "health check timed out");
      return;
    }
    term.out().toAgent(agent, PING);
    term.timers()
        .set(new Alarm.Ping(agent.id()), term.now() + term.options().agentPingTimeout().toNanos());
  }

  void pong(AgentBook agent) {
    agent.pongReceived();
  }
}
