package io.meseta.log.streams;

import io.meseta.kernel.Effects;
import io.meseta.kernel.Timers;
import io.meseta.log.streams.StreamEffect.Accepted;
import io.meseta.log.streams.StreamEffect.Acknowledged;
import io.meseta.log.streams.StreamEffect.Closed;
import io.meseta.log.streams.StreamEffect.Forward;
import io.meseta.log.streams.StreamEffect.Ignored;
import io.meseta.log.streams.StreamEffect.Persist;
import io.meseta.log.streams.StreamEffect.Refused;
import io.meseta.log.streams.UpdateStream.Pending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All update streams of one owner (decision D-14). Each key has a stream; only its oldest update is
 * on its way, and is sent again after 10 s, 20 s, … 10 min until it is acknowledged (U-3). An
 * update is made durable first, then its sender is told that it is safe, then it may be sent
 * (D-15); an acknowledgement is made durable before the next update is sent.
 *
 * <p>So every accepted update arrives at least once and in order, across restarts; whoever drops
 * known uuids sees each exactly once. A core of the shape of D-3 in form of methods, owned by the
 * core that holds it; not thread-safe.
 */
public final class UpdateStreams<K, U> {
  /** The first wait for an acknowledgement, and the longest (U-3). */
  public static final Duration FIRST_RETRY = Duration.ofSeconds(10);

  public static final Duration LAST_RETRY = Duration.ofMinutes(10);

  /**
   * Updates of one stream that may wait for acknowledgement; further ones are refused, except that
   * a terminal one always finds a place.
   */
  public static final int MAX_PENDING = 1_000;

  /** Acknowledged uuids that a stream remembers in order to recognize duplicates. */
  public static final int REMEMBERED_UUIDS = 1_000;

  /** The same for all closed streams together. */
  public static final int REMEMBERED_CLOSED_UUIDS = 10_000;

  private final UpdateTraits<K, U> traits;
  private final Map<K, UpdateStream<K, U>> streams = new LinkedHashMap<>();
  private final Map<Long, StreamRecord<K, U>> persisting = new HashMap<>();
  private final Timers<K> retries = new Timers<>();
  private final RecentUuids closed = new RecentUuids(REMEMBERED_CLOSED_UUIDS);
  private long nextRequestId = 1;
  private boolean paused = true;

  /** Empty and paused (U-9). */
  public UpdateStreams(UpdateTraits<K, U> traits) {
    this.traits = traits;
  }

  /**
   * Takes an update from its sender.
   *
   * @param durable whether the stream survives a restart (U-13); the same for all its updates
   */
  public void accept(
      U update, boolean durable, long nowNanos, Effects<? super StreamEffect<K, U>> effects) {
    K key = traits.key(update);
    UUID uuid = traits.uuid(update);
    UpdateStream<K, U> stream = streams.get(key);
    if (stream == null && closed.contains(uuid)) {
      effects.emit(new Accepted<>(key, uuid)); // its first acceptance did not reach the sender
      return;
    }
    if (stream != null && !admit(stream, update, uuid, durable, effects)) {
      return;
    }
    if (stream == null) {
      stream = new UpdateStream<>(key, durable);
      streams.put(key, stream);
    }
    stream.add(new Pending<>(update, uuid, nowNanos, false), traits.terminal(update));
    request(stream, new StreamRecord.Update<>(key, uuid, update), nowNanos, effects);
  }

  /** Whether an update is news for an existing stream; otherwise it has been answered. */
  private boolean admit(
      UpdateStream<K, U> stream,
      U update,
      UUID uuid,
      boolean durable,
      Effects<? super StreamEffect<K, U>> effects) {
    Pending<U> known = stream.find(uuid);
    if (known != null && !known.persisted) {
      return false; // answered when it is durable
    }
    if (stream.knows(uuid) || stream.terminal()) {
      effects.emit(new Accepted<>(stream.key, uuid)); // U-5, U-6: so that the sender stops
      return false;
    }
    if (stream.durable != durable) {
      effects.emit(
          new Refused<>(
              stream.key,
              uuid,
              stream.durable
                  ? "the stream is checkpointed but the update is not to be"
                  : "the stream is not checkpointed but the update is to be"));
      return false;
    }
    if (stream.size() >= MAX_PENDING && !traits.terminal(update)) {
      effects.emit(
          new Refused<>(stream.key, uuid, MAX_PENDING + " updates wait for acknowledgement"));
      return false;
    }
    return true;
  }

