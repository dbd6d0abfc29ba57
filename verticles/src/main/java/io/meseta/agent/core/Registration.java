package io.meseta.agent.core;

import io.meseta.schema.internal.v1.AgentJournalRecord;
import io.meseta.schema.internal.v1.AgentRecord;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.v1.Address;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.AgentInfo;
import java.time.Duration;
import java.util.Optional;

/** The agent's standing with the leading master: session, registration, pings. */
final class Registration {
  private static final Duration MAX_BACKOFF = Duration.ofMinutes(1);

  /** Even an agent that was told not to wait does not ask more often than this. */
  private static final Duration MIN_RETRY = Duration.ofMillis(100);

  private final Books books;
  private Optional<String> session = Optional.empty();
  private long retryNanos;
  private long pingTimeoutNanos;

  Registration(Books books) {
    this.books = books;
  }

  boolean isSession(String name) {
    return session.isPresent() && session.get().equals(name);
  }

  boolean registered() {
    return books.state == Agent.State.RUNNING;
  }

  void send(Turn turn, AgentToMaster message) {
    session.ifPresent(open -> turn.emit(new AgentEffect.ToMaster(open, message)));
  }

  /** A new leader, or the same one again. Nothing is sent before the first random wait. */
  void opened(Turn turn, String name) {
    session = Optional.of(name);
    if (books.state == Agent.State.RECOVERING || books.state == Agent.State.TERMINATING) {
      return;
    }
    books.state = Agent.State.DISCONNECTED;
    begin(turn);
  }

  /** Recovery is over: an agent that has found its master may speak now. */
  void recovered(Turn turn) {
    books.state = Agent.State.DISCONNECTED;
    if (session.isPresent()) {
      begin(turn);
    }
  }

  void closed(Turn turn) {
    turn.info("Link to the master closed", "session", session.orElse(""));
    session = Optional.empty();
    books.timers.cancel(new TimerKey.Register());
    books.timers.cancel(new TimerKey.Ping());
    if (books.state == Agent.State.RUNNING) {
      books.state = Agent.State.DISCONNECTED;
    }
  }

  private void begin(Turn turn) {
    books.timers.cancel(new TimerKey.Ping());
    long unit = books.config.registrationBackoff().toNanos();
    retryNanos = Math.min(2 * unit, MAX_BACKOFF.toNanos());
    books.timers.set(new TimerKey.Register(), turn.nowNanos() + random(unit));
  }

  /** Sends the request and plans the next one. */
  void attempt(Turn turn, AgentToMaster request) {
    send(turn, request);
    books.timers.set(
        new TimerKey.Register(),
        turn.nowNanos() + Math.max(MIN_RETRY.toNanos(), random(retryNanos)));
    retryNanos = Math.min(2 * retryNanos, MAX_BACKOFF.toNanos());
  }

  /** except for what the agent holds. */
  AgentToMaster request(AgentToMaster.Reregister.Builder report) {
    Optional<AgentID> id = books.agentId;
    AgentConfig config = books.config;
    if (id.isEmpty()) {
      return AgentToMaster.newBuilder()
          .setRegister(
              AgentToMaster.Register.newBuilder()
                  .setAgentInfo(config.info())
                  .setVersion(config.version())
                  .setAddress(address(config))
                  .setResourceVersionUuid(books.resourceVersion)
                  .addAllCapabilities(config.capabilities()))
          .build();
    }
    return AgentToMaster.newBuilder()
        .setReregister(
            report
                .setAgentInfo(info(id.get()))
                .setVersion(config.version())
                .setAddress(address(config))
                .setResourceVersionUuid(books.resourceVersion)
                .addAllCapabilities(config.capabilities()))
        .build();
  }

  private static Address address(AgentConfig config) {
    return Address.newBuilder()
        .setHostname(config.info().getHostname())
        .setIp(config.ip())
        .setPort(config.info().getPort())
        .build();
  }

  /**
   * The master has answered. False if it speaks of another agent, or had answered before; a
   * different id is fatal.
   */
  boolean answered(Turn turn, AgentID id, long totalPingTimeoutMillis) {
    if (books.agentId.isPresent() && !books.agentId.get().equals(id)) {
      turn.emit(
          new AgentEffect.Failed(
              "The master gave this agent the id "
                  + id.getValue()
                  + " but it has the id "
                  + books.agentId.get().getValue()));
      return false;
    }
    if (books.state != Agent.State.DISCONNECTED) {
      return false;
    }
    if (books.agentId.isEmpty()) {
      books.agentId = Optional.of(id);
      books.ledger.write(
          turn,
          AgentJournalRecord.newBuilder()
              .setAgent(
                  AgentRecord.newBuilder()
                      .setInfo(info(id))
                      .setAgentId(id)
                      .setBootId(books.config.bootId())));
    }
    books.state = Agent.State.RUNNING;
    books.timers.cancel(new TimerKey.Register());
    pingTimeoutNanos = Duration.ofMillis(totalPingTimeoutMillis).toNanos();
    books.timers.set(new TimerKey.Ping(), turn.nowNanos() + pingTimeoutNanos);
    turn.info("Registered with the master", "agent", id.getValue(), "session", session.orElse(""));
    return true;
  }

  /** Answered in every state. */
  void ping(Turn turn) {
    send(turn, AgentToMaster.newBuilder().setPong(AgentToMaster.Pong.getDefaultInstance()).build());
    if (books.timers.isSet(new TimerKey.Ping())) {
      books.timers.set(new TimerKey.Ping(), turn.nowNanos() + pingTimeoutNanos);
    }
  }

  /** The master has been silent for too long. */
  void silent(Turn turn) {
    String reason =
        "No pings from the master for "
            + Duration.ofNanos(pingTimeoutNanos).toMillis()
            + " ms: looking for a master again";
    turn.warn(reason, "session", session.orElse(""));
    session.ifPresent(open -> turn.emit(new AgentEffect.Reconnect(open, reason)));
    closed(turn);
  }

  private AgentInfo info(AgentID id) {
    return books.config.info().toBuilder().setId(id).build();
  }

  private long random(long bound) {
    return bound <= 0 ? 0 : books.rng.nextLong(bound);
  }
}
