package io.meseta.master.core;

import io.meseta.kernel.Principal;
import io.meseta.schema.v1.scheduler.Call;
import java.util.Optional;

/** Every call but SUBSCRIBE: who may make it (T-15 to T-21), and to whom it goes. */
final class Calls {
  /** What is answered instead of doing the call. */
  private record Denial(int status, String text) {}

  private final Term term;
  private final Accept accept;
  private final Decline decline;
  private final Revive revive;
  private final Kill kill;
  private final Acknowledge acknowledge;
  private final Reconcile reconcile;
  private final Relay relay;
  private final Frameworks frameworks;

  Calls(
      Term term,
      Accept accept,
      Decline decline,
      Revive revive,
      Kill kill,
      Acknowledge acknowledge,
      Reconcile reconcile,
      Relay relay,
      Frameworks frameworks) {
    this.term = term;
    this.accept = accept;
    this.decline = decline;
    this.revive = revive;
    this.kill = kill;
    this.acknowledge = acknowledge;
    this.reconcile = reconcile;
    this.relay = relay;
    this.frameworks = frameworks;
  }

  void on(MasterInput.SchedulerCall input) {
    Call call = input.call();
    Optional<FrameworkBook> framework = term.books().framework(call.getFrameworkId().getValue());
    Optional<Denial> denial = denial(input, framework);
    if (denial.isPresent()) {
      term.out().answer(input.request(), denial.get().status(), denial.get().text());
      return;
    }
    term.meters().countCall(call.getType());
    term.out().accepted(input.request());
    dispatch(framework.orElseThrow(), call, input.principal());
  }

  private static Optional<Denial> denial(
      MasterInput.SchedulerCall input, Optional<FrameworkBook> found) {
    if (found.isEmpty()) {
      return Optional.of(new Denial(400, "Framework cannot be found"));
    }
    FrameworkBook framework = found.get();
    Optional<String> caller = input.principal().value();
    if (caller.isPresent() && !caller.get().equals(framework.info().getPrincipal())) {
      return Optional.of(
          new Denial(
              400,
              "Authenticated principal '"
                  + caller.get()
                  + "' does not match principal '"
                  + framework.info().getPrincipal()
                  + "' set in `FrameworkInfo`"));
    }
    Optional<FrameworkBook.Stream> stream = framework.stream();
    if (stream.isEmpty()) {
      return Optional.of(new Denial(403, "Framework is not subscribed"));
    }
    if (input.streamId().isEmpty()) {
      return Optional.of(
          new Denial(400, "All non-subscribe calls should include the 'Mesos-Stream-Id' header"));
    }
    if (!input.streamId().get().equals(stream.get().streamId())) {
      return Optional.of(
          new Denial(
              400,
              "The stream ID '"
                  + input.streamId().get()
                  + "' included in this request didn't match the stream ID currently associated with framework ID "
                  + framework.id()));
    }
    return switch (input.call().getType()) {
      case UNKNOWN, SUBSCRIBE -> Optional.of(new Denial(501, "Unknown call type"));
      case UPDATE_FRAMEWORK ->
          Optional.of(new Denial(501, "This master does not support UPDATE_FRAMEWORK"));
      default -> Optional.empty();
    };
  }

  private void dispatch(FrameworkBook framework, Call call, Principal principal) {
    switch (call.getType()) {
      case ACCEPT -> accept.on(framework, call.getAccept(), principal);
      case DECLINE -> decline.on(framework, call.getDecline());
      case REVIVE -> revive.revive(framework, call.getRevive().getRolesList());
      case SUPPRESS -> revive.suppress(framework, call.getSuppress().getRolesList());
      case KILL -> kill.on(framework, call.getKill());
      case ACKNOWLEDGE -> acknowledge.on(framework, call.getAcknowledge());
      case RECONCILE -> reconcile.on(framework, call.getReconcile());
      case MESSAGE -> relay.message(framework, call.getMessage());
      case SHUTDOWN -> relay.shutdown(framework, call.getShutdown());
      case TEARDOWN -> frameworks.remove(framework);
      case REQUEST -> {
        // Upstream's allocator ignores requests, and so does ours.
      }
      case ACCEPT_INVERSE_OFFERS,
          DECLINE_INVERSE_OFFERS,
          ACKNOWLEDGE_OPERATION_STATUS,
          RECONCILE_OPERATIONS ->
          term.out()
              .warn(
                  "Ignoring a call that concerns nothing this master has made",
                  "call",
                  call.getType(),
                  "framework",
                  framework.id());
      case UNKNOWN, SUBSCRIBE, UPDATE_FRAMEWORK ->
          throw new IllegalStateException(call.getType() + " was denied already");
    }
  }
}