  private void request(
      UpdateStream<K, U> stream,
      StreamRecord<K, U> record,
      long nowNanos,
      Effects<? super StreamEffect<K, U>> effects) {
    if (stream.durable) {
      long id = nextRequestId++;
      persisting.put(id, record);
      effects.emit(new Persist<>(id, record));
    } else {
      durable(stream, record, nowNanos, effects);
    }
  }

  /** The record of {@link Persist} with this request id is durable. */
  public void persisted(
      long requestId, long nowNanos, Effects<? super StreamEffect<K, U>> effects) {
    StreamRecord<K, U> record = persisting.remove(requestId);
    UpdateStream<K, U> stream = record == null ? null : streams.get(record.key());
    if (record != null && stream != null) {
      durable(stream, record, nowNanos, effects);
    }
  }

  private void durable(
      UpdateStream<K, U> stream,
      StreamRecord<K, U> record,
      long nowNanos,
      Effects<? super StreamEffect<K, U>> effects) {
    switch (record) {
      case StreamRecord.Update<K, U> update -> {
        Pending<U> pending = stream.find(update.uuid());
        if (pending == null) {
          return; // of a stream that was closed and opened again meanwhile
        }
        pending.persisted = true;
        effects.emit(new Accepted<>(stream.key, update.uuid()));
        if (pending == stream.head()) {
          forward(stream, nowNanos, effects);
        }
      }
      case StreamRecord.Acknowledgement<K, U> acknowledgement -> {
        Pending<U> head = stream.head();
        if (head == null || !head.uuid.equals(acknowledgement.uuid())) {
          return; // as above
        }
        effects.emit(new Acknowledged<>(stream.key, stream.pop().update));
        if (traits.terminal(head.update)) {
          remove(stream);
          effects.emit(new Closed<>(stream.key));
        } else {
          forward(stream, nowNanos, effects);
        }
      }
    }
  }

  private void forward(
      UpdateStream<K, U> stream, long nowNanos, Effects<? super StreamEffect<K, U>> effects) {
    Pending<U> head = stream.sendable();
    if (paused || head == null) {
      return;
    }
    long delayNanos = stream.sent();
    retries.set(stream.key, nowNanos + delayNanos);
    effects.emit(new Forward<>(stream.key, head.update, stream.attempts()));
  }

  /** The receiver has acknowledged an update. Whether the sender may do so was checked before. */
  public void acknowledge(
      K key, UUID uuid, long nowNanos, Effects<? super StreamEffect<K, U>> effects) {
    UpdateStream<K, U> stream = streams.get(key);
    String refusal = refusal(stream, uuid);
    if (stream == null || refusal != null) {
      effects.emit(new Ignored<>(key, uuid, String.valueOf(refusal)));
      return;
    }
    stream.beginAcknowledging();
    retries.cancel(key);
    request(stream, new StreamRecord.Acknowledgement<>(key, uuid), nowNanos, effects);
  }

  /** Why an acknowledgement means nothing (U-7). */
  private @Nullable String refusal(@Nullable UpdateStream<K, U> stream, UUID uuid) {
    if (stream == null) {
      return "there is no such stream";
    }
    Pending<U> head = stream.head();
    if (stream.acknowledged().contains(uuid)
        || (stream.acknowledging() && head != null && head.uuid.equals(uuid))) {
      return "it was acknowledged before";
    }
    if (head == null || !head.uuid.equals(uuid) || !head.persisted) {
      return "this is not the update that was sent last";
    }
    return null;
  }

  /** Nothing is sent until {@link #resume}: there is nobody to receive it. */
  public void pause() {
    paused = true;
    streams.keySet().forEach(retries::cancel);
  }

  public boolean paused() {
    return paused;
  }

  /** Sends the head of every stream at once, with a fresh retry interval. */
  public void resume(long nowNanos, Effects<? super StreamEffect<K, U>> effects) {
    paused = false;
    resend(key -> true, nowNanos, effects);
  }

  /** The same for some streams, unless paused: their receiver is a new one (U-9). */
  public void resend(
      Predicate<? super K> which, long nowNanos, Effects<? super StreamEffect<K, U>> effects) {
    for (UpdateStream<K, U> stream : streams.values()) {
      if (which.test(stream.key)) {
        stream.resetRetry();
        forward(stream, nowNanos, effects);
      }
    }
  }

