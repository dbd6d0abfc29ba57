package io.meseta.agent.core;

import io.meseta.log.streams.StreamRecord;
import io.meseta.log.streams.UpdateStreams;
import io.meseta.schema.internal.v1.AgentJournalRecord;
import io.meseta.schema.internal.v1.AgentRecord;
import io.meseta.schema.internal.v1.BuiltInExecutorState;
import io.meseta.schema.internal.v1.ContainerStarted;
import io.meseta.schema.internal.v1.ContainerTerminated;
import io.meseta.schema.internal.v1.ExecutorRecord;
import io.meseta.schema.internal.v1.FrameworkRecord;
import io.meseta.schema.internal.v1.StatusUpdate;
import io.meseta.schema.internal.v1.TaskRecord;
import io.meseta.schema.internal.v1.UpdateRecord;
import io.meseta.schema.v1.TaskStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an agent's journal adds up to: a fold over its records that forgets what is over. The shell
 * keeps one next to the journal for snapshots; the core is handed another when it is born.
 *
 * <p>Not thread-safe.
 */
public final class AgentState {
  /** One executor run that is not over. */
  static final class Run {
    final ExecutorRecord executor;
    @Nullable TaskRecord task;
    @Nullable ContainerStarted started;
    @Nullable ContainerTerminated terminated;
    @Nullable BuiltInExecutorState machine;

    /** The newest status of the task. */
    @Nullable StatusUpdate last;

    Run(ExecutorRecord executor) {
      this.executor = executor;
    }

    TaskKey key(TaskRecord record) {
      return new TaskKey(
          record.getFrameworkId().getValue(), record.getInfo().getTaskId().getValue());
    }
  }

  private @Nullable AgentRecord agent;
  private final Map<String, FrameworkRecord> frameworks = new LinkedHashMap<>();

  /** By container id. */
  private final Map<String, Run> runs = new LinkedHashMap<>();

  private final Map<TaskKey, Run> byTask = new LinkedHashMap<>();
  private final UpdateStreams<TaskKey, StatusUpdate> streams = new UpdateStreams<>(TaskKey.TRAITS);

  /** What an empty journal adds up to. */
  public AgentState() {}

  /** What the records add up to, in the order of writing. */
  public static AgentState of(Iterable<AgentJournalRecord> records) {
    AgentState state = new AgentState();
    records.forEach(state::apply);
    return state;
  }

  /**
   * Takes the next record.
   *
   * @throws IllegalArgumentException if a newer version wrote it: nobody may guess what it meant
   */
  public void apply(AgentJournalRecord record) {
    switch (record.getRecordCase()) {
      case AGENT -> agent = record.getAgent();
      case FRAMEWORK ->
          frameworks.put(record.getFramework().getInfo().getId().getValue(), record.getFramework());
      case FRAMEWORK_REMOVED ->
          removeFramework(record.getFrameworkRemoved().getFrameworkId().getValue());
      case EXECUTOR ->
          runs.put(record.getExecutor().getContainerId().getValue(), new Run(record.getExecutor()));
      case EXECUTOR_SENTINEL -> removeRun(record.getExecutorSentinel().getContainerId().getValue());
      case TASK -> task(record.getTask());
      case UPDATE -> update(record.getUpdate());
      case ACKNOWLEDGEMENT ->
          streams.replay(List.of(Records.stream(record.getAcknowledgement())), 0);
      case CONTAINER_STARTED ->
          run(record.getContainerStarted().getContainerId().getValue())
              .ifPresent(run -> run.started = record.getContainerStarted());
      case CONTAINER_TERMINATED ->
          run(record.getContainerTerminated().getContainerId().getValue())
              .ifPresent(run -> run.terminated = record.getContainerTerminated());
      case BUILT_IN_EXECUTOR ->
          run(record.getBuiltInExecutor().getContainerId().getValue())
              .ifPresent(run -> run.machine = record.getBuiltInExecutor());
      case OPERATION_UPDATE, OPERATION_ACKNOWLEDGEMENT ->
          throw new IllegalArgumentException(
              "the journal has operations on resources, which this version cannot recover");
      case RECORD_NOT_SET ->
          throw new IllegalArgumentException(
              "the journal has a record of a newer version; start that version again");
    }
  }

