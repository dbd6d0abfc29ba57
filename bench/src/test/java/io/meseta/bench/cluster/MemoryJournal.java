package io.meseta.bench.cluster;

import io.meseta.log.journal.Journal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is durable of a journal: records in memory that outlive the machine's crashes. */
final class MemoryJournal implements Journal {
  private final List<byte[]> records = new ArrayList<>();
  private Optional<Snapshot> snapshot = Optional.empty();

  @Override
  public long append(List<byte[]> batch) {
    records.addAll(batch);
    return records.size();
  }

  @Override
  public long lastPosition() {
    return records.size();
  }

  @Override
  public Optional<Snapshot> latestSnapshot() {
    return snapshot;
  }

  @Override
  public void readAfter(long position, RecordConsumer consumer) throws IOException {
    for (int i = (int) position; i < records.size(); i++) {
      consumer.accept(i + 1L, records.get(i));
    }
  }

  @Override
  public void snapshot(long position, List<byte[]> state) {
    snapshot = Optional.of(new Snapshot(position, state));
  }

  @Override
  public void truncate(long position) {
    // Memory is not what is short here.
  }

  @Override
  public void close() {
    // Stays readable for the next life.
  }
}
