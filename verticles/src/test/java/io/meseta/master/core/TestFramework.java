package io.meseta.master.core;

import com.google.protobuf.ByteString;
import io.meseta.kernel.Principal;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.ExecutorID;
import io.meseta.schema.v1.Filters;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.FrameworkInfo.Capability;
import io.meseta.schema.v1.KillPolicy;
import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.OfferID;
import io.meseta.schema.v1.TaskID;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.schema.v1.scheduler.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A framework as the master sees it: a stream of events and calls. */
final class TestFramework {
  /** Describes a framework; the defaults are those of a modern one. */
  static final class Setup {
    private final MasterFixture fixture;
    private final FrameworkInfo.Builder info =
        FrameworkInfo.newBuilder()
            .setUser("user")
            .setName("framework")
            .setFailoverTimeout(1000)
            .setCheckpoint(true)
            .addRoles("r1")
            .addCapabilities(capability(Capability.Type.MULTI_ROLE))
            .addCapabilities(capability(Capability.Type.RESERVATION_REFINEMENT))
            .addCapabilities(capability(Capability.Type.PARTITION_AWARE));
    private final List<String> suppressed = new ArrayList<>();
    private Principal principal = Principal.ANONYMOUS;

    Setup(MasterFixture fixture) {
      this.fixture = fixture;
    }

    Setup id(String id) {
      info.setId(FrameworkID.newBuilder().setValue(id));
      return this;
    }

    Setup name(String name) {
      info.setName(name);
      return this;
    }

    Setup user(String user) {
      info.setUser(user);
      return this;
    }

    Setup principal(String principal) {
      info.setPrincipal(principal);
      return this;
    }

    Setup as(Principal caller) {
      principal = caller;
      return this;
    }

    Setup failoverTimeout(double seconds) {
      info.setFailoverTimeout(seconds);
      return this;
    }

    Setup checkpoint(boolean value) {
      info.setCheckpoint(value);
      return this;
    }

    Setup roles(String... roles) {
      info.clearRoles().addAllRoles(Arrays.asList(roles));
      return this;
    }

    Setup suppressed(String... roles) {
      suppressed.addAll(Arrays.asList(roles));
      return this;
    }

    Setup without(Capability.Type type) {
      List<Capability> kept =
          info.getCapabilitiesList().stream().filter(c -> c.getType() != type).toList();
      info.clearCapabilities().addAllCapabilities(kept);
      return this;
    }

    /** Knows nothing that is newer than the first frameworks. */
    Setup old() {
      info.clearCapabilities().clearRoles();
      return this;
    }

    FrameworkInfo.Builder info() {
      return info;
    }

    TestFramework subscribe() {
      return new TestFramework(fixture, fixture.newStream(), this);
    }

    private static Capability capability(Capability.Type type) {
      return Capability.newBuilder().setType(type).build();
    }
  }

  private final MasterFixture fixture;
  final StreamAddress stream;
  final String streamId;
  private final FrameworkInfo info;
  private final Principal principal;
  private String id;

  private TestFramework(MasterFixture fixture, StreamAddress stream, Setup setup) {
    this.fixture = fixture;
    this.stream = stream;
    this.streamId = "stream-id-" + stream.stream();
    this.info = setup.info.build();
    this.principal = setup.principal;
    this.id = info.getId().getValue();
    Call.Builder call =
        Call.newBuilder()
            .setType(Call.Type.SUBSCRIBE)
            .setSubscribe(
                Call.Subscribe.newBuilder()
                    .setFrameworkInfo(info)
                    .addAllSuppressedRoles(setup.suppressed));
    if (info.hasId()) {
      call.setFrameworkId(info.getId());
    }
    fixture.input(new MasterInput.Subscribe(stream, streamId, principal, call.build()));
    events().stream()
        .filter(Event::hasSubscribed)
        .findFirst()
        .ifPresent(event -> id = event.getSubscribed().getFrameworkId().getValue());
  }

  String id() {
    return id;
  }

  String role() {
    return FrameworkBook.rolesOf(info).iterator().next();
  }

  /** The same framework on a new stream. */
  TestFramework subscribeAgain() {
    Setup setup = new Setup(fixture);
    setup.info.clear().mergeFrom(info).setId(FrameworkID.newBuilder().setValue(id));
    setup.principal = principal;
    return setup.subscribe();
  }

  /** Everything that came on the stream. */
  List<Event> events() {
    return fixture.events.get(stream);
  }

  List<Event> events(Event.Type type) {
    return events().stream().filter(event -> event.getType() == type).toList();
  }

  List<Offer> offers() {
    List<Offer> offers = new ArrayList<>();
    events(Event.Type.OFFERS).forEach(event -> offers.addAll(event.getOffers().getOffersList()));
    return offers;
  }

