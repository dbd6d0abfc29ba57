package io.meseta.master.core;

/**
 * How much is on its way to one stream's far end (D-6). Sizes are those of the encoded events in
 * protobuf, whatever the stream's own encoding is. Age is measured by one mark at a time: a mark is
 * set when something is sent and nothing was on its way, or when everything before the last mark
 * has arrived; so the age found is at most the true one and at least half of it.
 */
final class StreamBudget {
  private final long limitBytes;
  private long sentBytes;
  private long arrivedBytes;
  private long markBytes;
  private long markNanos;

  StreamBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  void sent(long bytes, long nowNanos) {
    boolean idle = arrivedBytes == sentBytes;
    sentBytes += bytes;
    if (idle) {
      mark(nowNanos);
    }
  }

  /** The far end has so many bytes in all; older news than what is known is ignored. */
  void arrived(long totalBytes, long nowNanos) {
    arrivedBytes = Math.min(sentBytes, Math.max(arrivedBytes, totalBytes));
    if (arrivedBytes >= markBytes && arrivedBytes < sentBytes) {
      mark(nowNanos);
    }
  }

  private void mark(long nowNanos) {
    markBytes = sentBytes;
    markNanos = nowNanos;
  }

  long outstandingBytes() {
    return sentBytes - arrivedBytes;
  }

  boolean isFull() {
    return outstandingBytes() > limitBytes;
  }

  boolean isHalfFull() {
    return outstandingBytes() > limitBytes / 2;
  }

  /**
   * Enough has drained that offers may flow again; below the mark of congestion, so that it does
   * not flap.
   */
  boolean isRelaxed() {
    return outstandingBytes() <= limitBytes / 4;
  }

  /** How long the far end has been without progress, 0 if nothing is on its way. */
  long stalledNanos(long nowNanos) {
    return outstandingBytes() == 0 ? 0 : nowNanos - markNanos;
  }
}
