package io.meseta.executor;

import com.google.protobuf.ByteString;
import io.meseta.executor.ExecutorEffect.Checkpoint;
import io.meseta.executor.ExecutorEffect.Done;
import io.meseta.executor.ExecutorEffect.Signal;
import io.meseta.executor.ExecutorEffect.Spawn;
import io.meseta.executor.ExecutorEffect.Tell;
import io.meseta.executor.ExecutorEffect.Update;
import io.meseta.isolation.containers.CommandLine;
import io.meseta.isolation.containers.WaitStatus;
import io.meseta.kernel.Clock;
import io.meseta.kernel.Core;
import io.meseta.kernel.Effects;
import io.meseta.kernel.Ids;
import io.meseta.kernel.Rng;
import io.meseta.schema.internal.v1.BuiltInExecutorState;
import io.meseta.schema.internal.v1.BuiltInExecutorState.Phase;
import io.meseta.schema.v1.CheckStatusInfo;
import io.meseta.schema.v1.ExecutorID;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import java.time.Duration;
import java.util.Optional;

/**
 * The executor of one task that names none (agent-executor ): starts its command,
 * reports its states, ends it when asked to.
 *
 * <pre>
 * STARTING ──Started──▶ RUNNING ──Kill, Shutdown, max_completion_time──▶ KILLING ──grace over──▶ ESCALATED
 *                          └──────────────────────── Exited ◀────────────────┴───────────────────────┘
 *                                                      ▼
 *                                                  TERMINATED
 * </pre>
 *
 * <p>A KILL in STARTING is not for this class: the agent answers for tasks that were not delivered
 * (A-28).
 */
public final class CommandExecutor implements Core<ExecutorInput, ExecutorEffect> {
  /** The grace period of tasks without a kill policy. */
  public static final Duration DEFAULT_GRACE_PERIOD = Duration.ofSeconds(3);

  private static final int SIGKILL = 9;
  private static final int SIGTERM = 15;

  private final TaskInfo task;
  private final boolean reportsKilling;
  private final Rng rng;

  private Phase phase = Phase.STARTING;
  private int pid;
  private long startedNanos;
  private long killStartedNanos;
  private long killDeadlineNanos = Long.MAX_VALUE;
  private long completionDeadlineNanos = Long.MAX_VALUE;
  private boolean maxCompletionTimeReached;

  /**
   * @param reportsKilling whether the framework has the TASK_KILLING_STATE capability
   * @param rng for the uuids of updates
   */
  public CommandExecutor(TaskInfo task, boolean reportsKilling, Rng rng) {
    this.task = task;
    this.reportsKilling = reportsKilling;
    this.rng = rng;
  }

  /** The executor as it was when it made {@code state}: for an agent that was restarted. */
  public static CommandExecutor recovered(
      TaskInfo task, boolean reportsKilling, Rng rng, BuiltInExecutorState state) {
    CommandExecutor executor = new CommandExecutor(task, reportsKilling, rng);
    executor.phase = state.getPhase();
    executor.pid = state.getPid();
    executor.startedNanos = state.getStartedNanos();
    executor.killStartedNanos = state.getKillStartedNanos();
    executor.killDeadlineNanos =
        executor.phase == Phase.KILLING ? state.getKillDeadlineNanos() : Long.MAX_VALUE;
    executor.maxCompletionTimeReached = state.getMaxCompletionTimeReached();
    if (executor.phase == Phase.RUNNING) {
      executor.armCompletionTimer();
    }
    return executor;
  }

  public Phase phase() {
    return phase;
  }

  /** The task's first process; 0 before there is one. */
  public int pid() {
    return pid;
  }

  @Override
  public void on(ExecutorInput input, long nowNanos, Effects<? super ExecutorEffect> effects) {
    switch (input) {
      case ExecutorInput.Launch _ -> launch(nowNanos, effects);
      case ExecutorInput.Started started -> started(started.pid(), nowNanos, effects);
      case ExecutorInput.NotExecutable failure -> notExecutable(failure, nowNanos, effects);
      case ExecutorInput.Kill kill ->
          kill(kill.gracePeriod().orElseGet(this::ownGracePeriod), nowNanos, effects);
      case ExecutorInput.Shutdown shutdown -> {
        if (phase == Phase.STARTING) {
          phase = Phase.TERMINATED;
          effects.emit(new Done("Executor was shut down before its task started"));
        } else {
          kill(shutdown.gracePeriod(), nowNanos, effects);
        }
      }
      case ExecutorInput.Exited exited -> exited(exited.status(), nowNanos, effects);
    }
  }

