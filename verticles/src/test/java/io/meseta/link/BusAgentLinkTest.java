package io.meseta.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.api.Futures;
import io.meseta.bus.Bus;
import io.meseta.bus.Catalogue;
import io.meseta.kernel.Principal;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.security.Authenticator;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Both ends of links in one process. */
class BusAgentLinkTest {
  private static final AgentToMaster PONG =
      AgentToMaster.newBuilder().setPong(AgentToMaster.Pong.getDefaultInstance()).build();
  private static final MasterToAgent PING =
      MasterToAgent.newBuilder().setPing(MasterToAgent.Ping.getDefaultInstance()).build();

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = Bus.open(vertx, Catalogue.of(LinkAddresses.ALL));
  private final io.vertx.core.Context master = vertx.getOrCreateContext();
  private final io.vertx.core.Context agent = vertx.getOrCreateContext();
  private final BlockingQueue<String> atMaster = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> atAgent = new LinkedBlockingQueue<>();
  private final BusAgentLink link = new BusAgentLink(vertx, bus, "node");

  @AfterEach
  void stop() {
    Futures.await(vertx.close());
  }

  private LinkGate gate(String cluster, long epoch) {
    LinkGate gate =
        new LinkGate(
            bus,
            "node",
            cluster,
            epoch,
            Authenticator.NONE,
            new LinkGate.Listener() {
              @Override
              public void received(String session, AgentToMaster message, Principal principal) {
                atMaster.add(session + " " + message.getMessageCase());
              }

              @Override
              public void closed(String session) {
                atMaster.add(session + " closed");
              }
            });
    io.vertx.core.Promise<Void> open = io.vertx.core.Promise.promise();
    master.runOnContext(turn -> gate.open().onComplete(open));
    Futures.await(open.future());
    return gate;
  }

  private void openLink() {
    agent.runOnContext(
        turn ->
            link.open(
                new AgentLink.Listener() {
                  @Override
                  public void opened(String session) {
                    atAgent.add("opened " + session);
                  }

                  @Override
                  public void received(String session, MasterToAgent message) {
                    atAgent.add(session + " " + message.getMessageCase());
                  }

                  @Override
                  public void closed(String session) {
                    atAgent.add("closed " + session);
                  }
                }));
  }

  private static String next(BlockingQueue<String> queue) {
    try {
      String next = queue.poll(10, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing for 10 s");
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String opened() {
    String line = next(atAgent);
    assertTrue(line.startsWith("opened "), line);
    return line.substring("opened ".length());
  }

  @Test
  void messagesPassBothWaysInOrder() {
    LinkGate gate = gate("c", 1);
    openLink();
    String session = opened();
    agent.runOnContext(
        turn -> {
          link.send(session, PONG);
          link.send("another session", PONG);
          link.send(session, PONG);
        });
    assertEquals(session + " PONG", next(atMaster));
    assertEquals(session + " PONG", next(atMaster));
    master.runOnContext(
        turn -> {
          gate.send(session, PING);
          gate.close(session);
          gate.send(session, PING);
        });
    assertEquals(session + " PING", next(atAgent));
    assertEquals("closed " + session, next(atAgent));
    // And it looks for the master again.
    assertNotEquals(session, opened());
  }

  @Test
  void anAgentThatIsThereFirstFindsTheMasterLater() {
    openLink();
    gate("c", 1);
    opened();
  }

  @Test
  void anAgentThatReconnectsGetsAFreshSession() {
    gate("c", 1);
    openLink();
    String first = opened();
    agent.runOnContext(turn -> link.reconnect(first, "no pings"));
    assertEquals("closed " + first, next(atAgent));
    String second = opened();
    assertNotEquals(first, second);
    assertEquals(first + " closed", next(atMaster));
    agent.runOnContext(turn -> link.send(first, PONG));
    agent.runOnContext(turn -> link.send(second, PONG));
    assertEquals(second + " PONG", next(atMaster));
  }

  @Test
  void aNewTermIsFoundWhenTheOldOneEnds() {
    LinkGate old = gate("c", 1);
    openLink();
    String first = opened();
    io.vertx.core.Promise<Void> closed = io.vertx.core.Promise.promise();
    master.runOnContext(turn -> old.close().onComplete(closed));
    Futures.await(closed.future());
    assertEquals("closed " + first, next(atAgent));
    gate("c", 2);
    assertEquals("node-2-1", opened());
  }

  @Test
  void closingTheLinkTellsTheMaster() {
    gate("c", 1);
    openLink();
    String session = opened();
    agent.runOnContext(
        turn -> {
          link.send(session, PONG);
          Futures.ignore(link.close());
        });
    assertEquals(
        List.of(session + " PONG", session + " closed"), List.of(next(atMaster), next(atMaster)));
    assertEquals("closed " + session, next(atAgent));
  }
}