  /** Records that add up to the same, for a snapshot. */
  public List<AgentJournalRecord> records() {
    List<AgentJournalRecord> records = new ArrayList<>();
    if (agent != null) {
      records.add(AgentJournalRecord.newBuilder().setAgent(agent).build());
    }
    frameworks
        .values()
        .forEach(
            framework ->
                records.add(AgentJournalRecord.newBuilder().setFramework(framework).build()));
    runs.values().forEach(run -> add(run, records));
    streams.records().forEach(record -> records.add(Records.stream(record).build()));
    return records;
  }

  private void add(Run run, List<AgentJournalRecord> records) {
    records.add(AgentJournalRecord.newBuilder().setExecutor(run.executor).build());
    if (run.task != null) {
      records.add(AgentJournalRecord.newBuilder().setTask(run.task).build());
    }
    if (run.started != null) {
      records.add(AgentJournalRecord.newBuilder().setContainerStarted(run.started).build());
    }
    if (run.machine != null) {
      records.add(AgentJournalRecord.newBuilder().setBuiltInExecutor(run.machine).build());
    }
    if (run.terminated != null) {
      records.add(AgentJournalRecord.newBuilder().setContainerTerminated(run.terminated).build());
    }
    StatusUpdate last = run.last;
    if (last != null && !streams.pending(TaskKey.of(last)).contains(last)) {
      // The stream keeps only what is not acknowledged, but the task's state must not be forgotten.
      // The stream's own records, which follow, say that it was acknowledged.
      StreamRecord<TaskKey, StatusUpdate> update =
          Records.stream(UpdateRecord.newBuilder().setUpdate(last).build());
      records.add(Records.stream(update).build());
      if (streams.view(TaskKey.of(last)).isEmpty()) {
        records.add(
            Records.stream(
                    new StreamRecord.Acknowledgement<TaskKey, StatusUpdate>(
                        TaskKey.of(last), TaskKey.TRAITS.uuid(last)))
                .build());
      }
    }
  }

  Optional<AgentRecord> agent() {
    return Optional.ofNullable(agent);
  }

  Iterable<FrameworkRecord> frameworks() {
    return frameworks.values();
  }

  Iterable<Run> runs() {
    return runs.values();
  }

  Iterable<StreamRecord<TaskKey, StatusUpdate>> streamRecords() {
    return streams.records();
  }

  /** Keys of streams that have updates to deliver. */
  List<TaskKey> streamKeys() {
    return streams.views().stream().map(view -> view.key()).toList();
  }

  /** What the newest status of a task says, if there is one. */
  static Optional<TaskStatus> lastStatus(Run run) {
    return Optional.ofNullable(run.last).map(StatusUpdate::getStatus);
  }

  private Optional<Run> run(String containerId) {
    return Optional.ofNullable(runs.get(containerId));
  }

  private void task(TaskRecord record) {
    run(record.getContainerId().getValue())
        .ifPresent(
            run -> {
              run.task = record;
              byTask.put(run.key(record), run);
            });
  }

  private void update(UpdateRecord record) {
    streams.replay(List.of(Records.stream(record)), 0);
    Run run = byTask.get(TaskKey.of(record.getUpdate()));
    if (run != null) {
      run.last = record.getUpdate();
    }
  }

  private void removeRun(String containerId) {
    Run run = runs.remove(containerId);
    if (run != null && run.task != null) {
      byTask.remove(run.key(run.task), run);
    }
  }

  private void removeFramework(String frameworkId) {
    frameworks.remove(frameworkId);
    List<String> containers =
        runs.values().stream()
            .filter(run -> run.executor.getFrameworkId().getValue().equals(frameworkId))
            .map(run -> run.executor.getContainerId().getValue())
            .toList();
    containers.forEach(this::removeRun);
    for (TaskKey key : streamKeys()) {
      if (key.frameworkId().equals(frameworkId)) {
        streams.close(key);
      }
    }
  }
}
