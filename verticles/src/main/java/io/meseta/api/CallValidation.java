package io.meseta.api;

import com.google.protobuf.ByteString;
import io.meseta.kernel.Principal;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.scheduler.Call;
import java.util.Optional;

/**
 * The checks of a scheduler call that need nothing but the call and who sent it (C-2 to C-7). Pure;
 * the texts are upstream's.
 */
final class CallValidation {
  /** Versions that RFC 4122 knows. */
  private static final int MAX_UUID_VERSION = 5;

  private CallValidation() {}

  /** Why the call cannot be handled whatever the cluster's state is, if so. */
  static Optional<String> invalid(Call call, Principal principal) {
    // A type that a newer client knows and we do not is the same as none.
    if (!call.hasType()) {
      return expecting("type");
    }
    if (call.getType() == Call.Type.SUBSCRIBE) {
      return invalidSubscribe(call, principal);
    }
    if (!call.hasFrameworkId()) {
      return expecting("framework_id");
    }
    return switch (call.getType()) {
      // Checked above, or nothing more to check.
      case UNKNOWN, SUBSCRIBE, TEARDOWN, REVIVE, SUPPRESS -> Optional.empty();
      case ACCEPT -> present(call.hasAccept(), "accept");
      case DECLINE -> present(call.hasDecline(), "decline");
      case ACCEPT_INVERSE_OFFERS -> present(call.hasAcceptInverseOffers(), "accept_inverse_offers");
      case DECLINE_INVERSE_OFFERS ->
          present(call.hasDeclineInverseOffers(), "decline_inverse_offers");
      case KILL -> present(call.hasKill(), "kill");
      case SHUTDOWN -> present(call.hasShutdown(), "shutdown");
      case ACKNOWLEDGE ->
          present(call.hasAcknowledge(), "acknowledge")
              .or(() -> invalidUuid(call.getAcknowledge().getUuid()));
      case ACKNOWLEDGE_OPERATION_STATUS -> invalidOperationAcknowledgement(call);
      case RECONCILE -> present(call.hasReconcile(), "reconcile");
      case RECONCILE_OPERATIONS -> present(call.hasReconcileOperations(), "reconcile_operations");
      case MESSAGE -> present(call.hasMessage(), "message");
      case REQUEST -> present(call.hasRequest(), "request");
      case UPDATE_FRAMEWORK -> invalidUpdate(call);
    };
  }

  private static Optional<String> invalidSubscribe(Call call, Principal principal) {
    if (!call.hasSubscribe()) {
      return expecting("subscribe");
    }
    FrameworkInfo info = call.getSubscribe().getFrameworkInfo();
    if (!sameId(call.getFrameworkId(), info.getId())) {
      return Optional.of("'framework_id' differs from 'subscribe.framework_info.id'");
    }
    if (principal.value().isPresent()
        && info.hasPrincipal()
        && !info.getPrincipal().equals(principal.value().get())) {
      return Optional.of(
          "Authenticated principal '%s' does not match principal '%s' set in `FrameworkInfo`"
              .formatted(principal.value().get(), info.getPrincipal()));
    }
    return Optional.empty();
  }

  private static Optional<String> invalidOperationAcknowledgement(Call call) {
    if (!call.hasAcknowledgeOperationStatus()) {
      return expecting("acknowledge_operation_status");
    }
    Call.AcknowledgeOperationStatus acknowledge = call.getAcknowledgeOperationStatus();
    return invalidUuid(acknowledge.getUuid())
        .or(() -> present(acknowledge.hasAgentId(), "agent_id"));
  }

  private static Optional<String> invalidUpdate(Call call) {
    if (!call.hasUpdateFramework()) {
      return expecting("update_framework");
    }
    return sameId(call.getFrameworkId(), call.getUpdateFramework().getFrameworkInfo().getId())
        ? Optional.empty()
        : Optional.of("'framework_id' differs from 'update_framework.framework_info.id'");
  }

  /** An id that is not set equals an empty one. */
  private static boolean sameId(FrameworkID one, FrameworkID other) {
    return one.getValue().equals(other.getValue());
  }

  /** 16 bytes of the RFC's variant and of a version that it knows. */
  private static Optional<String> invalidUuid(ByteString uuid) {
    boolean valid =
        uuid.size() == 16
            && (uuid.byteAt(8) & 0xC0) == 0x80
            && ((uuid.byteAt(6) >> 4) & 0xF) >= 1
            && ((uuid.byteAt(6) >> 4) & 0xF) <= MAX_UUID_VERSION;
    return valid ? Optional.empty() : Optional.of("Not a valid UUID");
  }

  private static Optional<String> present(boolean isPresent, String field) {
    return isPresent ? Optional.empty() : expecting(field);
  }

  private static Optional<String> expecting(String field) {
    return Optional.of("Expecting '" + field + "' to be present");
  }
}
