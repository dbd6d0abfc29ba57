package io.meseta.log.registry;

import io.meseta.kernel.Core;
import io.meseta.kernel.Effects;
import io.meseta.schema.internal.v1.RegistryOperation;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The registry as a core (D-3, D-11). While one batch is on its way to the journal, operations
 * queue; then all of them are applied in order and written as the next batch (REG-3). An
 * operation's effect is visible and answered only when its batch is durable (REG-6). A journal that
 * fails or does not answer in time ends the registry for good: it never tries again (REG-4).
 */
public final class Registry implements Core<RegistryInput, RegistryEffect> {
  /** How long reading and writing the journal may take (REG-1, REG-4). */
  public static final Duration FETCH_TIMEOUT = Duration.ofMinutes(1);

  public static final Duration STORE_TIMEOUT = Duration.ofSeconds(20);

  /** Operations that may wait; further ones are rejected as overload (REG-12). */
  public static final int MAX_QUEUED = 10_000;

  /** The largest operation, and about the largest batch. */
  public static final int MAX_BATCH_BYTES = 8 << 20;

  /** A snapshot is due when so many records, and as many as the state has entries, follow one. */
  public static final int MIN_RECORDS_PER_SNAPSHOT = 1_000;

  private enum Phase {
    RECOVERING,
    READY,
    ABORTED
  }

  /** An operation of the batch in flight, and what it did. */
  private record Applied(long opId, Outcome outcome) {}

  private Phase phase = Phase.RECOVERING;
  private String abortReason = "";
  private RegistryState state = RegistryState.EMPTY;
  private long position;
  private long snapshotPosition;
  private final Deque<RegistryInput.Apply> queue = new ArrayDeque<>();

  // The batch in flight, if applied is not empty.
  private final List<Applied> applied = new ArrayList<>();
  private RegistryState stateAfterBatch = RegistryState.EMPTY;
  private long batchId;

  private long deadlineNanos;

  /** Waits for {@link RegistryInput.Recovered}, at most {@link #FETCH_TIMEOUT} from now. */
  public Registry(long nowNanos) {
    deadlineNanos = nowNanos + FETCH_TIMEOUT.toNanos();
  }

  @Override
  public void on(RegistryInput input, long nowNanos, Effects<? super RegistryEffect> effects) {
    switch (input) {
      case RegistryInput.Recovered recovered -> {
        if (phase == Phase.RECOVERING) {
          recovered(recovered, nowNanos, effects);
        }
      }
      case RegistryInput.Apply apply -> apply(apply, nowNanos, effects);
      case RegistryInput.Committed committed -> {
        if (phase == Phase.READY && !applied.isEmpty() && committed.batchId() == batchId) {
          committed(committed.position(), nowNanos, effects);
        }
      }
      case RegistryInput.Failed failed -> abort(failed.reason(), effects);
    }
  }

  private void recovered(
      RegistryInput.Recovered recovered, long nowNanos, Effects<? super RegistryEffect> effects) {
    phase = Phase.READY;
    state = recovered.state();
    position = recovered.position();
    snapshotPosition = recovered.snapshotPosition();
    deadlineNanos = Long.MAX_VALUE;
    snapshotIfDue(effects);
    next(nowNanos, effects);
  }

  private void apply(
      RegistryInput.Apply apply, long nowNanos, Effects<? super RegistryEffect> effects) {
    int bytes = apply.operation().getSerializedSize();
    if (phase == Phase.ABORTED) {
      reject(apply.opId(), RegistryEffect.Cause.ABORTED, abortReason, effects);
    } else if (bytes > MAX_BATCH_BYTES) {
      reject(
          apply.opId(),
          RegistryEffect.Cause.REFUSED,
          "the operation has " + bytes + " bytes, more than " + MAX_BATCH_BYTES,
          effects);
    } else if (queue.size() >= MAX_QUEUED) {
      reject(
          apply.opId(),
          RegistryEffect.Cause.OVERLOADED,
          MAX_QUEUED + " operations wait for the registry; try again later",
          effects);
    } else {
      queue.add(apply);
      if (phase == Phase.READY && applied.isEmpty()) {
        next(nowNanos, effects);
      }
    }
  }

