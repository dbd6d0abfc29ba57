package io.meseta.master;

import io.meseta.kernel.Clock;
import io.meseta.log.journal.FileDisk;
import io.meseta.log.journal.Journal;
import io.meseta.log.journal.JournalOptions;
import io.meseta.log.journal.JournalWriter;
import io.meseta.log.journal.SegmentedJournal;
import io.meseta.log.registry.Registry;
import io.meseta.log.registry.RegistryEffect;
import io.meseta.log.registry.RegistryInput;
import io.meseta.log.registry.RegistryState;
import io.meseta.log.registry.RegistryStorage;
import io.meseta.schema.internal.v1.RegistryOperation;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a {@link Registry} its disk and its time: a journal of this machine in a directory of its
 * own (D-11). Belongs to the master's context.
 */
final class RegistryShell {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryShell.class);

  /** Who asked for changes hears how they ended, in the order in which they were asked for. */
  interface Listener {
    void committed(long operation);

    void notCommitted(long operation, String reason);

    /** The registry takes nothing any more: whoever leads must stop (REG-4). */
    void aborted(String reason);
  }

  private final Vertx vertx;
  private final Context owner;
  private final Clock clock;
  private final Listener listener;
  private final Registry registry;
  private final WakeUp wakeUp;
  private final JournalWriter writer;
  private final RegistryStorage storage;
  private final Deque<RegistryInput> inputs = new ArrayDeque<>();
  private final List<Promise<Void>> idle = new ArrayList<>();
  private boolean handling;
  private boolean closed;

  private RegistryShell(
      Vertx vertx, Clock clock, Journal journal, RegistryInput.Recovered state, Listener listener) {
    this.vertx = vertx;
    this.owner = vertx.getOrCreateContext();
    this.clock = clock;
    this.listener = listener;
    this.registry = new Registry(clock.nanos());
    this.wakeUp = new WakeUp(vertx, clock, this::onTime);
    this.writer =
        new JournalWriter("registry", journal, task -> owner.runOnContext(turn -> task.run()));
    this.storage = new RegistryStorage(writer, this::feed);
    feed(state);
  }

  /**
   * Reads the registry of a directory, or begins a new one. To be called on the master's context.
   *
   * @return fails if the directory is in use, not writable, or damaged
   */
  static Future<RegistryShell> open(Vertx vertx, Clock clock, Path directory, Listener listener) {
    record Opened(Journal journal, RegistryInput.Recovered state) {}
    return vertx
        .executeBlocking(
            () -> {
              Journal journal =
                  SegmentedJournal.open(FileDisk.open(directory), JournalOptions.DEFAULT);
              try {
                return new Opened(journal, RegistryStorage.recover(journal));
              } catch (IOException | RuntimeException e) {
                journal.close();
                throw e;
              }
            },
            false)
        .map(opened -> new RegistryShell(vertx, clock, opened.journal(), opened.state(), listener));
  }

  /** What is durable. */
  RegistryState state() {
    return registry.state();
  }

  /** Makes a change durable; the listener hears of it. */
  void append(long operation, RegistryOperation entry) {
    feed(new RegistryInput.Apply(operation, entry));
  }

  /** Completes when every change so far is answered, or the registry has given up. */
  Future<Void> settled() {
    if (registry.queuedOperations() == 0) {
      return Future.succeededFuture();
    }
    Promise<Void> promise = Promise.promise();
    idle.add(promise);
    return promise.future();
  }

  /** Writes what is waiting and gives up the directory. */
  Future<Void> close() {
    closed = true;
    wakeUp.cancel();
    return vertx.executeBlocking(
        () -> {
          writer.close();
          return null;
        },
        false);
  }

  /** What an effect leads to may come back before the effects of this input are all carried out. */
  private void feed(RegistryInput input) {
    if (closed) {
      return;
    }
    inputs.add(input);
    if (handling) {
      return;
    }
    handling = true;
    try {
      @Nullable RegistryInput next = inputs.poll();
      while (next != null) {
        List<RegistryEffect> effects = new ArrayList<>();
        registry.on(next, clock.nanos(), effects::add);
        effects.forEach(this::carryOut);
        next = inputs.poll();
      }
    } finally {
      handling = false;
    }
    settle();
  }

  private void onTime() {
    List<RegistryEffect> effects = new ArrayList<>();
    registry.onTime(clock.nanos(), effects::add);
    effects.forEach(this::carryOut);
    settle();
  }

  private void settle() {
    wakeUp.at(closed ? Long.MAX_VALUE : registry.wakeUpNanos());
    if (registry.queuedOperations() == 0) {
      List<Promise<Void>> waiting = List.copyOf(idle);
      idle.clear();
      waiting.forEach(Promise::complete);
    }
  }

  private void carryOut(RegistryEffect effect) {
    switch (effect) {
      case RegistryEffect.Append append -> storage.append(append);
      case RegistryEffect.Snapshot snapshot -> storage.snapshot(snapshot);
      case RegistryEffect.Committed committed -> listener.committed(committed.opId());
      case RegistryEffect.Rejected rejected ->
          listener.notCommitted(rejected.opId(), rejected.reason());
      case RegistryEffect.Aborted(String reason) -> {
        LOG.atError()
            .addKeyValue("reason", reason)
            .log("the registry cannot be written any more: this master stops leading");
        listener.aborted(reason);
      }
    }
  }
}
