package io.meseta.master.core;

import io.meseta.allocator.AllocatorInput;

/** What follows from how fast frameworks read their streams (D-6), and the heartbeats (T-35). */
final class Streams {
  private final Term term;
  private final Frameworks frameworks;

  Streams(Term term, Frameworks frameworks) {
    this.term = term;
    this.frameworks = frameworks;
  }

  void heartbeat(String frameworkId) {
    term.books()
        .framework(frameworkId)
        .filter(FrameworkBook::isConnected)
        .ifPresent(
            framework -> {
              term.out().send(framework, Events.HEARTBEAT);
              term.timers()
                  .set(
                      new Alarm.Heartbeat(frameworkId),
                      term.now() + term.options().heartbeatInterval().toNanos());
            });
  }

  void acknowledged(MasterInput.StreamAcknowledged input) {
    term.books()
        .frameworkOf(input.stream())
        .ifPresent(
            framework -> {
              framework.stream()
                  .ifPresent(stream -> stream.budget().arrived(input.bytes(), term.now()));
              judge(framework);
            });
  }

  void closed(MasterInput.StreamClosed input) {
    term.books()
        .frameworkOf(input.stream())
        .ifPresent(framework -> frameworks.disconnect(framework, input.cause()));
  }

  /** After an input: whoever was sent something may have too much on its way now. */
  void settle() {
    for (String frameworkId : term.out().takeSentTo()) {
      term.books().framework(frameworkId).ifPresent(this::judge);
    }
  }

  private void judge(FrameworkBook framework) {
    if (framework.stream().isEmpty()) {
      return;
    }
    FrameworkBook.Stream stream = framework.stream().get();
    StreamBudget budget = stream.budget();
    long stalledNanos = budget.stalledNanos(term.now());
    if (budget.isFull() || stalledNanos > term.options().streamStallTimeout().toNanos()) {
      term.out()
          .warn(
              "Closing the stream of a framework that does not read its events; it may subscribe again",
              "framework",
              framework.id(),
              "outstandingBytes",
              budget.outstandingBytes(),
              "stalledSeconds",
              stalledNanos / 1_000_000_000L);
      term.meters().count("streams_overflowed");
      term.out().closeStream(stream.address());
      frameworks.disconnect(framework, MasterInput.CloseCause.OVERFLOW);
    } else if (budget.isHalfFull() && !framework.isCongested()) {
      setCongested(framework, true);
    } else if (budget.isRelaxed() && framework.isCongested()) {
      setCongested(framework, false);
    }
  }

  private void setCongested(FrameworkBook framework, boolean congested) {
    framework.setCongested(congested);
    term.out()
        .toAllocator(
            congested
                ? new AllocatorInput.DeactivateFramework(framework.id())
                : new AllocatorInput.ActivateFramework(framework.id()));
    term.out()
        .info(
            congested
                ? "Framework reads its events slowly: no offers until it has caught up"
                : "Framework has caught up with its events: offers again",
            "framework",
            framework.id());
    term.views().framework(framework);
  }
}