  @Override
  public void onTime(long nowNanos, Effects<? super ExecutorEffect> effects) {
    if (nowNanos >= completionDeadlineNanos) {
      maxCompletionTimeReached = true;
      effects.emit(new Tell("Killing the task: it has run for max_completion_time"));
      // no grace, and the framework hears of the end only.
      startKilling(Duration.ZERO, nowNanos, effects);
    } else if (nowNanos >= killDeadlineNanos) {
      escalate(effects);
    }
  }

  @Override
  public long wakeUpNanos() {
    return Math.min(killDeadlineNanos, completionDeadlineNanos);
  }

  private void launch(long nowNanos, Effects<? super ExecutorEffect> effects) {
    if (phase != Phase.STARTING) {
      return;
    }
    Optional<String> invalid = CommandLine.invalid(task.getCommand());
    if (invalid.isPresent()) {
      // An executor process dies of this after it has announced the task.
      phase = Phase.TERMINATED;
      effects.emit(new Update(status(TaskState.TASK_STARTING, nowNanos).build()));
      effects.emit(new Tell(invalid.get()));
      effects.emit(new Done(invalid.get()));
      return;
    }
    effects.emit(new Checkpoint(state()));
    effects.emit(new Spawn(CommandLine.of(task.getCommand())));
  }

  private void started(int newPid, long nowNanos, Effects<? super ExecutorEffect> effects) {
    if (phase != Phase.STARTING) {
      return;
    }
    pid = newPid;
    phase = Phase.RUNNING;
    startedNanos = nowNanos;
    armCompletionTimer();
    effects.emit(new Checkpoint(state()));
    effects.emit(new Update(status(TaskState.TASK_STARTING, nowNanos).build()));
    effects.emit(new Update(status(TaskState.TASK_RUNNING, nowNanos).build()));
  }

  private void armCompletionTimer() {
    if (task.hasMaxCompletionTime()) {
      completionDeadlineNanos =
          saturatedAdd(startedNanos, Math.max(0, task.getMaxCompletionTime().getNanoseconds()));
    }
  }

  /**
   * A forked process that cannot execute its program exits with 1, after the task was called
   * running. We know better, but frameworks see what they have always seen, and the owner
   * finds the reason in stderr.
   */
  private void notExecutable(
      ExecutorInput.NotExecutable failure, long nowNanos, Effects<? super ExecutorEffect> effects) {
    if (phase != Phase.STARTING) {
      return;
    }
    effects.emit(new Tell(failure.reason()));
    effects.emit(new Update(status(TaskState.TASK_STARTING, nowNanos).build()));
    effects.emit(new Update(status(TaskState.TASK_RUNNING, nowNanos).build()));
    phase = Phase.RUNNING;
    exited(WaitStatus.ofExit(1), nowNanos, effects);
  }

  private Duration ownGracePeriod() {
    return task.hasKillPolicy() && task.getKillPolicy().hasGracePeriod()
        ? Duration.ofNanos(task.getKillPolicy().getGracePeriod().getNanoseconds())
        : DEFAULT_GRACE_PERIOD;
  }

  private void kill(Duration gracePeriod, long nowNanos, Effects<? super ExecutorEffect> effects) {
    switch (phase) {
      case RUNNING -> {
        if (reportsKilling) {
          effects.emit(new Update(status(TaskState.TASK_KILLING, nowNanos).build()));
        }
        startKilling(gracePeriod, nowNanos, effects);
      }
      case KILLING -> {
        // a later kill may only shorten the time, counted from the first one.
        long deadlineNanos = deadline(killStartedNanos, gracePeriod);
        if (deadlineNanos < killDeadlineNanos) {
          killDeadlineNanos = deadlineNanos;
          if (nowNanos >= killDeadlineNanos) {
            escalate(effects);
          } else {
            effects.emit(new Checkpoint(state()));
          }
        }
      }
      case STARTING, ESCALATED, TERMINATED, UNKNOWN -> {
        // Nothing to kill yet, or no more that could be done.
      }
    }
  }

