package io.meseta.log.registry;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.meseta.log.journal.Journal;
import io.meseta.log.journal.JournalWriter;
import io.meseta.schema.internal.v1.RegistryOperation;
import io.meseta.schema.internal.v1.RegistrySnapshot;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The registry on a journal of this machine: reads it, and carries out the effects that concern the
 * disk. Used by the shell that owns the {@link Registry}.
 */
public final class RegistryStorage {
  private final JournalWriter writer;
  private final Consumer<RegistryInput> registry;

  /**
   * @param writer delivers on the owner's context
   * @param registry feeds an input to the core, on the owner's context
   */
  public RegistryStorage(JournalWriter writer, Consumer<RegistryInput> registry) {
    this.writer = writer;
    this.registry = registry;
  }

  /**
   * Reads the newest snapshot and the records behind it. Blocks; before the writer is started.
   *
   * @throws IOException naming the position of a record that cannot be understood or applied
   */
  public static RegistryInput.Recovered recover(Journal journal) throws IOException {
    Optional<Journal.Snapshot> snapshot = journal.latestSnapshot();
    long from = snapshot.map(Journal.Snapshot::position).orElse(0L);
    Replay replay = new Replay(snapshot.isPresent() ? decode(snapshot.get()) : RegistryState.EMPTY);
    journal.readAfter(from, replay);
    return new RegistryInput.Recovered(replay.state, journal.lastPosition(), from);
  }

  private static RegistryState decode(Journal.Snapshot snapshot) throws IOException {
    RegistrySnapshot.Builder merged = RegistrySnapshot.newBuilder();
    try {
      for (byte[] slice : snapshot.state()) {
        merged.mergeFrom(slice);
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IOException(
          "the registry's snapshot of position " + snapshot.position() + " cannot be decoded", e);
    }
    return RegistryState.of(merged.build());
  }

  private static final class Replay implements Journal.RecordConsumer {
    private RegistryState state;

    Replay(RegistryState state) {
      this.state = state;
    }

    @Override
    public void accept(long position, byte[] record) throws IOException {
      RegistryOperation operation;
      try {
        operation = RegistryOperation.parseFrom(record);
      } catch (InvalidProtocolBufferException e) {
        throw new IOException("the registry's record " + position + " cannot be decoded", e);
      }
      switch (Operations.apply(state, operation)) {
        case Outcome.Changed(RegistryState after) -> state = after;
        case Outcome.Unchanged unchanged -> {}
        case Outcome.Refused(String reason) ->
            throw new IOException(
                "the registry's record " + position + " does not apply: " + reason);
      }
    }
  }

  /** Carries out an append; the outcome comes back as an input. */
  public void append(RegistryEffect.Append append) {
    writer.append(
        append.operations().stream().map(MessageLite::toByteArray).toList(),
        result ->
            registry.accept(
                switch (result) {
                  case JournalWriter.Result.Committed(long position) ->
                      new RegistryInput.Committed(append.batchId(), position);
                  case JournalWriter.Result.Refused(String reason) ->
                      new RegistryInput.Failed(reason);
                  case JournalWriter.Result.Failed(String reason) ->
                      new RegistryInput.Failed(reason);
                }));
  }

  /** Carries out a snapshot, encoding it on the journal's thread; only a failure comes back. */
  public void snapshot(RegistryEffect.Snapshot snapshot) {
    writer.snapshot(
        snapshot.position(),
        () -> snapshot.state().slices().stream().map(MessageLite::toByteArray).toList(),
        result -> {
          if (result instanceof JournalWriter.Result.Failed(String reason)) {
            registry.accept(new RegistryInput.Failed(reason));
          }
        });
  }
}
