package io.meseta.master.core;

import io.meseta.allocator.AllocatorInput;
import io.meseta.kernel.LogLine;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.internal.v1.RegistryOperation;
import io.meseta.schema.v1.scheduler.Event;

/** What a master wants done, in this order. */
public sealed interface MasterEffect {
  /** Answers a call. {@code text} is empty for 202. */
  record Answer(RequestAddress request, int status, String text) implements MasterEffect {}

  /** One event for one stream; the API side encodes it. */
  record Send(StreamAddress stream, Event event) implements MasterEffect {}

  /** Ends a stream after what was sent on it. */
  record CloseStream(StreamAddress stream) implements MasterEffect {}

  record ToAgent(String session, MasterToAgent message) implements MasterEffect {}

  /** Cuts an agent's link after what was sent on it. */
  record CloseLink(String session, String reason) implements MasterEffect {}

  record ToAllocator(AllocatorInput input) implements MasterEffect {}

  /**
   * Makes a change durable; {@code Committed} or {@code NotCommitted} comes back with the number.
   */
  record Append(long operation, RegistryOperation entry) implements MasterEffect {}

  /** One mutation of the books, for everybody who follows them (D-8). */
  record Publish(Change change) implements MasterEffect {}

  /** The registry cannot be written any more: this master must stop leading (D-12). */
  record Resign(String reason) implements MasterEffect {}

  record Log(LogLine line) implements MasterEffect {}
}
