package io.meseta.agent.core;

import io.meseta.kernel.Ids;
import io.meseta.log.streams.UpdateTraits;
import io.meseta.schema.internal.v1.StatusUpdate;
import io.meseta.tasks.TaskStates;
import java.util.UUID;

/** A task on this agent; each has one stream of status updates (U-1). */
record TaskKey(String frameworkId, String taskId) {
  /** What streams must know about status updates. */
  static final UpdateTraits<TaskKey, StatusUpdate> TRAITS =
      new UpdateTraits<>() {
        @Override
        public TaskKey key(StatusUpdate update) {
          return of(update);
        }

        @Override
        public UUID uuid(StatusUpdate update) {
          return Ids.uuid(update.getUuid().toByteArray());
        }

        @Override
        public boolean terminal(StatusUpdate update) {
          return TaskStates.isTerminal(update.getStatus().getState());
        }
      };

  static TaskKey of(StatusUpdate update) {
    return new TaskKey(
        update.getFrameworkId().getValue(), update.getStatus().getTaskId().getValue());
  }
}
