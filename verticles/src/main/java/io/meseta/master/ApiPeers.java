package io.meseta.master;

import io.meseta.bus.Bus;
import io.meseta.master.core.MasterEffect;
import io.meseta.master.core.MasterInput;
import io.meseta.master.core.StreamAddress;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The API instances that the master knows, and what is to be told to each at the end of this tick
 * (D-5). Belongs to the master's context.
 */
final class ApiPeers {
  private record Key(String node, int instance) {}

  private static final class Peer {
    private final Set<Long> streams = new LinkedHashSet<>();
    private List<MasterEffect> effects = new ArrayList<>();
    private boolean dirty;
  }

  private final Bus bus;
  private final Context context;
  private final Consumer<MasterInput.StreamClosed> lost;
  private final Map<Key, Peer> peers = new LinkedHashMap<>();
  private long epoch;
  private Standing standing = Standing.UNKNOWN;
  private boolean flushing;

  /**
   * @param lost hears of each stream that ended because its instance did
   */
  ApiPeers(Bus bus, Context context, Consumer<MasterInput.StreamClosed> lost) {
    this.bus = bus;
    this.context = context;
    this.lost = lost;
  }

  /** Tells everybody where the master stands. */
  void announce(long newEpoch, Standing newStanding) {
    epoch = newEpoch;
    standing = newStanding;
    peers.keySet().forEach(key -> touch(peer(key)));
  }

  /** A new instance, or one that begins anew: what it held before is gone. */
  void attach(FromApi.Attach attach) {
    Key key = new Key(attach.node(), attach.instance());
    detach(key, MasterInput.CloseCause.API_LOST);
    touch(peer(key));
  }

  void detach(FromApi.Detach detach) {
    detach(new Key(detach.node(), detach.instance()), MasterInput.CloseCause.SHUTDOWN);
  }

  private void detach(Key key, MasterInput.CloseCause cause) {
    Peer gone = peers.remove(key);
    if (gone != null) {
      for (long stream : gone.streams) {
        lost.accept(
            new MasterInput.StreamClosed(
                new StreamAddress(key.node(), key.instance(), stream), cause));
      }
    }
  }

  void opened(StreamAddress stream) {
    peer(keyOf(stream)).streams.add(stream.stream());
  }

  void closed(StreamAddress stream) {
    peer(keyOf(stream)).streams.remove(stream.stream());
  }

  void answer(MasterEffect.Answer answer) {
    add(new Key(answer.request().node(), answer.request().instance()), answer);
  }

  void send(MasterEffect.Send send) {
    add(keyOf(send.stream()), send);
  }

  void close(MasterEffect.CloseStream close) {
    closed(close.stream());
    add(keyOf(close.stream()), close);
  }

  /** Ends every stream, and hears that each has ended by our shutdown. */
  void closeAll() {
    for (Map.Entry<Key, Peer> entry : List.copyOf(peers.entrySet())) {
      Key key = entry.getKey();
      for (long stream : List.copyOf(entry.getValue().streams)) {
        StreamAddress address = new StreamAddress(key.node(), key.instance(), stream);
        close(new MasterEffect.CloseStream(address));
        lost.accept(new MasterInput.StreamClosed(address, MasterInput.CloseCause.SHUTDOWN));
      }
    }
  }

  private static Key keyOf(StreamAddress stream) {
    return new Key(stream.node(), stream.instance());
  }

  private Peer peer(Key key) {
    return peers.computeIfAbsent(key, missing -> new Peer());
  }

  private void add(Key key, MasterEffect effect) {
    // What was meant for an instance that is gone goes nowhere.
    Peer peer = peers.get(key);
    if (peer != null) {
      peer.effects.add(effect);
      touch(peer);
    }
  }

  private void touch(Peer peer) {
    peer.dirty = true;
    if (!flushing) {
      flushing = true;
      context.runOnContext(tick -> flush());
    }
  }

  /** Sends what is due; at once when the master stops, else at the end of the tick. */
  void flush() {
    flushing = false;
    for (Map.Entry<Key, Peer> entry : List.copyOf(peers.entrySet())) {
      Peer peer = entry.getValue();
      if (peer.dirty) {
        peer.dirty = false;
        List<MasterEffect> effects = peer.effects;
        peer.effects = new ArrayList<>();
        Key key = entry.getKey();
        bus.send(
                MasterAddresses.API,
                MasterAddresses.API.at(key.node(), key.instance()),
                new ToApi(epoch, standing, effects))
            .onFailure(
                gone -> {
                  if (peers.get(key) == peer) {
                    detach(key, MasterInput.CloseCause.API_LOST);
                  }
                });
      }
    }
  }
}
