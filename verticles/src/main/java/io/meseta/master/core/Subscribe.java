package io.meseta.master.core;

import io.meseta.allocator.AllocatorInput;
import io.meseta.kernel.Authorizer.Action;
import io.meseta.kernel.Authorizer.Target;
import io.meseta.kernel.Principal;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.internal.v1.RegistryOperation;
import io.meseta.schema.internal.v1.UpdateFramework;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.scheduler.Call;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * SUBSCRIBE: a new framework, one that comes back, or one instance taking over from another (C-10
 * to C-15, F-24).
 */
final class Subscribe {
  private final Term term;
  private final Offers offers;
  private final TaskLedger ledger;
  private final Frameworks frameworks;
  private final Registry registry;
  private long nextNumber;

  Subscribe(Term term, Offers offers, TaskLedger ledger, Frameworks frameworks, Registry registry) {
    this.term = term;
    this.offers = offers;
    this.ledger = ledger;
    this.frameworks = frameworks;
    this.registry = registry;
  }

  void on(MasterInput.Subscribe input) {
    Call.Subscribe call = input.call().getSubscribe();
    FrameworkInfo info = withPrincipal(call.getFrameworkInfo(), input.principal());
    String id = info.getId().getValue();
    term.meters()
        .count(id.isEmpty() ? "messages_register_framework" : "messages_reregister_framework");
    Optional<FrameworkBook> known = term.books().framework(id);
    Optional<String> refusal =
        refusal(info, call, input.principal())
            .or(() -> known.flatMap(book -> principalChange(book, info)));
    if (refusal.isPresent()) {
      refuse(input.stream(), info, refusal.get());
      return;
    }
    FrameworkBook.Stream stream =
        new FrameworkBook.Stream(
            input.stream(), input.streamId(), new StreamBudget(term.options().streamBudgetBytes()));
    Set<String> suppressed = new HashSet<>(call.getSuppressedRolesList());
    if (known.isPresent()) {
      takeOver(known.get(), info, stream, suppressed);
    } else {
      add(info, stream, suppressed);
    }
  }

  /** C-10: who authenticated is the framework's principal unless it says otherwise. */
  private static FrameworkInfo withPrincipal(FrameworkInfo info, Principal principal) {
    return info.hasPrincipal() || principal.value().isEmpty()
        ? info
        : info.toBuilder().setPrincipal(principal.value().get()).build();
  }

  private Optional<String> refusal(FrameworkInfo info, Call.Subscribe call, Principal principal) {
    return FrameworkValidation.info(info)
        .or(
            () ->
                FrameworkValidation.subscription(
                    info,
                    call.getSuppressedRolesList(),
                    call.getOfferConstraints(),
                    term.options()))
        .or(
            () ->
                term.books().isRemoved(info.getId().getValue())
                    ? Optional.of("Framework has been removed")
                    : Optional.empty())
        .or(() -> unauthorized(info, principal));
  }

  private Optional<String> unauthorized(FrameworkInfo info, Principal principal) {
    Set<String> roles = FrameworkBook.rolesOf(info);
    boolean allowed =
        roles.stream()
            .allMatch(
                role ->
                    term.authorizer()
                        .authorized(principal, Action.REGISTER_FRAMEWORK, Target.of(role)));
    return allowed
        ? Optional.empty()
        : Optional.of(
            "Not authorized to register framework "
                + info.getId().getValue()
                + " with roles "
                + FrameworkValidation.braces(roles));
  }

  private static Optional<String> principalChange(FrameworkBook book, FrameworkInfo info) {
    return book.info().getPrincipal().equals(info.getPrincipal())
        ? Optional.empty()
        : Optional.of("Changing framework's principal is not allowed.");
  }

  /** The stream tells why, and ends; a stream that the framework may have already goes on. */
  private void refuse(StreamAddress stream, FrameworkInfo info, String reason) {
    term.out()
        .info(
            "Refused a subscription",
            "name",
            info.getName(),
            "framework",
            info.getId().getValue(),
            "reason",
            reason);
    term.out().sendTo(stream, Events.error(reason));
    term.out().closeStream(stream);
  }

  private void add(FrameworkInfo info, FrameworkBook.Stream stream, Set<String> suppressed) {
    boolean chosen = !info.getId().getValue().isEmpty();
    String id = chosen ? info.getId().getValue() : nextId();
    FrameworkInfo complete = info.toBuilder().setId(FrameworkID.newBuilder().setValue(id)).build();
    FrameworkBook framework = new FrameworkBook(complete, term.options());
    term.books().frameworks.put(id, framework);
    term.out()
        .toAllocator(new AllocatorInput.AddFramework(id, complete, Map.of(), true, suppressed));
    term.out().info("Framework subscribed", "framework", id, "name", complete.getName());
    open(framework, stream);
    if (chosen) {
      // An agent may still run tasks of it from before this master's time.
      broadcast(framework);
    }
  }