  private void startKilling(
      Duration gracePeriod, long nowNanos, Effects<? super ExecutorEffect> effects) {
    phase = Phase.KILLING;
    completionDeadlineNanos = Long.MAX_VALUE;
    killStartedNanos = nowNanos;
    killDeadlineNanos = deadline(nowNanos, gracePeriod);
    effects.emit(new Checkpoint(state()));
    effects.emit(new Signal(SIGTERM));
  }

  private void escalate(Effects<? super ExecutorEffect> effects) {
    phase = Phase.ESCALATED;
    killDeadlineNanos = Long.MAX_VALUE;
    effects.emit(new Checkpoint(state()));
    effects.emit(new Signal(SIGKILL));
  }

  private void exited(WaitStatus status, long nowNanos, Effects<? super ExecutorEffect> effects) {
    if (phase == Phase.TERMINATED || phase == Phase.STARTING) {
      return;
    }
    boolean killed = phase == Phase.KILLING || phase == Phase.ESCALATED;
    phase = Phase.TERMINATED;
    completionDeadlineNanos = Long.MAX_VALUE;
    killDeadlineNanos = Long.MAX_VALUE;
    TaskState state =
        maxCompletionTimeReached
            ? TaskState.TASK_FAILED
            : killed
                ? TaskState.TASK_KILLED
                : status.succeeded() ? TaskState.TASK_FINISHED : TaskState.TASK_FAILED;
    TaskStatus.Builder update = status(state, nowNanos).setMessage(status.message());
    if (maxCompletionTimeReached) {
      update.setReason(TaskStatus.Reason.REASON_MAX_COMPLETION_TIME_REACHED);
    }
    effects.emit(new Update(update.build()));
    effects.emit(new Done(""));
  }

  private TaskStatus.Builder status(TaskState state, long nowNanos) {
    TaskStatus.Builder status =
        TaskStatus.newBuilder()
            .setTaskId(task.getTaskId())
            .setState(state)
            .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
            // the executor made up for a task has the task's id.
            .setExecutorId(ExecutorID.newBuilder().setValue(task.getTaskId().getValue()))
            .setTimestamp(Clock.seconds(nowNanos))
            .setUuid(ByteString.copyFrom(Ids.bytes(Ids.uuid(rng))));
    if (task.hasCheck()) {
      status.setCheckStatus(unknownCheckStatus());
    }
    return status;
  }

  /** H-6: before there is a result, the status says only which kind of check there will be. */
  private CheckStatusInfo unknownCheckStatus() {
    CheckStatusInfo.Builder status =
        CheckStatusInfo.newBuilder().setType(task.getCheck().getType());
    switch (task.getCheck().getType()) {
      case COMMAND -> status.setCommand(CheckStatusInfo.Command.getDefaultInstance());
      case HTTP -> status.setHttp(CheckStatusInfo.Http.getDefaultInstance());
      case TCP -> status.setTcp(CheckStatusInfo.Tcp.getDefaultInstance());
      case UNKNOWN -> {
        // The master refuses these; nothing more can be said.
      }
    }
    return status.build();
  }

  private BuiltInExecutorState state() {
    BuiltInExecutorState.Builder state =
        BuiltInExecutorState.newBuilder().setTaskId(task.getTaskId()).setPhase(phase);
    if (pid != 0) {
      state.setPid(pid).setStartedNanos(startedNanos);
    }
    if (phase == Phase.KILLING || phase == Phase.ESCALATED) {
      state
          .setKillStartedNanos(killStartedNanos)
          .setMaxCompletionTimeReached(maxCompletionTimeReached);
      if (killDeadlineNanos != Long.MAX_VALUE) {
        state.setKillDeadlineNanos(killDeadlineNanos);
      }
    }
    return state.build();
  }

  private static long deadline(long startNanos, Duration gracePeriod) {
    return saturatedAdd(startNanos, gracePeriod.isNegative() ? 0 : gracePeriod.toNanos());
  }

  /** Grace periods of centuries are legal. */
  private static long saturatedAdd(long nanos, long moreNanos) {
    long sum = nanos + moreNanos;
    return sum < nanos ? Long.MAX_VALUE : sum;
  }
}
