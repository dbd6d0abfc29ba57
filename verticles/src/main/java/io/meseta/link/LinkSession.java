package io.meseta.link;

import io.meseta.bus.Envelopes;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.Envelope;
import io.meseta.schema.internal.v1.MasterToAgent;

/**
 * One end of one attachment: numbers what it sends and checks the numbers of what it gets. Pure;
 * has one owner.
 *
 * <p>An envelope without a payload ends its session, after everything that was sent before.
 */
final class LinkSession {
  /** What an incoming envelope is good for. */
  enum Verdict {
    /** The next message. */
    NEXT,
    /** The far end has ended the session. */
    END,
    /** It belongs to another session or term and is to be dropped. */
    STALE,
    /** Messages before it are lost: the session is worth nothing any more. */
    GAP
  }

  private final String clusterId;
  private final long epoch;
  private final String session;
  private long sent;
  private long received;

  LinkSession(String clusterId, long epoch, String session) {
    this.clusterId = clusterId;
    this.epoch = epoch;
    this.session = session;
  }

  String name() {
    return session;
  }

  Envelope wrap(AgentToMaster message) {
    return next().setToMaster(message).build();
  }

  Envelope wrap(MasterToAgent message) {
    return next().setToAgent(message).build();
  }

  Envelope end() {
    return next().build();
  }

  private Envelope.Builder next() {
    return Envelope.newBuilder()
        .setClusterId(clusterId)
        .setLeaderEpoch(epoch)
        .setLinkSession(session)
        .setSequence(++sent)
        .setSchemaVersion(Envelopes.SCHEMA_VERSION);
  }

  /** Looks at an envelope that has arrived. */
  Verdict check(Envelope envelope) {
    if (!envelope.getLinkSession().equals(session)
        || envelope.getLeaderEpoch() != epoch
        || !envelope.getClusterId().equals(clusterId)
        || envelope.getSequence() <= received) {
      return Verdict.STALE;
    }
    if (envelope.getSequence() != received + 1) {
      return Verdict.GAP;
    }
    received++;
    return envelope.getPayloadCase() == Envelope.PayloadCase.PAYLOAD_NOT_SET
        ? Verdict.END
        : Verdict.NEXT;
  }
}