  List<TaskStatus> updates() {
    return events(Event.Type.UPDATE).stream().map(event -> event.getUpdate().getStatus()).toList();
  }

  TaskStatus lastUpdate() {
    return updates().getLast();
  }

  List<String> rescinded() {
    return events(Event.Type.RESCIND).stream()
        .map(event -> event.getRescind().getOfferId().getValue())
        .toList();
  }

  Optional<String> error() {
    return events(Event.Type.ERROR).stream()
        .map(event -> event.getError().getMessage())
        .findFirst();
  }

  boolean isClosed() {
    return fixture.closedStreams.contains(stream);
  }

  void close() {
    close(MasterInput.CloseCause.CLIENT);
  }

  void close(MasterInput.CloseCause cause) {
    fixture.input(new MasterInput.StreamClosed(stream, cause));
  }

  MasterEffect.Answer call(Call.Builder call) {
    return fixture.call(
        call.setFrameworkId(FrameworkID.newBuilder().setValue(id)).build(),
        Optional.of(streamId),
        principal);
  }

  MasterEffect.Answer accept(List<Offer> offers, Filters filters, Offer.Operation... operations) {
    return call(
        Call.newBuilder()
            .setType(Call.Type.ACCEPT)
            .setAccept(
                Call.Accept.newBuilder()
                    .addAllOfferIds(offers.stream().map(Offer::getId).toList())
                    .setFilters(filters)
                    .addAllOperations(Arrays.asList(operations))));
  }

  MasterEffect.Answer launch(Offer offer, TaskInfo... tasks) {
    return accept(List.of(offer), Filters.getDefaultInstance(), Tasks.launch(tasks));
  }

  MasterEffect.Answer decline(Offer offer, double refuseSeconds) {
    return decline(offer.getId(), Filters.newBuilder().setRefuseSeconds(refuseSeconds).build());
  }

  MasterEffect.Answer decline(OfferID offer, Filters filters) {
    return call(
        Call.newBuilder()
            .setType(Call.Type.DECLINE)
            .setDecline(Call.Decline.newBuilder().addOfferIds(offer).setFilters(filters)));
  }

  MasterEffect.Answer kill(String taskId) {
    return call(
        Call.newBuilder()
            .setType(Call.Type.KILL)
            .setKill(Call.Kill.newBuilder().setTaskId(TaskID.newBuilder().setValue(taskId))));
  }

  MasterEffect.Answer kill(String taskId, String agentId, Optional<KillPolicy> policy) {
    Call.Kill.Builder kill =
        Call.Kill.newBuilder()
            .setTaskId(TaskID.newBuilder().setValue(taskId))
            .setAgentId(AgentID.newBuilder().setValue(agentId));
    policy.ifPresent(kill::setKillPolicy);
    return call(Call.newBuilder().setType(Call.Type.KILL).setKill(kill));
  }

  MasterEffect.Answer acknowledge(TaskStatus status) {
    return acknowledge(
        status.getTaskId().getValue(), status.getAgentId().getValue(), status.getUuid());
  }

  MasterEffect.Answer acknowledge(String taskId, String agentId, ByteString uuid) {
    return call(
        Call.newBuilder()
            .setType(Call.Type.ACKNOWLEDGE)
            .setAcknowledge(
                Call.Acknowledge.newBuilder()
                    .setTaskId(TaskID.newBuilder().setValue(taskId))
                    .setAgentId(AgentID.newBuilder().setValue(agentId))
                    .setUuid(uuid)));
  }

  /** Implicit. */
  MasterEffect.Answer reconcile() {
    return call(
        Call.newBuilder()
            .setType(Call.Type.RECONCILE)
            .setReconcile(Call.Reconcile.getDefaultInstance()));
  }

  /** Explicit; an empty agent id is left out. */
  MasterEffect.Answer reconcile(String taskId, String agentId) {
    Call.Reconcile.Task.Builder task =
        Call.Reconcile.Task.newBuilder().setTaskId(TaskID.newBuilder().setValue(taskId));
    if (!agentId.isEmpty()) {
      task.setAgentId(AgentID.newBuilder().setValue(agentId));
    }
    return call(
        Call.newBuilder()
            .setType(Call.Type.RECONCILE)
            .setReconcile(Call.Reconcile.newBuilder().addTasks(task)));
  }

  MasterEffect.Answer message(String agentId, String executorId, String data) {
    return call(
        Call.newBuilder()
            .setType(Call.Type.MESSAGE)
            .setMessage(
                Call.Message.newBuilder()
                    .setAgentId(AgentID.newBuilder().setValue(agentId))
                    .setExecutorId(ExecutorID.newBuilder().setValue(executorId))
                    .setData(ByteString.copyFromUtf8(data))));
  }

  MasterEffect.Answer call(Call.Type type) {
    return call(Call.newBuilder().setType(type));
  }
}
