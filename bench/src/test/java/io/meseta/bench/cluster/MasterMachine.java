package io.meseta.bench.cluster;

import io.meseta.allocator.Allocator;
import io.meseta.allocator.AllocatorEffect;
import io.meseta.allocator.AllocatorInput;
import io.meseta.allocator.AllocatorOptions;
import io.meseta.kernel.Authorizer;
import io.meseta.kernel.Core;
import io.meseta.kernel.Meters;
import io.meseta.kernel.Principal;
import io.meseta.log.registry.Registry;
import io.meseta.log.registry.RegistryEffect;
import io.meseta.log.registry.RegistryInput;
import io.meseta.log.registry.RegistryState;
import io.meseta.log.registry.RegistryStorage;
import io.meseta.master.core.Master;
import io.meseta.master.core.MasterEffect;
import io.meseta.master.core.MasterInput;
import io.meseta.master.core.MasterOptions;
import io.meseta.master.core.RequestAddress;
import io.meseta.master.core.StreamAddress;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.ElectLeader;
import io.meseta.schema.internal.v1.InitializeCluster;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.internal.v1.RegistryOperation;
import io.meseta.schema.v1.MasterInfo;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.testing.sim.SimNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The machine of the master: registry on a journal, and while it leads, master and allocator, the
 * far ends of links and streams. Wired as the shells wire them.
 */
final class MasterMachine {
  private static final long INITIALIZE = -1;
  private static final long ELECT = -2;
  private static final long NOTICE_NANOS = 4_000_000_000L;

  private record FarEnd(AgentMachine agent, Link<AgentToMaster> link) {}

  private final Cluster cluster;
  private final MemoryJournal journal = new MemoryJournal();
  private final SimNode<RegistryInput, RegistryEffect> registryNode;
  private final SimNode<MasterInput, MasterEffect> masterNode;
  private final SimNode<AllocatorInput, AllocatorEffect> allocatorNode;
  private final Map<String, FarEnd> links = new LinkedHashMap<>();
  private final Map<StreamAddress, Stream> streams = new LinkedHashMap<>();
  private final Map<RequestAddress, Call> calls = new LinkedHashMap<>();
  private final Optional<Duration> offerTimeout;
  private Optional<Runnable> unwritten = Optional.empty();
  private @Nullable Registry registry;
  private @Nullable Master master;
  private @Nullable Allocator allocator;
  private long epoch;
  private long nextSession;
  private long nextRequest;
  private int betweenMasterAndAllocator;

  MasterMachine(Cluster cluster) {
    this.cluster = cluster;
    this.offerTimeout =
        cluster.rng.chance(0.5) ? Optional.of(Duration.ofSeconds(10)) : Optional.empty();
    registryNode =
        new SimNode<>(
            cluster.world, "registry", this::bearRegistry, (n, effect) -> carryOut(effect));
    masterNode =
        new SimNode<>(cluster.world, "master", this::bearMaster, (n, effect) -> carryOut(effect));
    allocatorNode =
        new SimNode<>(
            cluster.world, "allocator", this::bearAllocator, (n, effect) -> carryOut(effect));
  }

  private Core<RegistryInput, RegistryEffect> bearRegistry() {
    Registry born = new Registry(cluster.world.nowNanos());
    registry = born;
    return born;
  }

  private Core<MasterInput, MasterEffect> bearMaster() {
    MasterOptions.Builder options =
        MasterOptions.builder(
                MasterInfo.newBuilder()
                    .setId("")
                    .setIp(1)
                    .setPort(5050)
                    .setHostname("master")
                    .build())
            .epoch(epoch)
            .agentPingTimeout(Duration.ofSeconds(5))
            .maxAgentPingTimeouts(3)
            .agentReregisterTimeout(Duration.ofSeconds(20))
            .ownFaultFailoverTimeout(Duration.ofSeconds(15));
    offerTimeout.ifPresent(options::offerTimeout);
    Master born =
        new Master(options.build(), cluster.world.fork(), Meters.NONE, Authorizer.PERMISSIVE);
    master = born;
    return new Tampered<>(born, cluster.mutation.master(), cluster.invariants.ofMaster());
  }

  private Core<AllocatorInput, AllocatorEffect> bearAllocator() {
    Allocator born = new Allocator(AllocatorOptions.defaults(), cluster.world.fork());
    allocator = born;
    return new Tampered<>(born, cluster.mutation.allocator(), cluster.invariants.ofAllocator());
  }

  // Life and death.

