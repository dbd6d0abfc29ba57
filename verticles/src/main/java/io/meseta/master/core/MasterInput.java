package io.meseta.master.core;

import io.meseta.allocator.AllocatorEffect;
import io.meseta.kernel.Principal;
import io.meseta.log.registry.RegistryState;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.v1.scheduler.Call;
import java.util.Optional;

/**
 * What can happen to a master. Calls have passed the checks that need no cluster state (T-1 to
 * T-13).
 */
public sealed interface MasterInput {
  /** The registry has been read; before this the master answers nothing but 503. */
  record Recovered(RegistryState registry) implements MasterInput {}

  /**
   * A SUBSCRIBE; the API side has already opened a stream and given it its {@code Mesos-Stream-Id}.
   */
  record Subscribe(StreamAddress stream, String streamId, Principal principal, Call call)
      implements MasterInput {}

  /** Any other scheduler call. */
  record SchedulerCall(
      RequestAddress request, Principal principal, Optional<String> streamId, Call call)
      implements MasterInput {}

  /** The far end is gone, or had to be closed. */
  record StreamClosed(StreamAddress stream, CloseCause cause) implements MasterInput {}

  /**
   * So many bytes of events have left for the client since the stream was opened (cumulative, D-6).
   * Counted as protobuf ({@code Event.getSerializedSize()}) whatever the stream's encoding is, so
   * that both sides count alike.
   */
  record StreamAcknowledged(StreamAddress stream, long bytes) implements MasterInput {}

  /** A message of an agent on a link that is open. */
  record FromAgent(String session, AgentToMaster message, Principal principal)
      implements MasterInput {}

  record LinkClosed(String session) implements MasterInput {}

  /** What the allocator decided. */
  record Allocated(AllocatorEffect.Offers offers) implements MasterInput {}

  /** The registry operation is durable. */
  record Committed(long operation) implements MasterInput {}

  /** The registry operation was refused, or the log has failed. */
  record NotCommitted(long operation, String reason) implements MasterInput {}

  /** Why a stream ended; those that are our fault give the framework time (D-10). */
  enum CloseCause {
    CLIENT,
    OVERFLOW,
    API_LOST,
    SHUTDOWN
  }
}
