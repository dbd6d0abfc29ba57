package io.meseta.link;

import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.vertx.core.Future;

/**
 * An agent's way to the leading master, whatever carries it (a bus in the same process, or a stream
 * to a gateway). It finds the leader by itself, gives every attachment a session of its own, and
 * wraps messages in the envelope of D-9.
 *
 * <p>Delivery is ordered within one session and at most once: whatever must not be lost is
 * acknowledged end to end by the two cores.
 */
public interface AgentLink {
  /**
   * Starts to look for a leading master, and does so again after every session's end until {@link
   * #close}. To be called once, on the context of the agent's verticle.
   *
   * @param listener called on that same context
   */
  void open(Listener listener);

  /**
   * Sends one message; silently dropped if {@code session} is not the open one. To be called on the
   * context that opened the link.
   */
  void send(String session, AgentToMaster message);

  /**
   * Gives up a session because the agent takes its master for gone; {@link Listener#closed} is
   * called, and the search begins again. Nothing happens if {@code session} is not the open one.
   */
  void reconnect(String session, String reason);

  /** Ends the open session, after what was sent on it, and searches no more. */
  Future<Void> close();

  /** What the owner of a link hears. At most one session is open at a time. */
  interface Listener {
    /** Messages may be sent. The session's name was never used before. */
    void opened(String session);

    void received(String session, MasterToAgent message);

    /** Nothing more comes of this session. */
    void closed(String session);
  }
}