  void start() {
    RegistryInput.Recovered recovered;
    try {
      recovered = RegistryStorage.recover(journal);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    registryNode.start();
    registryNode.deliver(recovered);
    RegistryState state = recovered.state();
    if (state.clusterId().isEmpty()) {
      append(
          INITIALIZE,
          RegistryOperation.newBuilder()
              .setInitializeCluster(InitializeCluster.newBuilder().setClusterId("cluster"))
              .build());
    }
    epoch = state.head().getEpoch() + 1;
    append(
        ELECT,
        RegistryOperation.newBuilder()
            .setDecidedAtNanos(cluster.world.nowNanos())
            .setElectLeader(
                ElectLeader.newBuilder()
                    .setEpoch(epoch)
                    .setLeader(
                        MasterInfo.newBuilder()
                            .setId("")
                            .setIp(1)
                            .setPort(5050)
                            .setHostname("master")))
            .build());
  }

  private void elected() {
    masterNode.start();
    allocatorNode.start();
    betweenMasterAndAllocator = 0;
    masterNode.deliver(new MasterInput.Recovered(currentRegistry().state()));
    cluster.invariants.termBegins();
  }

  /** Everything in memory is lost; what was being written is written or not. */
  void crash() {
    if (unwritten.isPresent() && cluster.world.rng().chance(0.5)) {
      unwritten.get().run();
    }
    unwritten = Optional.empty();
    registryNode.crash();
    registry = null;
    if (masterNode.isUp()) {
      masterNode.crash();
      allocatorNode.crash();
    }
    master = null;
    allocator = null;
    calls.clear();
    links.forEach((session, end) -> tellAgent(end.agent(), session));
    links.clear();
    streams.values().forEach(Stream::serverGone);
    streams.clear();
  }

  boolean isUp() {
    return registryNode.isUp();
  }

  boolean leads() {
    return masterNode.isUp();
  }

  Master master() {
    if (master == null) {
      throw new IllegalStateException("nobody leads");
    }
    return master;
  }

  Allocator allocator() {
    if (allocator == null) {
      throw new IllegalStateException("nobody leads");
    }
    return allocator;
  }

  private Registry currentRegistry() {
    if (registry == null) {
      throw new IllegalStateException("the machine is down");
    }
    return registry;
  }

  /** Whether master and allocator have heard everything from each other. */
  boolean allocatorIsCurrent() {
    return betweenMasterAndAllocator == 0;
  }

  // Registry.

  private void append(long operation, RegistryOperation entry) {
    registryNode.deliver(new RegistryInput.Apply(operation, entry));
  }

  private void carryOut(RegistryEffect effect) {
    switch (effect) {
      case RegistryEffect.Append append -> write(append);
      case RegistryEffect.Snapshot(long position, RegistryState state) ->
          journal.snapshot(
              position, state.slices().stream().map(slice -> slice.toByteArray()).toList());
      case RegistryEffect.Committed committed -> {
        if (committed.opId() == ELECT) {
          int life = registryNode.incarnation();
          cluster.world.after(
              0,
              "elected",
              () -> {
                if (registryNode.isUp() && registryNode.incarnation() == life) {
                  elected();
                }
              });
        } else if (committed.opId() != INITIALIZE) {
          masterNode.later(0, "committed", new MasterInput.Committed(committed.opId()));
        }
      }
      case RegistryEffect.Rejected rejected -> {
        if (rejected.opId() < 0) {
          throw new AssertionError("nobody can be elected: " + rejected.reason());
        }
        masterNode.later(
            0, "not committed", new MasterInput.NotCommitted(rejected.opId(), rejected.reason()));
      }
      case RegistryEffect.Aborted(String reason) ->
          throw new AssertionError("the registry has given up: " + reason);
    }
  }

  private void write(RegistryEffect.Append append) {
    Runnable platter =
        () ->
            journal.append(
                append.operations().stream().map(RegistryOperation::toByteArray).toList());
    unwritten = Optional.of(platter);
    int life = registryNode.incarnation();
    cluster.disks.send(
        "registry",
        "disk of registry",
        "registry writes "
            + append.operations().stream().map(RegistryOperation::getOperationCase).toList(),
        () -> {
          if (registryNode.isUp() && registryNode.incarnation() == life) {
            platter.run();
            unwritten = Optional.empty();
            registryNode.deliver(
                new RegistryInput.Committed(append.batchId(), journal.lastPosition()));
          }
        });
  }

  // Links.

  /** An agent asks to be attached. */
  void hello(AgentMachine agent, Consumer<String> welcome) {
    if (!masterNode.isUp()) {
      return;
    }
    links.entrySet().stream()
        .filter(entry -> entry.getValue().agent() == agent)
        .map(Map.Entry::getKey)
        .toList()
        .forEach(this::linkClosed);
    String session = "session-" + ++nextSession;
    links.put(session, new FarEnd(agent, new Link<>(session)));
    welcome.accept(session);
  }

  void receive(AgentMachine from, Link.Envelope<AgentToMaster> envelope) {
    FarEnd end = links.get(envelope.session());
    if (end == null) {
      tellAgent(from, envelope.session());
      return;
    }
    end.link()
        .receive(
            envelope,
            new Link.Receiver<>() {
              @Override
              public void next(AgentToMaster message) {
                masterNode.deliver(
                    new MasterInput.FromAgent(envelope.session(), message, Principal.ANONYMOUS));
              }

              @Override
              public void over(boolean missing) {
                if (missing) {
                  send(end, end.link().end(), "end");
                }
                linkClosed(envelope.session());
              }
            });
  }

  /** Nobody is at this end any more; the agent's link finds out sooner or later. */
  private void tellAgent(AgentMachine agent, String session) {
    cluster.world.after(
        cluster.world.rng().nextLong(NOTICE_NANOS),
        agent.name + " notices that " + session + " is gone",
        () -> agent.breakLinkIf(session));
  }

  /** Nobody is at the other end any more; that is found out sooner, later, or by missing pongs. */
  void farEndGone(String session) {
    if (cluster.world.rng().chance(0.7)) {
      cluster.world.after(
          cluster.world.rng().nextLong(NOTICE_NANOS),
          "master notices that " + session + " is gone",
          () -> linkClosed(session));
    }
  }

  private void linkClosed(String session) {
    if (links.remove(session) != null) {
      masterNode.deliver(new MasterInput.LinkClosed(session));
    }
  }

  private void send(FarEnd end, Link.Envelope<MasterToAgent> envelope, String what) {
    cluster.bus.send("master", end.agent().name, what, () -> end.agent().receive(envelope));
  }

  // Streams and calls.

  /** A SUBSCRIBE arrives with its connection. */
  void subscribe(Stream stream, Call call) {
    if (!masterNode.isUp()) {
      stream.serverGone();
      return;
    }
    streams.put(stream.address(), stream);
    masterNode.deliver(
        new MasterInput.Subscribe(stream.address(), stream.streamId(), Principal.ANONYMOUS, call));
  }

  void streamClosed(Stream stream, MasterInput.CloseCause cause) {
    if (streams.remove(stream.address()) != null) {
      masterNode.deliver(new MasterInput.StreamClosed(stream.address(), cause));
    }
  }

  void arrived(Stream stream, long bytes) {
    if (streams.containsKey(stream.address())) {
      masterNode.deliver(new MasterInput.StreamAcknowledged(stream.address(), bytes));
    }
  }

  /** Any other call arrives. */
  void call(String streamId, Call call) {
    if (!masterNode.isUp()) {
      return;
    }
    RequestAddress request = new RequestAddress("api", 0, ++nextRequest);
    calls.put(request, call);
    masterNode.deliver(
        new MasterInput.SchedulerCall(request, Principal.ANONYMOUS, Optional.of(streamId), call));
    if (calls.remove(request) != null) {
      throw new AssertionError("not answered: " + call.getType());
    }
  }

  // What the master wants.

  private void carryOut(MasterEffect effect) {
    switch (effect) {
      case MasterEffect.Answer answer -> {
        Call call = calls.remove(answer.request());
        if (call == null) {
          throw new AssertionError("answered twice: " + answer);
        }
      }
      case MasterEffect.Send(StreamAddress address, var event) -> {
        Stream stream = streams.get(address);
        if (stream != null) {
          stream.send(event);
        }
      }
      case MasterEffect.CloseStream(StreamAddress address) -> {
        Stream stream = streams.remove(address);
        if (stream != null) {
          stream.end();
        }
      }
      case MasterEffect.ToAgent(String session, MasterToAgent message) -> {
        FarEnd end = links.get(session);
        if (end != null) {
          send(end, end.link().wrap(message), Describe.message(message));
        }
      }
      case MasterEffect.CloseLink(String session, String reason) -> {
        FarEnd end = links.remove(session);
        if (end != null) {
          send(end, end.link().end(), "end: " + reason);
        }
      }
      case MasterEffect.ToAllocator(AllocatorInput input) ->
          between(
              "master",
              "allocator",
              input.getClass().getSimpleName(),
              () -> allocatorNode.deliver(input));
      case MasterEffect.Append(long operation, RegistryOperation entry) -> append(operation, entry);
      case MasterEffect.Publish _ -> {
        // The feed has its own tests.
      }
      case MasterEffect.Resign(String reason) ->
          throw new AssertionError("the master resigns: " + reason);
      case MasterEffect.Log(var line) ->
          cluster.world.trace(() -> "master: " + line.message() + " " + line.fields());
    }
  }

  private void carryOut(AllocatorEffect effect) {
    switch (effect) {
      case AllocatorEffect.Offers offers ->
          between(
              "allocator",
              "master",
              "offers for " + offers.frameworkId(),
              () -> masterNode.deliver(new MasterInput.Allocated(offers)));
      case AllocatorEffect.Log(var line) ->
          throw new AssertionError("allocator: " + line.message() + " " + line.fields());
    }
  }

  private void between(String from, String to, String what, Runnable arrival) {
    betweenMasterAndAllocator++;
    int life = masterNode.incarnation();
    cluster.wires.send(
        from,
        to,
        what,
        () -> {
          if (masterNode.isUp() && masterNode.incarnation() == life) {
            betweenMasterAndAllocator--;
            arrival.run();
          }
        });
  }
}
