package io.meseta.link;

import io.meseta.bus.Bus;
import io.meseta.bus.Subscription;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.Envelope;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The link of an agent to a master in the same process, over the bus. */
public final class BusAgentLink implements AgentLink {
  private static final Logger LOG = LoggerFactory.getLogger(BusAgentLink.class);

  /** Between attempts to be attached; the master is in the same process, so it is cheap to ask. */
  private static final long RETRY_MILLIS = 100;

  private final Vertx vertx;
  private final Bus bus;
  private final String node;
  private final String link = UUID.randomUUID().toString();

  private @Nullable Listener listener;
  private @Nullable Subscription subscription;
  private @Nullable LinkSession session;
  private Optional<String> clusterId = Optional.empty();
  private boolean searching;
  private boolean closed;

  /**
   * @param node whose master the agent belongs to
   */
  public BusAgentLink(Vertx vertx, Bus bus, String node) {
    this.vertx = vertx;
    this.bus = bus;
    this.node = node;
  }

  @Override
  public void open(Listener newListener) {
    if (listener != null) {
      throw new IllegalStateException("the link is open already");
    }
    listener = newListener;
    Subscription listening =
        bus.consume(LinkAddresses.TO_AGENT, LinkAddresses.TO_AGENT.at(link), this::received);
    subscription = listening;
    listening.ready().onSuccess(ready -> search());
  }

  private void search() {
    if (closed || searching || session != null) {
      return;
    }
    searching = true;
    bus.request(
            LinkAddresses.HELLO,
            LinkAddresses.HELLO.at(node),
            new LinkHello(link, clusterId, Optional.empty()),
            LinkWelcome.class)
        .onComplete(this::welcomed, failure -> searchLater());
  }

  private void welcomed(LinkWelcome welcome) {
    switch (welcome) {
      case LinkWelcome.Attached(String cluster, long epoch, String name) -> {
        searching = false;
        LinkSession opened = new LinkSession(cluster, epoch, name);
        if (closed) {
          deliver(opened.end());
          return;
        }
        clusterId = Optional.of(cluster);
        session = opened;
        listening().opened(name);
      }
      case LinkWelcome.Refused(String reason) -> {
        LOG.atWarn()
            .addKeyValue("node", node)
            .addKeyValue("reason", reason)
            .log("the master refuses the agent's link");
        searchLater();
      }
    }
  }

  private void searchLater() {
    vertx.setTimer(
        RETRY_MILLIS,
        timer -> {
          searching = false;
          search();
        });
  }

  private void received(Envelope envelope) {
    LinkSession open = session;
    if (open == null) {
      return;
    }
    switch (open.check(envelope)) {
      case NEXT -> {
        if (envelope.hasToAgent()) {
          listening().received(open.name(), envelope.getToAgent());
        }
      }
      case END -> lose(open, "the master ended it");
      case GAP -> {
        deliver(open.end());
        lose(open, "messages from the master are missing");
      }
      case STALE ->
          LOG.atDebug()
              .addKeyValue("session", envelope.getLinkSession())
              .log("dropped a message of an older session");
    }
  }

  private void lose(LinkSession lost, String reason) {
    session = null;
    LOG.atInfo()
        .addKeyValue("session", lost.name())
        .addKeyValue("reason", reason)
        .log("the agent's link has ended");
    listening().closed(lost.name());
    search();
  }

  @Override
  public void send(String name, AgentToMaster message) {
    LinkSession open = session;
    if (open == null || !open.name().equals(name)) {
      return;
    }
    bus.send(LinkAddresses.TO_MASTER, LinkAddresses.TO_MASTER.at(node), open.wrap(message))
        .onFailure(
            failure -> {
              if (session == open) {
                lose(open, String.valueOf(failure.getMessage()));
              }
            });
  }

  private void deliver(Envelope envelope) {
    // A master that is gone has ended the session as well.
    bus.send(LinkAddresses.TO_MASTER, LinkAddresses.TO_MASTER.at(node), envelope)
        .onFailure(gone -> LOG.atDebug().log("the master was gone before the session's end"));
  }

  @Override
  public void reconnect(String name, String reason) {
    LinkSession open = session;
    if (open != null && open.name().equals(name)) {
      deliver(open.end());
      lose(open, reason);
    }
  }

  @Override
  public Future<Void> close() {
    closed = true;
    LinkSession open = session;
    session = null;
    if (open != null) {
      deliver(open.end());
      listening().closed(open.name());
    }
    return subscription == null ? Future.succeededFuture() : subscription.close();
  }

  private Listener listening() {
    if (listener == null) {
      throw new IllegalStateException("the link is not open");
    }
    return listener;
  }
}