  /** Applies what is queued; what changes nothing is answered without a write. */
  private void next(long nowNanos, Effects<? super RegistryEffect> effects) {
    while (!queue.isEmpty()) {
      List<RegistryOperation> writes = takeBatch();
      if (!writes.isEmpty()) {
        batchId++;
        deadlineNanos = nowNanos + STORE_TIMEOUT.toNanos();
        effects.emit(new RegistryEffect.Append(batchId, writes));
        return;
      }
      answer(effects);
    }
  }

  private List<RegistryOperation> takeBatch() {
    List<RegistryOperation> writes = new ArrayList<>();
    stateAfterBatch = state;
    long bytes = 0;
    RegistryInput.Apply next;
    while ((next = queue.peek()) != null) {
      bytes += next.operation().getSerializedSize();
      if (bytes > MAX_BATCH_BYTES && !applied.isEmpty()) {
        break;
      }
      queue.remove();
      Outcome outcome = Operations.apply(stateAfterBatch, next.operation());
      applied.add(new Applied(next.opId(), outcome));
      if (outcome instanceof Outcome.Changed(RegistryState after)) {
        stateAfterBatch = after;
        writes.add(next.operation());
      }
    }
    return writes;
  }

  private void committed(
      long committedPosition, long nowNanos, Effects<? super RegistryEffect> effects) {
    state = stateAfterBatch;
    position = committedPosition;
    deadlineNanos = Long.MAX_VALUE;
    answer(effects);
    snapshotIfDue(effects);
    next(nowNanos, effects);
  }

  private void answer(Effects<? super RegistryEffect> effects) {
    for (Applied operation : applied) {
      switch (operation.outcome()) {
        case Outcome.Changed changed ->
            effects.emit(new RegistryEffect.Committed(operation.opId(), true));
        case Outcome.Unchanged unchanged ->
            effects.emit(new RegistryEffect.Committed(operation.opId(), false));
        case Outcome.Refused(String reason) ->
            reject(operation.opId(), RegistryEffect.Cause.REFUSED, reason, effects);
      }
    }
    applied.clear();
  }

  private void snapshotIfDue(Effects<? super RegistryEffect> effects) {
    if (position - snapshotPosition >= Math.max(MIN_RECORDS_PER_SNAPSHOT, state.entries())) {
      snapshotPosition = position;
      effects.emit(new RegistryEffect.Snapshot(position, state));
    }
  }

  private void abort(String reason, Effects<? super RegistryEffect> effects) {
    if (phase == Phase.ABORTED) {
      return;
    }
    phase = Phase.ABORTED;
    abortReason = reason;
    deadlineNanos = Long.MAX_VALUE;
    for (Applied operation : applied) {
      reject(operation.opId(), RegistryEffect.Cause.ABORTED, reason, effects);
    }
    for (RegistryInput.Apply waiting : queue) {
      reject(waiting.opId(), RegistryEffect.Cause.ABORTED, reason, effects);
    }
    applied.clear();
    queue.clear();
    effects.emit(new RegistryEffect.Aborted(reason));
  }

  private static void reject(
      long opId,
      RegistryEffect.Cause cause,
      String reason,
      Effects<? super RegistryEffect> effects) {
    effects.emit(new RegistryEffect.Rejected(opId, cause, reason));
  }

  @Override
  public void onTime(long nowNanos, Effects<? super RegistryEffect> effects) {
    if (nowNanos >= deadlineNanos) {
      abort(
          phase == Phase.RECOVERING
              ? "the registry could not be read within " + FETCH_TIMEOUT.toSeconds() + " s"
              : "the registry could not be written within " + STORE_TIMEOUT.toSeconds() + " s",
          effects);
    }
  }

  @Override
  public long wakeUpNanos() {
    return deadlineNanos;
  }

  /** What is durable. Empty before recovery. */
  public RegistryState state() {
    return state;
  }

  /** The position of the last record in {@link #state}. */
  public long position() {
    return position;
  }

  public boolean recovered() {
    return phase == Phase.READY;
  }

  /** Operations that are not answered, for the metric {@code registrar/queued_operations}. */
  public int queuedOperations() {
    return queue.size() + applied.size();
  }
}