  /** Sends again what is due. */
  public void onTime(long nowNanos, Effects<? super StreamEffect<K, U>> effects) {
    for (Optional<K> due = retries.pollDue(nowNanos);
        due.isPresent();
        due = retries.pollDue(nowNanos)) {
      UpdateStream<K, U> stream = streams.get(due.get());
      if (stream != null) {
        forward(stream, nowNanos, effects);
      }
    }
  }

  /** When {@link #onTime} has something to do, or {@link Long#MAX_VALUE}. */
  public long wakeUpNanos() {
    return retries.nextNanos();
  }

  /** Forgets a stream with all its updates (U-14); false if there is none. */
  public boolean close(K key) {
    UpdateStream<K, U> stream = streams.get(key);
    if (stream == null) {
      return false;
    }
    for (Iterator<Pending<U>> pending = stream.pending(); pending.hasNext(); ) {
      closed.add(pending.next().uuid);
    }
    remove(stream);
    return true;
  }

  private void remove(UpdateStream<K, U> stream) {
    streams.remove(stream.key);
    retries.cancel(stream.key);
    stream.acknowledged().all().forEach(closed::add);
  }

  /**
   * Rebuilds streams from durable records, before anything else is called. Records that a snapshot
   * and the tail behind it both hold are taken once.
   */
  public void replay(Iterable<StreamRecord<K, U>> records, long nowNanos) {
    for (StreamRecord<K, U> record : records) {
      switch (record) {
        case StreamRecord.Update<K, U> update -> replay(update, nowNanos);
        case StreamRecord.Acknowledgement<K, U> acknowledgement -> replay(acknowledgement);
      }
    }
  }

  private void replay(StreamRecord.Update<K, U> record, long nowNanos) {
    UpdateStream<K, U> stream = streams.get(record.key());
    if (stream == null ? closed.contains(record.uuid()) : stream.knows(record.uuid())) {
      return;
    }
    if (stream == null) {
      stream = new UpdateStream<>(record.key(), true);
      streams.put(record.key(), stream);
    }
    stream.add(
        new Pending<>(record.update(), record.uuid(), nowNanos, true),
        traits.terminal(record.update()));
  }

  private void replay(StreamRecord.Acknowledgement<K, U> record) {
    if (closed.contains(record.uuid())) {
      return;
    }
    UpdateStream<K, U> stream =
        streams.computeIfAbsent(record.key(), key -> new UpdateStream<>(key, true));
    Pending<U> head = stream.head();
    if (head == null || !head.uuid.equals(record.uuid())) {
      stream.rememberAcknowledged(record.uuid());
    } else if (traits.terminal(stream.pop().update)) {
      remove(stream);
    }
  }

  /** Records that would rebuild the durable streams: for the snapshot of a journal. */
  public List<StreamRecord<K, U>> records() {
    List<StreamRecord<K, U>> records = new ArrayList<>();
    for (UpdateStream<K, U> stream : streams.values()) {
      if (stream.durable) {
        for (UUID uuid : stream.acknowledged().all()) {
          records.add(new StreamRecord.Acknowledgement<>(stream.key, uuid));
        }
        for (Iterator<Pending<U>> i = stream.pending(); i.hasNext(); ) {
          Pending<U> pending = i.next();
          records.add(new StreamRecord.Update<>(stream.key, pending.uuid, pending.update));
        }
      }
    }
    return records;
  }

  /** How one stream is doing. */
  public Optional<StreamView<K>> view(K key) {
    return Optional.ofNullable(streams.get(key)).map(UpdateStreams::view);
  }

  /** How all streams are doing, in the order of their opening. */
  public List<StreamView<K>> views() {
    return streams.values().stream().map(UpdateStreams::view).toList();
  }

  private static <K, U> StreamView<K> view(UpdateStream<K, U> stream) {
    Pending<U> head = stream.head();
    return new StreamView<>(
        stream.key,
        stream.durable,
        stream.terminal(),
        stream.size(),
        stream.attempts(),
        head == null ? Long.MAX_VALUE : head.sinceNanos);
  }

  /** The updates of a stream that are not acknowledged, oldest first. */
  public List<U> pending(K key) {
    List<U> updates = new ArrayList<>();
    UpdateStream<K, U> stream = streams.get(key);
    if (stream != null) {
      stream.pending().forEachRemaining(pending -> updates.add(pending.update));
    }
    return updates;
  }
}
