package io.meseta.bench.cluster;

import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.schema.v1.scheduler.Event;

/** Messages in a word or two, for traces. */
final class Describe {
  private Describe() {}

  static String message(AgentToMaster message) {
    return message.hasStatusUpdate()
        ? message.getStatusUpdate().getStatus().getTaskId().getValue()
            + " "
            + message.getStatusUpdate().getStatus().getState()
        : message.getMessageCase().toString();
  }

  static String message(MasterToAgent message) {
    return switch (message.getMessageCase()) {
      case RUN_TASK -> "run " + message.getRunTask().getTask().getTaskId().getValue();
      case KILL_TASK -> "kill " + message.getKillTask().getTaskId().getValue();
      case STATUS_UPDATE_ACKNOWLEDGEMENT ->
          "acknowledgement for " + message.getStatusUpdateAcknowledgement().getTaskId().getValue();
      default -> message.getMessageCase().toString();
    };
  }

  static String call(Call call) {
    return switch (call.getType()) {
      case ACKNOWLEDGE -> "ACKNOWLEDGE " + call.getAcknowledge().getTaskId().getValue();
      case KILL -> "KILL " + call.getKill().getTaskId().getValue();
      default -> call.getType().toString();
    };
  }

  static String event(Event event) {
    return event.hasUpdate()
        ? event.getUpdate().getStatus().getTaskId().getValue()
            + " "
            + event.getUpdate().getStatus().getState()
            + " "
            + event.getUpdate().getStatus().getReason()
        : event.getType().toString();
  }
}
