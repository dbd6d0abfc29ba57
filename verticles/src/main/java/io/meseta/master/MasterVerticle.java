package io.meseta.master;

import io.meseta.allocator.Allocator;
import io.meseta.allocator.AllocatorEffect;
import io.meseta.allocator.AllocatorInput;
import io.meseta.allocator.AllocatorVerticle;
import io.meseta.bus.Bus;
import io.meseta.bus.Subscription;
import io.meseta.kernel.Clock;
import io.meseta.kernel.Ids;
import io.meseta.kernel.Principal;
import io.meseta.kernel.Rng;
import io.meseta.link.LinkGate;
import io.meseta.master.core.ChangeFeed;
import io.meseta.master.core.Master;
import io.meseta.master.core.MasterEffect;
import io.meseta.master.core.MasterInput;
import io.meseta.master.core.MasterOptions;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.ElectLeader;
import io.meseta.schema.internal.v1.InitializeCluster;
import io.meseta.schema.internal.v1.RegistryOperation;
import io.meseta.schema.v1.MasterInfo;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shell of one term of leadership (D-12): reads the registry, becomes the leader in it, and
 * from then on hands the {@link Master} core what happens and carries out what it wants. Alone on
 * its event loop (D-4), which it asserts.
 *
 * <p>Master, allocator, links and the routes of API instances live and die together: undeploying
 * the verticle ends the term. One that cannot lead on says so once, by {@link
 * MasterNode#onFailure}.
 */
public final class MasterVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(MasterVerticle.class);

  /** Changes that readers may be behind before they have to start from a snapshot. */
  public static final int CHANGES_KEPT = 16_384;

  /** How long the last changes may take to become durable when the term is ended in order. */
  private static final long SETTLE_MILLIS = 2_000;

  // Numbers of the shell's own registry operations; the core counts up from 1.
  private static final long INITIALIZE = -1;
  private static final long ELECT = -2;

  private final MasterNode node;
  private final Bus bus;
  private final Clock clock;
  private final LogWriter log = new LogWriter(LOG);
  private final ChangeFeed changes = new ChangeFeed(CHANGES_KEPT);
  private final Promise<Void> elected = Promise.promise();

  // Set once, by start.
  private @Nullable Thread owner;
  private @Nullable Context home;
  private @Nullable ApiPeers peers;
  private @Nullable RegistryShell registry;
  private @Nullable Subscription calls;
  private @Nullable Term term;
  private boolean ended;

  /** What exists only while this node leads. */
  private record Term(
      long epoch, Master master, AllocatorVerticle allocator, LinkGate gate, WakeUp wakeUp) {}

  public MasterVerticle(MasterNode node, Bus bus, Clock clock) {
    this.node = node;
    this.bus = bus;
    this.clock = clock;
  }

  /** Complete when this node leads and takes calls. */
  @Override
  public Future<?> start() {
    owner = Thread.currentThread();
    Context here = vertx.getOrCreateContext();
    home = here;
    ApiPeers apis = new ApiPeers(bus, here, this::handle);
    peers = apis;
    apis.announce(
        0, new Standing(Standing.Phase.RECOVERING, Optional.of(node.options(0).build().info())));
    Subscription listening =
        bus.consume(MasterAddresses.MASTER, MasterAddresses.MASTER.at(node.name()), this::fromApi);
    calls = listening;
    return listening
        .ready()
        .compose(
            ready -> RegistryShell.open(vertx, clock, node.registryDirectory(), fromRegistry()))
        .compose(this::elect)
        .compose(this::lead)
        .recover(failure -> giveUp().transform(closed -> Future.failedFuture(failure)));
  }

  /** A verticle whose start fails is not stopped: what it has opened is its own to close. */
  private Future<Void> giveUp() {
    ended = true;
    return registry == null ? Future.succeededFuture() : registry.close();
  }

  /** Each term begins with a write, which proves that nobody else writes (D-11). */
  private Future<RegistryShell> elect(RegistryShell opened) {
    registry = opened;
    if (opened.state().clusterId().isEmpty()) {
      opened.append(
          INITIALIZE,
          RegistryOperation.newBuilder()
              .setInitializeCluster(
                  InitializeCluster.newBuilder().setClusterId(Ids.uuid(Rng.secure()).toString()))
              .build());
    }
    opened.append(
        ELECT,
        RegistryOperation.newBuilder()
            .setDecidedAtNanos(clock.nanos())
            .setElectLeader(
                ElectLeader.newBuilder()
                    .setEpoch(opened.state().head().getEpoch() + 1)
                    .setLeader(node.options(0).build().info()))
            .build());
    return elected.future().map(opened);
  }

  private Future<Void> lead(RegistryShell recovered) {
    long epoch = recovered.state().head().getEpoch();
    MasterOptions options = node.options(epoch).build();
    Master master = new Master(options, Rng.secure(), node.meters(), node.authorizer());
    MasterInfo leader = master.info();
    AllocatorVerticle allocator =
        new AllocatorVerticle(
            new Allocator(node.allocatorOptions(), Rng.secure()),
            clock,
            node.meters(),
            effects -> onHome(() -> allocated(epoch, effects)));
    LinkGate gate =
        new LinkGate(
            bus,
            node.name(),
            recovered.state().clusterId(),
            epoch,
            node.agentAuthenticator(),
            new LinkGate.Listener() {
              @Override
              public void received(String session, AgentToMaster message, Principal principal) {
                handle(new MasterInput.FromAgent(session, message, principal));
              }

              @Override
              public void closed(String session) {
                handle(new MasterInput.LinkClosed(session));
              }
            });
    term = new Term(epoch, master, allocator, gate, new WakeUp(vertx, clock, this::onTime));
    return vertx
        .deployVerticle(allocator, AllocatorVerticle.deployment())
        .compose(
            deployed -> {
              handle(new MasterInput.Recovered(recovered.state()));
              return gate.open();
            })
        .onSuccess(
            open -> {
              LOG.atInfo()
                  .addKeyValue("id", leader.getId())
                  .addKeyValue("epoch", epoch)
                  .addKeyValue("cluster", recovered.state().clusterId())
                  .log("this master leads");
              apis().announce(epoch, new Standing(Standing.Phase.LEADING, Optional.of(leader)));
            });
  }

  // What happens

  private void fromApi(FromApi message) {
    assertOwner();
    switch (message) {
      case FromApi.Attach attach -> apis().attach(attach);
      case FromApi.Detach detach -> apis().detach(detach);
      case FromApi.Inputs batch -> {
        Term current = term;
        if (current == null || ended || batch.epoch() != current.epoch()) {
          return;
        }
        for (MasterInput input : batch.inputs()) {
          switch (input) {
            case MasterInput.Subscribe subscribe -> apis().opened(subscribe.stream());
            case MasterInput.StreamClosed closed -> apis().closed(closed.stream());
            default -> {}
          }
          handle(input);
        }
      }
    }
  }

  private RegistryShell.Listener fromRegistry() {
    return new RegistryShell.Listener() {
      @Override
      public void committed(long operation) {
        if (operation == ELECT) {
          elected.tryComplete();
        } else if (operation != INITIALIZE) {
          handle(new MasterInput.Committed(operation));
        }
      }

      @Override
      public void notCommitted(long operation, String reason) {
        if (operation < 0) {
          elected.tryFail("this master cannot be elected: " + reason);
        } else {
          handle(new MasterInput.NotCommitted(operation, reason));
        }
      }

      @Override
      public void aborted(String reason) {
        elected.tryFail(reason);
        fail(reason);
      }
    };
  }

  private void allocated(long epoch, List<AllocatorEffect> effects) {
    Term current = term;
    if (ended || current == null || current.epoch() != epoch) {
      return;
    }
    for (AllocatorEffect effect : effects) {
      switch (effect) {
        case AllocatorEffect.Offers offers -> handle(new MasterInput.Allocated(offers));
        case AllocatorEffect.Log(var line) -> log.write(line);
      }
    }
  }

  private void onTime() {
    Term current = term;
    if (!ended && current != null) {
      List<MasterEffect> effects = new ArrayList<>();
      current.master().onTime(clock.nanos(), effects::add);
      carryOut(current, effects);
    }
  }

  private void handle(MasterInput input) {
    assertOwner();
    Term current = term;
    if (ended || current == null) {
      return;
    }
    List<MasterEffect> effects = new ArrayList<>();
    current.master().on(input, clock.nanos(), effects::add);
    carryOut(current, effects);
  }

  // What is to be done

  private void carryOut(Term current, List<MasterEffect> effects) {
    List<AllocatorInput> toAllocator = new ArrayList<>();
    for (MasterEffect effect : effects) {
      switch (effect) {
        case MasterEffect.Answer answer -> apis().answer(answer);
        case MasterEffect.Send send -> apis().send(send);
        case MasterEffect.CloseStream close -> apis().close(close);
        case MasterEffect.ToAgent to -> current.gate().send(to.session(), to.message());
        case MasterEffect.CloseLink close -> current.gate().close(close.session());
        case MasterEffect.ToAllocator(AllocatorInput input) -> toAllocator.add(input);
        case MasterEffect.Append append -> journal().append(append.operation(), append.entry());
        case MasterEffect.Publish publish -> changes.append(publish.change());
        case MasterEffect.Resign(String reason) -> fail(reason);
        case MasterEffect.Log(var line) -> log.write(line);
      }
    }
    if (!toAllocator.isEmpty()) {
      try {
        current.allocator().deliver(toAllocator);
      } catch (IllegalStateException e) {
        // Its books would have a hole: only a new term can be right again.
        fail(String.valueOf(e.getMessage()));
      }
    }
    current.wakeUp().at(ended ? Long.MAX_VALUE : current.master().wakeUpNanos());
  }

  private void fail(String reason) {
    if (!ended) {
      LOG.atError().addKeyValue("reason", reason).log("this master cannot lead any longer");
      apis().announce(epoch(), new Standing(Standing.Phase.FOLLOWING, Optional.empty()));
      apis().closeAll();
      ended = true;
      onHome(() -> node.onFailure().accept(reason));
    }
  }

  /** Streams first, then links, then the disk: everybody hears of the end before it comes. */
  @Override
  public Future<?> stop() {
    Term current = term;
    RegistryShell opened = registry;
    if (current != null && !ended) {
      apis().announce(epoch(), new Standing(Standing.Phase.FOLLOWING, Optional.empty()));
      apis().closeAll();
    }
    ended = true;
    if (peers != null) {
      apis().flush();
    }
    Future<Void> links = Future.succeededFuture();
    if (current != null) {
      current.wakeUp().cancel();
      links = current.gate().close();
    }
    return links
        .eventually(() -> calls == null ? Future.succeededFuture() : calls.close())
        .eventually(
            () ->
                opened == null
                    ? Future.succeededFuture()
                    : opened
                        .settled()
                        .timeout(SETTLE_MILLIS, TimeUnit.MILLISECONDS)
                        .eventually(opened::close));
  }

  private long epoch() {
    return term == null ? 0 : term.epoch();
  }

  private ApiPeers apis() {
    if (peers == null) {
      throw new IllegalStateException("not started");
    }
    return peers;
  }

  private RegistryShell journal() {
    if (registry == null) {
      throw new IllegalStateException("no registry before it was read");
    }
    return registry;
  }

  private void onHome(Runnable task) {
    Context here = home;
    if (here != null) {
      here.runOnContext(turn -> task.run());
    }
  }

  private void assertOwner() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "the master's thread is " + owner + ", not " + Thread.currentThread());
    }
  }
}
