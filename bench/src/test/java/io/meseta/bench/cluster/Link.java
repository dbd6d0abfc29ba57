package io.meseta.bench.cluster;

import java.util.Optional;

/**
 * One end of one attachment of an agent to a master, as links behave in production: messages are
 * numbered, and an end that finds one missing gives the whole session up.
 *
 * @param <M> what arrives at this end
 */
final class Link<M> {
  /** A numbered message; without a message it ends the session. */
  record Envelope<M>(String session, long number, Optional<M> message) {}

  /** What is to be done with what arrives. */
  interface Receiver<M> {
    void next(M message);

    /** The far end has ended the session, or messages are missing. */
    void over(boolean missing);
  }

  private final String session;
  private long sent;
  private long received;

  Link(String session) {
    this.session = session;
  }

  String session() {
    return session;
  }

  <T> Envelope<T> wrap(T message) {
    return new Envelope<>(session, ++sent, Optional.of(message));
  }

  <T> Envelope<T> end() {
    return new Envelope<>(session, ++sent, Optional.empty());
  }

  void receive(Envelope<M> envelope, Receiver<M> receiver) {
    if (!envelope.session().equals(session) || envelope.number() <= received) {
      return;
    }
    if (envelope.number() != received + 1) {
      receiver.over(true);
      return;
    }
    received++;
    envelope.message().ifPresentOrElse(receiver::next, () -> receiver.over(false));
  }
}