  private String nextId() {
    String id;
    do {
      id = String.format(java.util.Locale.ROOT, "%s-%04d", term.masterId(), nextNumber++);
    } while (term.books().frameworks.containsKey(id) || term.books().isRemoved(id));
    return id;
  }

  private void takeOver(
      FrameworkBook framework,
      FrameworkInfo info,
      FrameworkBook.Stream stream,
      Set<String> suppressed) {
    boolean wasActive = framework.isActive();
    FrameworkInfo merged = merge(framework, info);
    rescindLostRoles(framework, FrameworkBook.rolesOf(merged));
    framework.stream()
        .ifPresent(
            old -> {
              term.out().send(framework, Events.error("Framework failed over"));
              term.out().closeStream(old.address());
            });
    frameworks.detach(framework);
    offers.withdrawAllOf(framework);
    framework.setInfo(merged);
    term.timers().cancel(new Alarm.FailoverTimeout(framework.id()));
    term.out().toAllocator(new AllocatorInput.UpdateFramework(framework.id(), merged, suppressed));
    if (!wasActive) {
      term.out().toAllocator(new AllocatorInput.ActivateFramework(framework.id()));
    }
    term.out()
        .info("Framework subscribed again", "framework", framework.id(), "name", merged.getName());
    open(framework, stream);
    broadcast(framework);
  }

  /** User and checkpoint never change (5.1). */
  private FrameworkInfo merge(FrameworkBook framework, FrameworkInfo next) {
    FrameworkInfo before = framework.info();
    if (!before.getUser().equals(next.getUser())
        || before.getCheckpoint() != next.getCheckpoint()) {
      term.out()
          .warn(
              "Ignoring a change of a framework's user or checkpointing; subscribe as a new framework to change them",
              "framework",
              framework.id());
    }
    FrameworkInfo.Builder merged = next.toBuilder().setUser(before.getUser());
    if (before.hasCheckpoint()) {
      merged.setCheckpoint(before.getCheckpoint());
    } else {
      merged.clearCheckpoint();
    }
    return merged.build();
  }

  private void rescindLostRoles(FrameworkBook framework, Set<String> roles) {
    for (OfferBook offer : offers.of(framework)) {
      if (!roles.contains(offer.role())) {
        offers.rescind(offer);
      }
    }
  }

  private void open(FrameworkBook framework, FrameworkBook.Stream stream) {
    framework.connect(stream, term.now());
    term.books().frameworkOfStream.put(stream.address(), framework.id());
    double heartbeatSeconds = Frameworks.seconds(term.options().heartbeatInterval());
    term.out()
        .send(
            framework, Events.subscribed(framework.info().getId(), heartbeatSeconds, term.info()));
    term.out().send(framework, Events.HEARTBEAT);
    term.timers()
        .set(
            new Alarm.Heartbeat(framework.id()),
            term.now() + term.options().heartbeatInterval().toNanos());
    registry.append(
        RegistryOperation.newBuilder()
            .setUpdateFramework(UpdateFramework.newBuilder().setFramework(framework.info())),
        new Write.FrameworkChange(framework.id()));
    term.views().framework(framework);
  }

  /** C-14: agents answer with the updates that nobody has acknowledged. */
  private void broadcast(FrameworkBook framework) {
    MasterToAgent message =
        MasterToAgent.newBuilder()
            .setUpdateFramework(
                MasterToAgent.UpdateFramework.newBuilder().setFramework(framework.info()))
            .build();
    term.books().agents.values().forEach(agent -> term.out().toAgent(agent, message));
  }

  /**
   * A framework that only the registry or an agent knows of; it must subscribe to go on (M-4,
   * F-26).
   */
  FrameworkBook recover(FrameworkInfo info) {
    FrameworkBook framework = new FrameworkBook(info, term.options());
    term.books().frameworks.put(framework.id(), framework);
    term.out()
        .toAllocator(
            new AllocatorInput.AddFramework(
                framework.id(), info, ledger.usedBy(framework), false, Set.of()));
    frameworks.awaitReturn(framework);
    term.views().framework(framework);
    return framework;
  }

  /**
   * As {@link #recover}, of a framework that the registry does not know: a later leader shall know
   * it.
   */
  FrameworkBook recoverFromAgent(FrameworkInfo info) {
    FrameworkBook framework = recover(info);
    registry.append(
        RegistryOperation.newBuilder()
            .setUpdateFramework(UpdateFramework.newBuilder().setFramework(info)),
        new Write.FrameworkChange(framework.id()));
    return framework;
  }
}
