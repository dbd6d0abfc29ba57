package io.meseta.master.core;

import io.meseta.kernel.Authorizer;
import io.meseta.kernel.Core;
import io.meseta.kernel.Effects;
import io.meseta.kernel.Ids;
import io.meseta.kernel.Meters;
import io.meseta.kernel.Rng;
import io.meseta.kernel.Timers;
import io.meseta.log.registry.RegistryState;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.GoneAgent;
import io.meseta.schema.internal.v1.RegisteredAgent;
import io.meseta.schema.internal.v1.RegisteredFramework;
import io.meseta.schema.internal.v1.RemovedFramework;
import io.meseta.schema.internal.v1.UnreachableAgent;
import io.meseta.schema.v1.MasterInfo;
import java.util.Optional;

/**
 * The master of one leadership term: only sorts what happens to the one who knows what to do about
 * it.
 *
 * <p>Not thread-safe: owned by one shell. Until {@link MasterInput.Recovered} it answers calls with
 * 503 and ignores agents, which ask again.
 */
public final class Master implements Core<MasterInput, MasterEffect> {
  private final Term term;
  private final Views views;
  private final Registry registry;
  private final Offers offers;
  private final Frameworks frameworks;
  private final Streams streams;
  private final Subscribe subscribe;
  private final Calls calls;
  private final AgentLoss loss;
  private final Pings pings;
  private final Agents agents;
  private final Updates updates;
  private boolean recovered;

  /**
   * @param rng makes this master's id if the options give none
   */
  public Master(MasterOptions options, Rng rng, Meters meters, Authorizer authorizer) {
    Outbox out = new Outbox();
    this.views = new Views(options.epoch());
    this.term =
        new Term(
            options,
            named(options.info(), rng),
            new Books(options),
            out,
            new ViewKeeper(views, out),
            new MasterMeters(meters),
            new Timers<>(),
            authorizer);
    this.registry = new Registry(out);
    this.offers = new Offers(term);
    TaskLedger ledger = new TaskLedger(term);
    this.frameworks = new Frameworks(term, offers, ledger, registry);
    this.streams = new Streams(term, frameworks);
    this.subscribe = new Subscribe(term, offers, ledger, frameworks, registry);
    this.loss = new AgentLoss(term, offers, ledger, registry);
    this.pings = new Pings(term, loss);
    this.agents =
        new Agents(term, registry, loss, new AgentReturn(term, offers, ledger, subscribe), pings);
    this.updates = new Updates(term, ledger);
    Reconcile reconcile = new Reconcile(term);
    this.calls =
        new Calls(
            term,
            new Accept(term, offers, ledger, new Refusal(term)),
            new Decline(term, offers),
            new Revive(term),
            new Kill(term, reconcile),
            new Acknowledge(term, ledger),
            reconcile,
            new Relay(term),
            frameworks);
  }

  private static MasterInfo named(MasterInfo info, Rng rng) {
    return info.getId().isEmpty() ? info.toBuilder().setId(Ids.uuid(rng).toString()).build() : info;
  }

  /** As frameworks see this master, with its id. */
  public MasterInfo info() {
    return term.info();
  }

  /** For tests that audit the sums. */
  Books books() {
    return term.books();
  }

  /** The views of everything, for readers; call it on the owner's thread. */
  public Views views() {
    return views;
  }

  @Override
  public void on(MasterInput input, long nowNanos, Effects<? super MasterEffect> effects) {
    term.out().open(nowNanos, effects);
    if (recovered || input instanceof MasterInput.Recovered) {
      handle(input);
    } else {
      handleUnrecovered(input);
    }
    finish();
  }

  @Override
  public void onTime(long nowNanos, Effects<? super MasterEffect> effects) {
    term.out().open(nowNanos, effects);
    Optional<Alarm> due = term.timers().pollDue(nowNanos);
    while (due.isPresent()) {
      ring(due.get());
      due = term.timers().pollDue(nowNanos);
    }
    finish();
  }

  @Override
  public long wakeUpNanos() {
    return term.timers().nextNanos();
  }

  private void finish() {
    streams.settle();
    term.meters().offers(term.books());
    if (term.views().takePeersChanged()) {
      term.meters().peers(term.books());
    }
    term.out().close();
  }

  private void handle(MasterInput input) {
    switch (input) {
      case MasterInput.Recovered recovery -> recover(recovery.registry());
      case MasterInput.Subscribe call -> subscribe.on(call);
      case MasterInput.SchedulerCall call -> calls.on(call);
      case MasterInput.StreamClosed closed -> streams.closed(closed);
      case MasterInput.StreamAcknowledged acknowledged -> streams.acknowledged(acknowledged);
      case MasterInput.FromAgent message -> fromAgent(message);
      case MasterInput.LinkClosed closed -> agents.linkClosed(closed.session());
      case MasterInput.Allocated allocated -> offers.make(allocated.offers());
      case MasterInput.Committed committed ->
          registry.take(committed.operation()).ifPresent(this::written);
      case MasterInput.NotCommitted failed ->
          registry.take(failed.operation()).ifPresent(write -> notWritten(write, failed.reason()));
    }
  }

