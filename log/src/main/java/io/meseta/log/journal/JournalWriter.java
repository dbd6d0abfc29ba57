package io.meseta.log.journal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes a journal on behalf of an owner who must not block. Appends that
 * arrive while the disk is busy are committed together by the next single force (group commit);
 * nobody waits for a batch to fill.
 *
 * <p>Methods may be called from any thread and do not block, except {@link #close}. Results come
 * back through the owner's executor, in the order of the calls.
 */
public final class JournalWriter implements AutoCloseable {
  /** Appends that may wait for the disk; further ones are refused. */
  public static final int MAX_WAITING_APPENDS = 16_384;

  /** Bytes of records that may wait for the disk; a single larger append is let through alone. */
  public static final long MAX_WAITING_BYTES = 64L << 20;

  /** Appends are gathered into batches up to this size, which a disk takes in about 2 ms. */
  static final long BATCH_BYTES = 1L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);

  /** How an append or a snapshot ended. */
  public sealed interface Result {
    /**
     * Durable.
     *
     * @param position of the last record of the append, or of the snapshot
     */
    record Committed(long position) implements Result {}

    /** Nothing was written, the journal is well: too much is waiting, or the input is too large. */
    record Refused(String reason) implements Result {}

    /** The journal is broken for good and what of this append reached the disk is unknown. */
    record Failed(String reason) implements Result {}
  }

  private sealed interface Job {
    Consumer<? super Result> onResult();

    record Append(List<byte[]> records, long bytes, Consumer<? super Result> onResult)
        implements Job {}

    record Snapshot(long position, Supplier<List<byte[]>> state, Consumer<? super Result> onResult)
        implements Job {}
  }

  private final String name;
  private final Journal journal;
  private final Executor owner;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();

  // Guarded by lock.
  private final Deque<Job> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean closing;

  /**
   * Starts the thread; from now on the journal is its.
   *
   * @param name of the journal, for thread names and log lines
   * @param owner runs the callbacks, for example the owner's event loop context
   */
  public JournalWriter(String name, Journal journal, Executor owner) {
    this.name = name;
    this.journal = journal;
    this.owner = owner;
    this.thread = Thread.ofPlatform().name("meseta-journal-" + name).daemon().start(this::run);
  }

  /** Appends all records or none; {@code onResult} is told when they are durable. */
  public void append(List<byte[]> records, Consumer<? super Result> onResult) {
    long bytes = Frame.sizeOf(records);
    submit(new Job.Append(List.copyOf(records), bytes, onResult), bytes);
  }

  /**
   * Stores a snapshot and truncates what it replaces, after all appends so far.
   *
   * @param position of the last record that went into the state
   * @param state encodes the state; runs on the journal's thread, so it must only read what is
   *     immutable
   */
  public void snapshot(
      long position, Supplier<List<byte[]>> state, Consumer<? super Result> onResult) {
    submit(new Job.Snapshot(position, state, onResult), 0);
  }

  private void submit(Job job, long bytes) {
    Optional<Result> refusal;
    lock.lock();
    try {
      refusal = refusal(bytes);
      if (refusal.isEmpty()) {
        waiting.add(job);
        waitingBytes += bytes;
        work.signal();
      }
    } finally {
      lock.unlock();
    }
    refusal.ifPresent(result -> deliver(job, result));
  }

  private Optional<Result> refusal(long bytes) {
    if (closing) {
      return Optional.of(new Result.Failed("the journal " + name + " is closed"));
    }
    if (waiting.size() >= MAX_WAITING_APPENDS
        || (waitingBytes > 0 && waitingBytes + bytes > MAX_WAITING_BYTES)) {
      return Optional.of(
          new Result.Refused(
              waiting.size() + " appends with " + waitingBytes + " bytes wait for the disk"));
    }
    return Optional.empty();
  }

  private void run() {
    List<Job> batch = new ArrayList<>();
    while (take(batch)) {
      if (batch.getFirst() instanceof Job.Snapshot snapshot) {
        deliver(snapshot, write(snapshot));
      } else {
        commit(batch.stream().map(Job.Append.class::cast).toList());
      }
      batch.clear();
    }
  }

  /** Waits for work; false at the end. A snapshot comes alone, appends as many as fit. */
  private boolean take(List<Job> batch) {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closing) {
        work.awaitUninterruptibly(); // an interrupt would close the file channel
      }
      long bytes = 0;
      while (waiting.peek() instanceof Job.Append next
          && (bytes == 0 || bytes + next.bytes() <= BATCH_BYTES)) {
        batch.add(waiting.remove());
        bytes += next.bytes();
      }
      waitingBytes -= bytes;
      if (batch.isEmpty() && !waiting.isEmpty()) {
        batch.add(waiting.remove());
      }
      return !batch.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private void commit(List<Job.Append> appends) {
    List<byte[]> records = new ArrayList<>();
    appends.forEach(append -> records.addAll(append.records()));
    try {
      long position = journal.append(records) - records.size();
      for (Job.Append append : appends) {
        position += append.records().size();
        deliver(append, new Result.Committed(position));
      }
    } catch (IllegalArgumentException e) {
      refuse(appends, e);
    } catch (IOException | RuntimeException e) {
      Result failed = failed(e);
      appends.forEach(append -> deliver(append, failed));
    }
  }

  /** An append that the journal can never take must not take its neighbours with it. */
  private void refuse(List<Job.Append> appends, IllegalArgumentException reason) {
    if (appends.size() == 1) {
      deliver(appends.getFirst(), new Result.Refused(String.valueOf(reason.getMessage())));
    } else {
      appends.forEach(append -> commit(List.of(append)));
    }
  }

  private Result write(Job.Snapshot snapshot) {
    try {
      journal.snapshot(snapshot.position(), snapshot.state().get());
      journal.truncate(snapshot.position());
      return new Result.Committed(snapshot.position());
    } catch (IllegalArgumentException e) {
      return new Result.Refused(String.valueOf(e.getMessage()));
    } catch (IOException | RuntimeException e) {
      return failed(e);
    }
  }

  private Result failed(Exception e) {
    LOG.atError()
        .addKeyValue("journal", name)
        .addKeyValue("cause", e.toString())
        .log("the journal failed and takes no more records; restart after repairing the disk");
    return new Result.Failed(String.valueOf(e.getMessage()));
  }

  private void deliver(Job job, Result result) {
    try {
      owner.execute(() -> job.onResult().accept(result));
    } catch (RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("journal", name)
          .addKeyValue("cause", e.toString())
          .log("the owner is gone and does not hear of a result");
    }
  }

  /** Writes what is waiting, then closes the journal. Blocks: not for event loops. */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      closing = true;
      work.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    journal.close();
  }
}
