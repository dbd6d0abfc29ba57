package io.meseta.agent;

import io.meseta.agent.core.Agent;
import io.meseta.agent.core.AgentEffect;
import io.meseta.agent.core.AgentInput;
import io.meseta.isolation.supervisor.PosixSupervisor;
import io.meseta.kernel.Clock;
import io.meseta.kernel.LogLine;
import io.meseta.kernel.Rng;
import io.meseta.link.AgentLink;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.internal.v1.SupervisorEvent;
import io.meseta.schema.v1.AgentID;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The shell of one agent: hands its core what happens and carries out what it wants. Owner of the
 * core; everything below runs on this verticle's event loop (D-4).
 *
 * <p>Deployment fails with an {@link AgentStartException} if the agent cannot start. Undeployment
 * ends all containers and takes at most five seconds, unless processes cannot be killed.
 */
public final class AgentVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(AgentVerticle.class);

  private final AgentOptions options;
  private final AgentLink link;
  private final Clock clock = Clock.system();
  private final Promise<String> registered = Promise.promise();
  private final Promise<String> failed = Promise.promise();
  private final Promise<Void> ended = Promise.promise();

  private @Nullable Agent agent;
  private @Nullable AgentJournal journal;
  private @Nullable SandboxWorkers sandboxes;
  private @Nullable PosixSupervisor supervisor;
  private final Deque<AgentInput> inputs = new ArrayDeque<>();
  private @Nullable Thread owner;
  private boolean busy;
  private long timer = -1;
  private long timerNanos = Long.MAX_VALUE;

  /**
   * @param link the way to the master; belongs to this verticle from now on
   */
  public AgentVerticle(AgentOptions options, AgentLink link) {
    this.options = options;
    this.link = link;
  }

  /** The agent's id, when it has one: at once after a restart, else after its registration. */
  public Future<String> registered() {
    return registered.future();
  }

  /** Why the agent cannot go on and must be stopped, if that happens. */
  public Future<String> failed() {
    return failed.future();
  }

  @Override
  public Future<?> start() {
    owner = Thread.currentThread();
    return vertx.executeBlocking(() -> AgentStartup.run(options)).compose(this::begin);
  }

  private Future<?> begin(AgentStartup startup) {
    AgentJournal opened =
        startup.journal().write(this::onContext, this::durable, this::journalFailed);
    journal = opened;
    sandboxes = new SandboxWorkers(vertx, "agent-" + deploymentID(), startup.sandboxes(), this::on);
    return vertx
        .executeBlocking(() -> PosixSupervisor.start(this::onContext, this::fromSupervisor))
        .recover(failure -> closeAfter(failure))
        .onSuccess(
            started -> {
              supervisor = started;
              agent = new Agent(startup.config(), Rng.secure());
              on(new AgentInput.Recovered(startup.journal().state()));
              link.open(new Listener());
            });
  }

  private Future<PosixSupervisor> closeAfter(Throwable failure) {
    return closeResources()
        .eventually(
            () -> Future.failedFuture(new AgentStartException(failure.getMessage(), failure)))
        .mapEmpty();
  }

  @Override
  public Future<?> stop() {
    if (agent == null) {
      return Future.succeededFuture();
    }
    on(new AgentInput.Stop(false));
    return ended.future().eventually(link::close).eventually(this::closeResources);
  }

  private Future<Void> closeResources() {
    if (timer >= 0) {
      vertx.cancelTimer(timer);
    }
    if (sandboxes != null) {
      sandboxes.close();
    }
    return vertx.executeBlocking(
        () -> {
          if (supervisor != null) {
            supervisor.close();
          }
          if (journal != null) {
            journal.close();
          }
          return null;
        });
  }

  private void onContext(Runnable command) {
    context.runOnContext(ignored -> command.run());
  }

  /** What the link hears becomes input. */
  private final class Listener implements AgentLink.Listener {
    @Override
    public void opened(String session) {
      on(new AgentInput.LinkOpened(session));
    }

    @Override
    public void received(String session, MasterToAgent message) {
      on(new AgentInput.FromMaster(session, message));
    }

    @Override
    public void closed(String session) {
      on(new AgentInput.LinkClosed(session));
    }
  }

  private void fromSupervisor(SupervisorEvent event) {
    on(new AgentInput.FromSupervisor(event));
  }

  private void durable(long record) {
    on(new AgentInput.Persisted(record));
  }

  /**
   * Lets the core handle an input, then carries out what it wants, in order. What an effect brings
   * about at once waits until then.
   */
  private void on(AgentInput input) {
    assertOwner();
    inputs.add(input);
    if (busy) {
      return;
    }
    busy = true;
    try {
      while (!inputs.isEmpty()) {
        List<AgentEffect> effects = new ArrayList<>();
        core().on(inputs.remove(), clock.nanos(), effects::add);
        finish(effects);
      }
    } finally {
      busy = false;
    }
  }

  private void onTimer() {
    assertOwner();
    timer = -1;
    timerNanos = Long.MAX_VALUE;
    busy = true;
    try {
      List<AgentEffect> effects = new ArrayList<>();
      core().onTime(clock.nanos(), effects::add);
      finish(effects);
    } finally {
      busy = false;
    }
    if (!inputs.isEmpty()) {
      on(inputs.remove());
    }
  }

  private Agent core() {
    return Objects.requireNonNull(agent, "the agent has not started");
  }

  private void assertOwner() {
    // Not the context: the bus hands messages over on duplicates of it.
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "the agent was called on " + Thread.currentThread().getName() + ", not by its owner");
    }
  }

  private void finish(List<AgentEffect> effects) {
    effects.forEach(this::carryOut);
    Objects.requireNonNull(journal).flush();
    if (!registered.future().isComplete()) {
      core().agentId().map(AgentID::getValue).ifPresent(this::known);
    }
    planWakeUp();
  }

  private void known(String agentId) {
    Objects.requireNonNull(sandboxes).linkLatest(agentId);
    registered.complete(agentId);
  }

  private void planWakeUp() {
    long dueNanos = core().wakeUpNanos();
    if (dueNanos == timerNanos) {
      return;
    }
    if (timer >= 0) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
    timerNanos = dueNanos;
    if (dueNanos != Long.MAX_VALUE) {
      // Rounded up: a core that is woken too early has nothing to do.
      long millis = TimeUnit.NANOSECONDS.toMillis(dueNanos - clock.nanos() + 999_999);
      timer = vertx.setTimer(Math.max(1, millis), ignored -> onTimer());
    }
  }

  private void carryOut(AgentEffect effect) {
    switch (effect) {
      case AgentEffect.ToMaster message -> link.send(message.session(), message.message());
      case AgentEffect.Reconnect reconnect ->
          link.reconnect(reconnect.session(), reconnect.reason());
      case AgentEffect.Persist persist ->
          Objects.requireNonNull(journal).append(persist.record(), persist.entry());
      case AgentEffect.PrepareSandbox prepare -> Objects.requireNonNull(sandboxes).prepare(prepare);
      case AgentEffect.TellSandbox tell -> Objects.requireNonNull(sandboxes).tell(tell);
      case AgentEffect.ForgetSandbox forget ->
          Objects.requireNonNull(sandboxes).forget(forget.containerId());
      case AgentEffect.ToSupervisor call -> toSupervisor(call);
      case AgentEffect.Stopped _ -> ended.tryComplete();
      case AgentEffect.Failed failure -> {
        fail(failure.reason());
        if (core().state() == Agent.State.TERMINATING) {
          ended.tryComplete(); // all tasks have been ended
        }
      }
      case AgentEffect.Log line -> log(line.line());
    }
  }

  private void toSupervisor(AgentEffect.ToSupervisor call) {
    try {
      Objects.requireNonNull(supervisor).send(call.call());
    } catch (RejectedExecutionException e) {
      fail("The supervisor takes no more calls: " + e.getMessage());
    }
  }

  private void journalFailed(String reason) {
    assertOwner();
    fail(reason);
  }

  private void fail(String reason) {
    if (failed.tryComplete(reason)) {
      LOG.atError().addKeyValue("cause", reason).log("The agent cannot go on");
    }
  }

  private static void log(LogLine line) {
    LoggingEventBuilder event =
        LOG.atLevel(
            switch (line.level()) {
              case DEBUG -> Level.DEBUG;
              case INFO -> Level.INFO;
              case WARN -> Level.WARN;
              case ERROR -> Level.ERROR;
            });
    for (int i = 0; i + 1 < line.fields().size(); i += 2) {
      event = event.addKeyValue(String.valueOf(line.fields().get(i)), line.fields().get(i + 1));
    }
    event.log(line.message());
  }
}
