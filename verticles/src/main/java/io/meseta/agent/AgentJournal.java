package io.meseta.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import io.meseta.agent.core.AgentState;
import io.meseta.log.journal.FileDisk;
import io.meseta.log.journal.Journal;
import io.meseta.log.journal.JournalOptions;
import io.meseta.log.journal.JournalWriter;
import io.meseta.log.journal.SegmentedJournal;
import io.meseta.schema.internal.v1.AgentJournalRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * The agent's journal (D-15): appends in order, in groups, and a snapshot of what still counts now
 * and then. All methods belong to the owner's thread, except {@link #open} and {@link #close},
 * which block.
 */
final class AgentJournal {
  /** After so many records the journal is compacted. */
  static final int RECORDS_PER_SNAPSHOT = 10_000;

  /** Groups on their way to the disk; what comes meanwhile makes the next group. */
  static final int MAX_GROUPS_UNDER_WAY = 16;

  /** Records of one group. */
  static final int MAX_RECORDS_PER_GROUP = 1_000;

  private record Entry(long number, AgentJournalRecord record) {}

  private final JournalWriter writer;

  /** What is durable adds up to this. */
  private final AgentState durable;

  private final LongConsumer onDurable;
  private final Consumer<String> onFailure;
  private final Deque<Entry> waiting = new ArrayDeque<>();
  private int underWay;
  private int recordsSinceSnapshot;
  private boolean failed;

  private AgentJournal(
      JournalWriter writer,
      AgentState durable,
      LongConsumer onDurable,
      Consumer<String> onFailure) {
    this.writer = writer;
    this.durable = durable;
    this.onDurable = onDurable;
    this.onFailure = onFailure;
  }

  /** A journal on disk that was read to its end. */
  record Opened(Journal journal, AgentState durable) {
    /** What the agent starts from: a copy, since the journal goes on with its own. */
    AgentState state() {
      return AgentState.of(durable.records());
    }

    /**
     * Begins to write.
     *
     * @param owner runs the callbacks
     * @param onDurable gets the number of each durable record, in order
     * @param onFailure the journal takes no more records
     */
    AgentJournal write(Executor owner, LongConsumer onDurable, Consumer<String> onFailure) {
      return new AgentJournal(
          new JournalWriter("agent", journal, owner), durable, onDurable, onFailure);
    }
  }

  /**
   * Opens the journal of a directory and reads it.
   *
   * @throws IOException if it is in use, damaged or of a newer version; the message says which
   */
  static Opened open(Path directory) throws IOException {
    Journal journal = SegmentedJournal.open(FileDisk.open(directory), JournalOptions.DEFAULT);
    try {
      AgentState state = new AgentState();
      long position = 0;
      Journal.Snapshot snapshot = journal.latestSnapshot().orElse(null);
      if (snapshot != null) {
        for (byte[] record : snapshot.state()) {
          apply(state, record);
        }
        position = snapshot.position();
      }
      journal.readAfter(position, (at, record) -> apply(state, record));
      return new Opened(journal, state);
    } catch (IOException | RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  private static void apply(AgentState state, byte[] bytes) throws IOException {
    try {
      state.apply(AgentJournalRecord.parseFrom(bytes));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  void append(long number, AgentJournalRecord record) {
    waiting.add(new Entry(number, record));
  }

  /** Sends what was appended on its way. */
  void flush() {
    while (!waiting.isEmpty() && underWay < MAX_GROUPS_UNDER_WAY && !failed) {
      List<Entry> group = new ArrayList<>();
      List<byte[]> bytes = new ArrayList<>();
      while (!waiting.isEmpty() && group.size() < MAX_RECORDS_PER_GROUP) {
        Entry entry = waiting.remove();
        group.add(entry);
        bytes.add(entry.record().toByteArray());
      }
      underWay++;
      writer.append(bytes, result -> appended(group, result));
    }
  }

  private void appended(List<Entry> group, JournalWriter.Result result) {
    underWay--;
    switch (result) {
      case JournalWriter.Result.Committed committed -> {
        group.forEach(entry -> durable.apply(entry.record()));
        recordsSinceSnapshot += group.size();
        if (recordsSinceSnapshot >= RECORDS_PER_SNAPSHOT) {
          snapshot(committed.position());
        }
        group.forEach(entry -> onDurable.accept(entry.number()));
        flush();
      }
      case JournalWriter.Result.Refused refused -> fail(refused.reason());
      case JournalWriter.Result.Failed broken -> fail(broken.reason());
    }
  }

  private void snapshot(long position) {
    recordsSinceSnapshot = 0;
    List<AgentJournalRecord> records = durable.records();
    writer.snapshot(
        position,
        () -> records.stream().map(AgentJournalRecord::toByteArray).toList(),
        result -> {
          if (result instanceof JournalWriter.Result.Failed broken) {
            fail(broken.reason());
          }
        });
  }

  private void fail(String reason) {
    if (!failed) {
      failed = true;
      onFailure.accept("The agent's journal cannot be written: " + reason);
    }
  }

  /** Writes what is under way and closes the journal. Blocks. */
  void close() throws IOException {
    writer.close();
  }
}
