package io.meseta.master.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.meseta.allocator.AllocatorEffect;
import io.meseta.allocator.AllocatorInput;
import io.meseta.kernel.Authorizer;
import io.meseta.kernel.Meters;
import io.meseta.kernel.Principal;
import io.meseta.kernel.Rng;
import io.meseta.log.registry.RegistryState;
import io.meseta.resources.Resources;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.internal.v1.RegistryOperation;
import io.meseta.schema.v1.MasterInfo;
import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.schema.v1.scheduler.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A master's core alone: the fixture is its registry (which commits at once unless held), its
 * allocator (which offers what the test says), its clock and all its peers. After every input the
 * books are audited, and the change feed must lead to the views.
 */
final class MasterFixture {
  static final String MASTER_ID = "master";
  static final long START_NANOS = 1_700_000_000_000_000_000L;

  final Master master;
  final List<AllocatorInput> toAllocator = new ArrayList<>();
  final List<RegistryOperation> written = new ArrayList<>();
  final List<StreamAddress> closedStreams = new ArrayList<>();
  final List<String> closedLinks = new ArrayList<>();
  final List<MasterEffect.Answer> answers = new ArrayList<>();
  final List<Change> changes = new ArrayList<>();
  final Map<StreamAddress, List<Event>> events = new HashMap<>();
  final Map<String, List<MasterToAgent>> toAgents = new HashMap<>();
  final CountingMeters meters = new CountingMeters();
  final List<String> resigned = new ArrayList<>();

  private final Map<String, View> followed = new LinkedHashMap<>();
  private final List<Long> uncommitted = new ArrayList<>();
  private long nowNanos = START_NANOS;
  private long nextStream = 1;
  private long nextRequest = 1;
  private int nextSession = 1;
  private boolean registryHeld;
  private boolean readersStopped;
  private final Map<StreamAddress, Long> arrived = new HashMap<>();
  private final List<StreamAddress> unacknowledged = new ArrayList<>();

  MasterFixture() {
    this(options -> options);
  }

  MasterFixture(UnaryOperator<MasterOptions.Builder> options) {
    this(options, Authorizer.PERMISSIVE, RegistryState.EMPTY);
  }

  MasterFixture(
      UnaryOperator<MasterOptions.Builder> options, Authorizer authorizer, RegistryState registry) {
    MasterInfo info =
        MasterInfo.newBuilder()
            .setId(MASTER_ID)
            .setIp(0x0100007F)
            .setPort(5050)
            .setHostname("m")
            .build();
    master =
        new Master(
            options.apply(MasterOptions.builder(info)).build(), Rng.seeded(1), meters, authorizer);
    input(new MasterInput.Recovered(registry));
  }

  // What can happen.

  void input(MasterInput input) {
    List<MasterEffect> effects = new ArrayList<>();
    master.on(input, nowNanos, effects::add);
    carryOut(effects);
  }

  /** Time passes; whatever is due meanwhile happens at its time. */
  void advance(Duration duration) {
    long end = nowNanos + duration.toNanos();
    while (master.wakeUpNanos() <= end) {
      nowNanos = Math.max(nowNanos, master.wakeUpNanos());
      List<MasterEffect> effects = new ArrayList<>();
      master.onTime(nowNanos, effects::add);
      carryOut(effects);
    }
    nowNanos = end;
  }

  long nowNanos() {
    return nowNanos;
  }

  /** From now on writes wait for {@link #releaseRegistry}. */
  void holdRegistry() {
    registryHeld = true;
  }

  void releaseRegistry() {
    registryHeld = false;
    commitPending();
  }

  /** From now on nothing that is sent to frameworks arrives, until {@link #resumeReaders}. */
  void stopReaders() {
    readersStopped = true;
  }

  void resumeReaders() {
    readersStopped = false;
    acknowledgePending();
  }

  void failRegistry(String reason) {
    List<Long> failed = List.copyOf(uncommitted);
    uncommitted.clear();
    failed.forEach(operation -> input(new MasterInput.NotCommitted(operation, reason)));
  }

  private void commitPending() {
    while (!registryHeld && !uncommitted.isEmpty()) {
      input(new MasterInput.Committed(uncommitted.removeFirst()));
    }
  }

  /** The allocator gives; what comes back is the offer that the framework got for it, if any. */
  Optional<Offer> allocate(
      TestFramework framework, TestAgent agent, String role, String resources) {
    int before = framework.offers().size();
    Map<String, Resources> byAgent = Map.of(agent.id(), Resources.parse(resources).allocate(role));
    input(
        new MasterInput.Allocated(
            new AllocatorEffect.Offers(framework.id(), Map.of(role, byAgent))));
    List<Offer> offers = framework.offers();
    return offers.size() > before ? Optional.of(offers.getLast()) : Optional.empty();
  }

