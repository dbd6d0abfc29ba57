package io.meseta.master.core;

import com.google.protobuf.ByteString;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.ExecutorID;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.MasterInfo;
import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.OfferID;
import io.meseta.schema.v1.OperationStatus;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.schema.v1.scheduler.Event;
import java.util.List;

/** The events of the scheduler API (section 4). */
final class Events {
  static final Event HEARTBEAT = Event.newBuilder().setType(Event.Type.HEARTBEAT).build();

  private Events() {}

  static Event subscribed(FrameworkID framework, double heartbeatSeconds, MasterInfo master) {
    return Event.newBuilder()
        .setType(Event.Type.SUBSCRIBED)
        .setSubscribed(
            Event.Subscribed.newBuilder()
                .setFrameworkId(framework)
                .setHeartbeatIntervalSeconds(heartbeatSeconds)
                .setMasterInfo(master))
        .build();
  }

  static Event error(String message) {
    return Event.newBuilder()
        .setType(Event.Type.ERROR)
        .setError(Event.Error.newBuilder().setMessage(message))
        .build();
  }

  static Event offers(List<Offer> offers) {
    return Event.newBuilder()
        .setType(Event.Type.OFFERS)
        .setOffers(Event.Offers.newBuilder().addAllOffers(offers))
        .build();
  }

  static Event rescind(String offerId) {
    return Event.newBuilder()
        .setType(Event.Type.RESCIND)
        .setRescind(Event.Rescind.newBuilder().setOfferId(OfferID.newBuilder().setValue(offerId)))
        .build();
  }

  static Event update(TaskStatus status) {
    return Event.newBuilder()
        .setType(Event.Type.UPDATE)
        .setUpdate(Event.Update.newBuilder().setStatus(status))
        .build();
  }

  static Event operationStatus(OperationStatus status) {
    return Event.newBuilder()
        .setType(Event.Type.UPDATE_OPERATION_STATUS)
        .setUpdateOperationStatus(Event.UpdateOperationStatus.newBuilder().setStatus(status))
        .build();
  }

  static Event message(String agentId, ExecutorID executor, ByteString data) {
    return Event.newBuilder()
        .setType(Event.Type.MESSAGE)
        .setMessage(
            Event.Message.newBuilder()
                .setAgentId(AgentID.newBuilder().setValue(agentId))
                .setExecutorId(executor)
                .setData(data))
        .build();
  }

  /** The agent is lost. */
  static Event agentFailure(String agentId) {
    return Event.newBuilder()
        .setType(Event.Type.FAILURE)
        .setFailure(Event.Failure.newBuilder().setAgentId(AgentID.newBuilder().setValue(agentId)))
        .build();
  }

  /** An executor has exited; {@code status} is the raw wait status. */
  static Event executorFailure(String agentId, ExecutorID executor, int status) {
    return Event.newBuilder()
        .setType(Event.Type.FAILURE)
        .setFailure(
            Event.Failure.newBuilder()
                .setAgentId(AgentID.newBuilder().setValue(agentId))
                .setExecutorId(executor)
                .setStatus(status))
        .build();
  }
}
