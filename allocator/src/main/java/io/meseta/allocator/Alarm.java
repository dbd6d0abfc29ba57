package io.meseta.allocator;

/** What the allocator wakes up for. */
sealed interface Alarm permits Alarm.Batch, OfferFilter {
  /** The periodic run for all agents. */
  record Batch() implements Alarm {}
}