  Offer offer(TestFramework framework, TestAgent agent, String resources) {
    return allocate(framework, agent, framework.role(), resources).orElseThrow();
  }

  // Peers.

  TestFramework.Setup framework() {
    return new TestFramework.Setup(this);
  }

  TestAgent.Setup agent() {
    return new TestAgent.Setup(this);
  }

  StreamAddress newStream() {
    StreamAddress stream = new StreamAddress("node", 0, nextStream++);
    events.put(stream, new ArrayList<>());
    return stream;
  }

  String newSession() {
    String session = "session-" + nextSession++;
    toAgents.put(session, new ArrayList<>());
    return session;
  }

  MasterEffect.Answer call(Call call, Optional<String> streamId) {
    return call(call, streamId, Principal.ANONYMOUS);
  }

  MasterEffect.Answer call(Call call, Optional<String> streamId, Principal principal) {
    RequestAddress request = new RequestAddress("node", 0, nextRequest++);
    input(new MasterInput.SchedulerCall(request, principal, streamId, call));
    MasterEffect.Answer answer = answers.getLast();
    assertEquals(request, answer.request(), "the call was not answered");
    return answer;
  }

  void fromAgent(String session, AgentToMaster.Builder message) {
    input(new MasterInput.FromAgent(session, message.build(), Principal.ANONYMOUS));
  }

  // What was done.

  private void carryOut(List<MasterEffect> effects) {
    for (MasterEffect effect : effects) {
      switch (effect) {
        case MasterEffect.Answer answer -> answers.add(answer);
        case MasterEffect.Send send -> {
          events.get(send.stream()).add(send.event());
          arrived.merge(send.stream(), (long) send.event().getSerializedSize(), Long::sum);
          unacknowledged.add(send.stream());
        }
        case MasterEffect.CloseStream close -> closedStreams.add(close.stream());
        case MasterEffect.ToAgent message -> toAgents.get(message.session()).add(message.message());
        case MasterEffect.CloseLink close -> closedLinks.add(close.session());
        case MasterEffect.ToAllocator message -> toAllocator.add(message.input());
        case MasterEffect.Append append -> {
          written.add(append.entry());
          uncommitted.add(append.operation());
        }
        case MasterEffect.Publish publish -> follow(publish.change());
        case MasterEffect.Resign resign -> resigned.add(resign.reason());
        case MasterEffect.Log log -> {
          // Tests judge what is done, not what is said about it.
        }
      }
    }
    Audit.check(master.books());
    assertEquals(followed.size(), snapshotSize(), "the feed and the views differ");
    commitPending();
    acknowledgePending();
  }

  private void acknowledgePending() {
    while (!readersStopped && !unacknowledged.isEmpty()) {
      StreamAddress stream = unacknowledged.removeFirst();
      input(new MasterInput.StreamAcknowledged(stream, arrived.get(stream)));
    }
  }

  private void follow(Change change) {
    assertEquals(changes.size() + 1L, change.sequence(), "the feed has a gap");
    changes.add(change);
    String key = change.entity() + " " + change.id();
    switch (change.kind()) {
      case ADDED ->
          assertEquals(null, followed.put(key, change.view().orElseThrow()), "added twice: " + key);
      case UPDATED -> followed.replace(key, followed.get(key), change.view().orElseThrow());
      case REMOVED -> followed.remove(key);
    }
  }

  private int snapshotSize() {
    Views.Snapshot snapshot = master.views().snapshot();
    int size = 0;
    for (View.Kind kind : View.Kind.values()) {
      size += snapshot.size(kind);
    }
    return size;
  }

  <T extends AllocatorInput> List<T> toAllocator(Class<T> kind) {
    return toAllocator.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  AllocatorInput.RecoverResources lastRecovered() {
    return toAllocator(AllocatorInput.RecoverResources.class).getLast();
  }

  long count(String meter) {
    return meters.count("master/" + meter);
  }

  double gauge(String meter) {
    return meters.gauge("master/" + meter);
  }

  /** Counts. */
  static final class CountingMeters implements Meters {
    private final Map<String, Long> counts = new HashMap<>();
    private final Map<String, java.util.function.DoubleSupplier> gauges = new HashMap<>();

    @Override
    public Counter counter(Name name) {
      return amount -> counts.merge(name.upstream(), amount, Long::sum);
    }

    @Override
    public void gauge(Name name, java.util.function.DoubleSupplier value) {
      gauges.put(name.upstream(), value);
    }

    @Override
    public Timer timer(Name name) {
      return nanos -> {};
    }

    long count(String name) {
      return counts.getOrDefault(name, 0L);
    }

    double gauge(String name) {
      return gauges.get(name).getAsDouble();
    }
  }
}
