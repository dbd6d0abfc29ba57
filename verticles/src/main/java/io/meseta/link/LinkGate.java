package io.meseta.link;

import io.meseta.bus.Bus;
import io.meseta.bus.Subscription;
import io.meseta.kernel.Principal;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.Envelope;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.security.Authenticator;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The master's end of all links of one term. Belongs to the context that opens it.
 *
 * <p>An agent's end that attaches again has given up its older session, which is ended here too.
 */
public final class LinkGate {
  private static final Logger LOG = LoggerFactory.getLogger(LinkGate.class);

  /** What the master hears. */
  public interface Listener {
    void received(String session, AgentToMaster message, Principal principal);

    /** Nothing more comes of this session. Not called for sessions that the master closes. */
    void closed(String session);
  }

  private record Attachment(LinkSession session, String link, Principal principal) {}

  private final Bus bus;
  private final String node;
  private final String clusterId;
  private final long epoch;
  private final Authenticator authenticator;
  private final Listener listener;
  private final Map<String, Attachment> sessions = new HashMap<>();
  private final Map<String, String> sessionOfLink = new HashMap<>();
  private List<Subscription> subscriptions = List.of();
  private long opened;

  /**
   * @param authenticator of agents
   */
  public LinkGate(
      Bus bus,
      String node,
      String clusterId,
      long epoch,
      Authenticator authenticator,
      Listener listener) {
    this.bus = bus;
    this.node = node;
    this.clusterId = clusterId;
    this.epoch = epoch;
    this.authenticator = authenticator;
    this.listener = listener;
  }

  /** Lets agents attach, from now on. */
  public Future<Void> open() {
    Subscription messages =
        bus.consume(LinkAddresses.TO_MASTER, LinkAddresses.TO_MASTER.at(node), this::received);
    Subscription hellos =
        bus.answer(
            LinkAddresses.HELLO, LinkAddresses.HELLO.at(node), LinkWelcome.class, this::hello);
    subscriptions = List.of(messages, hellos);
    return Future.all(messages.ready(), hellos.ready()).mapEmpty();
  }

  private LinkWelcome hello(LinkHello hello) {
    if (hello.clusterId().isPresent() && !hello.clusterId().get().equals(clusterId)) {
      return new LinkWelcome.Refused(
          "the agent belongs to cluster " + hello.clusterId().get() + ", this is " + clusterId);
    }
    return switch (authenticator.authenticate(hello.authorization())) {
      case Authenticator.Outcome.Accepted(Principal principal) -> attach(hello.link(), principal);
      case Authenticator.Outcome.Unauthorized(List<String> challenges) ->
          new LinkWelcome.Refused("the agent is not authenticated");
      case Authenticator.Outcome.Forbidden(String reason) -> new LinkWelcome.Refused(reason);
    };
  }

  private LinkWelcome attach(String link, Principal principal) {
    String older = sessionOfLink.get(link);
    if (older != null) {
      forget(older);
      listener.closed(older);
    }
    String name = node + "-" + epoch + "-" + ++opened;
    sessions.put(name, new Attachment(new LinkSession(clusterId, epoch, name), link, principal));
    sessionOfLink.put(link, name);
    return new LinkWelcome.Attached(clusterId, epoch, name);
  }

  private void received(Envelope envelope) {
    Attachment attachment = sessions.get(envelope.getLinkSession());
    if (attachment == null) {
      return;
    }
    String name = attachment.session().name();
    switch (attachment.session().check(envelope)) {
      case NEXT -> {
        if (envelope.hasToMaster()) {
          listener.received(name, envelope.getToMaster(), attachment.principal());
        }
      }
      case END -> {
        forget(name);
        listener.closed(name);
      }
      case GAP -> {
        LOG.atWarn()
            .addKeyValue("session", name)
            .addKeyValue("sequence", envelope.getSequence())
            .log("messages of an agent are missing: its link is cut");
        close(name);
        listener.closed(name);
      }
      case STALE -> {}
    }
  }

  /** Sends one message; dropped if the session has ended. */
  public void send(String session, MasterToAgent message) {
    Attachment attachment = sessions.get(session);
    if (attachment != null) {
      deliver(attachment, attachment.session().wrap(message));
    }
  }

  /** Ends a session after what was sent on it. */
  public void close(String session) {
    Attachment attachment = sessions.get(session);
    if (attachment != null) {
      deliver(attachment, attachment.session().end());
      forget(session);
    }
  }

  private void deliver(Attachment attachment, Envelope envelope) {
    bus.send(LinkAddresses.TO_AGENT, LinkAddresses.TO_AGENT.at(attachment.link()), envelope)
        .onFailure(
            gone -> {
              String name = attachment.session().name();
              if (attachment.equals(sessions.get(name))) {
                forget(name);
                listener.closed(name);
              }
            });
  }

  private void forget(String session) {
    Attachment gone = sessions.remove(session);
    if (gone != null) {
      sessionOfLink.remove(gone.link(), session);
    }
  }

  /** Ends all sessions and lets nobody attach any more. */
  public Future<Void> close() {
    List.copyOf(sessions.keySet()).forEach(this::close);
    return Future.all(subscriptions.stream().map(Subscription::close).toList()).mapEmpty();
  }
}
