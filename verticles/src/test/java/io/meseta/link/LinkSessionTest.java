package io.meseta.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.meseta.link.LinkSession.Verdict;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.Envelope;
import org.junit.jupiter.api.Test;

/** Which envelopes belong to a session (D-9). */
class LinkSessionTest {
  private static final AgentToMaster PONG =
      AgentToMaster.newBuilder().setPong(AgentToMaster.Pong.getDefaultInstance()).build();

  private final LinkSession sender = new LinkSession("c", 3, "s");
  private final LinkSession receiver = new LinkSession("c", 3, "s");

  @Test
  void messagesInOrderAreTakenAndThenTheEnd() {
    assertEquals(Verdict.NEXT, receiver.check(sender.wrap(PONG)));
    assertEquals(Verdict.NEXT, receiver.check(sender.wrap(PONG)));
    assertEquals(Verdict.END, receiver.check(sender.end()));
  }

  @Test
  void aMessageThatComesTwiceIsStale() {
    Envelope first = sender.wrap(PONG);
    receiver.check(first);
    assertEquals(Verdict.STALE, receiver.check(first));
  }

  @Test
  void aLostMessageIsAGap() {
    sender.wrap(PONG);
    assertEquals(Verdict.GAP, receiver.check(sender.wrap(PONG)));
  }

  @Test
  void messagesOfOtherSessionsTermsAndClustersAreStale() {
    assertEquals(Verdict.STALE, receiver.check(new LinkSession("c", 3, "older").wrap(PONG)));
    assertEquals(Verdict.STALE, receiver.check(new LinkSession("c", 2, "s").wrap(PONG)));
    assertEquals(Verdict.STALE, receiver.check(new LinkSession("d", 3, "s").wrap(PONG)));
    assertEquals(Verdict.NEXT, receiver.check(sender.wrap(PONG)));
  }
}
