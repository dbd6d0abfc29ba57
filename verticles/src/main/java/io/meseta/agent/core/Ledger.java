package io.meseta.agent.core;

import io.meseta.schema.internal.v1.AgentJournalRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Numbers what goes into the journal and knows what is durable, and who waits for it. */
final class Ledger {
  /** What happens when a record is durable. */
  sealed interface Then {
    /** A stream may go on. */
    record Stream(long requestId) implements Then {}

    /** The launch of a container may go on. */
    record Launch(String containerId) implements Then {}

    /** The end of a container is recorded, so the supervisor need not remember it. */
    record Destroy(String containerId) implements Then {}
  }

  private final Map<Long, Then> waiting = new LinkedHashMap<>();
  private long lastRecord;
  private long durable;

  /** Writes a record that nobody waits for; returns its number. */
  long write(Turn turn, AgentJournalRecord.Builder record) {
    lastRecord++;
    turn.emit(
        new AgentEffect.Persist(lastRecord, record.setWrittenAtNanos(turn.nowNanos()).build()));
    return lastRecord;
  }

  long write(Turn turn, AgentJournalRecord.Builder record, Then then) {
    long number = write(turn, record);
    waiting.put(number, then);
    return number;
  }

  /** The record is durable; gives what waited for it. */
  Optional<Then> durable(long record) {
    durable = Math.max(durable, record);
    return Optional.ofNullable(waiting.remove(record));
  }

  boolean isDurable(long record) {
    return record <= durable;
  }

  /** Whether everything that was written is durable. */
  boolean settled() {
    return durable == lastRecord;
  }
}