  private void handleUnrecovered(MasterInput input) {
    switch (input) {
      case MasterInput.Subscribe call -> {
        term.out().sendTo(call.stream(), Events.error("Master has not finished recovery"));
        term.out().closeStream(call.stream());
      }
      case MasterInput.SchedulerCall call ->
          term.out().answer(call.request(), 503, "Master has not finished recovery");
      default -> {
        // Agents ask again, and nobody else knows anything of this term yet.
      }
    }
  }

  private void ring(Alarm alarm) {
    switch (alarm) {
      case Alarm.Heartbeat heartbeat -> streams.heartbeat(heartbeat.frameworkId());
      case Alarm.FailoverTimeout timeout -> frameworks.failoverTimeout(timeout.frameworkId());
      case Alarm.OfferTimeout timeout -> offers.expire(timeout.offerId());
      case Alarm.Ping ping -> pings.ping(ping.agentId());
      case Alarm.AgentReturn timeout -> loss.returnTimeout(timeout.agentId());
    }
  }

  private void recover(RegistryState state) {
    if (recovered) {
      throw new IllegalStateException("recovered twice in one term");
    }
    recovered = true;
    Books books = term.books();
    long returnBy = term.now() + term.options().agentReregisterTimeout().toNanos();
    for (RegisteredAgent agent : state.agents()) {
      String id = agent.getInfo().getId().getValue();
      books.recoveredAgents.put(id, agent.getInfo());
      term.timers().set(new Alarm.AgentReturn(id), returnBy);
    }
    for (UnreachableAgent agent : state.unreachable()) {
      books.unreachableAgents.put(agent.getId().getValue(), agent.getSince().getNanoseconds());
    }
    for (GoneAgent agent : state.gone()) {
      books.goneAgents.put(agent.getId().getValue(), agent.getSince().getNanoseconds());
    }
    for (RemovedFramework framework : state.removedFrameworks()) {
      books.removedFrameworks.put(framework.getInfo().getId().getValue(), true);
    }
    for (RegisteredFramework framework : state.frameworks()) {
      subscribe.recover(framework.getInfo());
    }
    term.out()
        .info(
            "Recovered from the registry",
            "master",
            term.masterId(),
            "agents",
            state.agents().size(),
            "frameworks",
            state.frameworks().size());
  }

  private void fromAgent(MasterInput.FromAgent input) {
    AgentToMaster message = input.message();
    String session = input.session();
    switch (message.getMessageCase()) {
      case REGISTER -> agents.register(session, message.getRegister(), input.principal());
      case REREGISTER -> agents.reregister(session, message.getReregister(), input.principal());
      case PONG, STATUS_UPDATE, EXITED_EXECUTOR, EXECUTOR_TO_FRAMEWORK, UNREGISTER ->
          term.books()
              .agentOf(session)
              .ifPresentOrElse(
                  agent -> fromRegistered(agent, message), () -> stray(session, message));
      case MESSAGE_NOT_SET ->
          term.out().warn("Ignoring a message of an unknown kind", "session", session);
    }
  }

  private void fromRegistered(AgentBook agent, AgentToMaster message) {
    switch (message.getMessageCase()) {
      case PONG -> pings.pong(agent);
      case STATUS_UPDATE -> updates.statusUpdate(agent, message.getStatusUpdate());
      case EXITED_EXECUTOR -> updates.exitedExecutor(agent, message.getExitedExecutor());
      case EXECUTOR_TO_FRAMEWORK ->
          updates.executorMessage(agent, message.getExecutorToFramework());
      case UNREGISTER -> agents.unregister(agent);
      case REGISTER, REREGISTER, MESSAGE_NOT_SET ->
          throw new IllegalStateException(message.getMessageCase() + " is handled elsewhere");
    }
  }

  /** P-7: whoever is not registered must register first. */
  private void stray(String session, AgentToMaster message) {
    if (message.hasStatusUpdate()) {
      updates.strayUpdate(session);
    }
  }

  private void written(Write write) {
    switch (write) {
      case Write.FrameworkChange change -> {
        // Nobody waits for it.
      }
      case Write.Admission admission -> agents.admitted(admission);
      case Write.Readmission readmission -> agents.readmitted(readmission);
      case Write.Loss lost -> loss.finish(lost);
      case Write.RecoveredLoss lost -> loss.finish(lost);
      case Write.Withdrawal withdrawal -> {
        // It never was in the books.
      }
    }
  }

  /**
   * Agents can try again; a loss that cannot be written would leave the books and the registry
   * apart.
   */
  private void notWritten(Write write, String reason) {
    term.out()
        .warn(
            "The registry refused a change",
            "change",
            write.getClass().getSimpleName(),
            "reason",
            reason);
    switch (write) {
      case Write.Admission admission -> agents.notWritten(admission.session(), reason);
      case Write.Readmission readmission -> agents.notWritten(readmission.session(), reason);
      case Write.Loss lost -> term.out().emit(new MasterEffect.Resign(reason));
      case Write.RecoveredLoss lost -> term.out().emit(new MasterEffect.Resign(reason));
      case Write.FrameworkChange change -> {
        // The framework goes on; a later leader may know less of it.
      }
      case Write.Withdrawal withdrawal -> {
        // A later leader will wait for an agent that does not exist, and mark it unreachable.
      }
    }
  }
}
