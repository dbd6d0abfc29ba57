package io.meseta.bench.cluster;

import io.meseta.kernel.Rng;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.CommandInfo;
import io.meseta.schema.v1.DurationInfo;
import io.meseta.schema.v1.Filters;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.KillPolicy;
import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.OfferID;
import io.meseta.schema.v1.TaskID;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.schema.v1.scheduler.Event;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler that does everything a scheduler may: launches, kills, declines, suppresses, asks,
 * acknowledges late or not at all, goes away and comes back. It remembers its tasks, and forgets no
 * status.
 */
final class ModelFramework {
  /** How it behaves. */
  enum Mood {
    /** Launches and does strange things. */
    BUSY,
    /** Wants all its tasks ended and everything acknowledged. */
    DRAINING,
    /** Wants to be removed. */
    LEAVING
  }

  private static final long LONGEST_PAUSE_NANOS = 2_000_000_000L;
  private static final long SUBSCRIBE_TIMEOUT_NANOS = 3_000_000_000L;
  private static final long KILL_AGAIN_NANOS = 5_000_000_000L;
  private static final int MOST_TASKS = 12;
  private static final double TASK_CPUS = 0.5;

  final String name;
  private final Cluster cluster;
  private final Rng rng;
  private final FrameworkInfo.Builder info;
  private final Map<String, Offer> offers = new LinkedHashMap<>();
  private final Map<String, ModelTask> tasks = new LinkedHashMap<>();
  private final List<TaskStatus> unacknowledged = new ArrayList<>();
  private Mood mood = Mood.BUSY;
  private @Nullable Stream stream;
  private boolean subscribed;
  private long subscribeBy;
  private long nextKill;
  private boolean gone;
  private int nextTask = 1;

  /** Keeps offers for a long time, needed or not. */
  private final boolean hoards;

  ModelFramework(Cluster cluster, String name) {
    this.cluster = cluster;
    this.name = name;
    this.rng = cluster.world.fork();
    this.hoards = rng.chance(0.3);
    this.info =
        FrameworkInfo.newBuilder()
            .setUser("user")
            .setName(name)
            .setCheckpoint(rng.chance(0.7))
            .setFailoverTimeout(rng.chance(0.3) ? 1 : 60)
            .addRoles("alpha")
            .addCapabilities(capability(FrameworkInfo.Capability.Type.MULTI_ROLE));
    if (rng.chance(0.5)) {
      info.addRoles("beta");
    }
    if (rng.chance(0.5)) {
      info.addCapabilities(capability(FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT));
    }
    if (rng.chance(0.7)) {
      info.addCapabilities(capability(FrameworkInfo.Capability.Type.PARTITION_AWARE));
    }
    if (rng.chance(0.5)) {
      info.addCapabilities(capability(FrameworkInfo.Capability.Type.TASK_KILLING_STATE));
    }
  }

  private static FrameworkInfo.Capability.Builder capability(FrameworkInfo.Capability.Type type) {
    return FrameworkInfo.Capability.newBuilder().setType(type);
  }

  void start() {
    cluster.world.after(
        rng.nextLong(LONGEST_PAUSE_NANOS),
        name + " acts",
        () -> {
          if (!gone) {
            act();
            start();
          }
        });
  }

  // What others want to know.

  Optional<String> id() {
    return info.hasId() ? Optional.of(info.getId().getValue()) : Optional.empty();
  }

  boolean checkpoints() {
    return info.getCheckpoint();
  }

  /** The master has removed it, asked or unasked. */
  boolean isGone() {
    return gone;
  }

  boolean isSubscribed() {
    return subscribed;
  }

  Set<String> offerIds() {
    return offers.keySet();
  }

  Iterable<ModelTask> tasks() {
    return tasks.values();
  }

  boolean hasAcknowledgedAll() {
    return unacknowledged.isEmpty();
  }

  void setMood(Mood next) {
    mood = next;
  }

  // What it does.

  private void act() {
    if (stream == null || (!subscribed && cluster.world.nowNanos() > subscribeBy)) {
      subscribe();
    } else if (subscribed) {
      switch (mood) {
        case BUSY -> work();
        case DRAINING -> drain();
        case LEAVING -> call(Call.newBuilder().setType(Call.Type.TEARDOWN));
      }
    }
  }

  private void subscribe() {
    if (stream != null) {
      Stream old = stream;
      stream = null;
      old.breakOff();
    }
    forgetStream();
    Stream next = cluster.newStream(this);
    stream = next;
    subscribeBy = cluster.world.nowNanos() + SUBSCRIBE_TIMEOUT_NANOS;
    Call.Builder call =
        Call.newBuilder()
            .setType(Call.Type.SUBSCRIBE)
            .setSubscribe(Call.Subscribe.newBuilder().setFrameworkInfo(info));
    if (info.hasId()) {
      call.setFrameworkId(info.getId());
    }
    next.open(call.build());
  }

  private void forgetStream() {
    subscribed = false;
    offers.clear();
  }

  private void work() {
    for (Offer offer : List.copyOf(offers.values())) {
      answer(offer);
    }
    acknowledgeSome(0.5);
    if (rng.chance(0.15)) {
      pick().ifPresent(this::kill);
    }
    if (rng.chance(0.05)) {
      reconcile(rng.chance(0.5));
    }
    if (rng.chance(0.04)) {
      call(Call.newBuilder().setType(Call.Type.SUPPRESS).setSuppress(Call.Suppress.newBuilder()));
    }
    if (rng.chance(0.08)) {
      call(Call.newBuilder().setType(Call.Type.REVIVE).setRevive(Call.Revive.newBuilder()));
    }
    if (rng.chance(0.002)) {
      setMood(Mood.LEAVING);
    }
  }

  private void drain() {
    if (!hoards) {
      List.copyOf(offers.values()).forEach(offer -> decline(offer, 60));
    }
    acknowledgeSome(1);
    if (cluster.world.nowNanos() >= nextKill) {
      nextKill = cluster.world.nowNanos() + KILL_AGAIN_NANOS;
      for (ModelTask task : tasks.values()) {
        if (!task.isSettled()) {
          kill(task);
        }
      }
      reconcile(true);
      reconcile(false); // what it took for lost may live
    }
  }

  private Optional<ModelTask> pick() {
    List<ModelTask> live = tasks.values().stream().filter(task -> !task.isSettled()).toList();
    return live.isEmpty() ? Optional.empty() : Optional.of(live.get(rng.nextInt(live.size())));
  }

  private void answer(Offer offer) {
    if (rng.chance(hoards ? 0.9 : 0.3)) {
      return; // later
    }
    if (rng.chance(0.5) && tasks.size() < MOST_TASKS) {
      accept(offer);
    } else {
      decline(offer, rng.nextInt(5) * 2);
    }
  }

  private void accept(Offer offer) {
    offers.remove(offer.getId().getValue());
    double cpus =
        offer.getResourcesList().stream()
            .filter(resource -> resource.getName().equals("cpus"))
            .mapToDouble(resource -> resource.getScalar().getValue())
            .sum();
    Offer.Operation.Builder launch =
        Offer.Operation.newBuilder().setType(Offer.Operation.Type.LAUNCH);
    do {
      launch.getLaunchBuilder().addTaskInfos(task(offer));
      cpus -= TASK_CPUS;
    } while (cpus >= TASK_CPUS && tasks.size() < MOST_TASKS && rng.chance(0.5));
    call(
        Call.newBuilder()
            .setType(Call.Type.ACCEPT)
            .setAccept(
                Call.Accept.newBuilder()
                    .addOfferIds(offer.getId())
                    .addOperations(launch)
                    .setFilters(Filters.newBuilder().setRefuseSeconds(rng.nextInt(3)))));
  }

  private TaskInfo task(Offer offer) {
    String id = name + "-" + nextTask++;
    tasks.put(id, new ModelTask(id, offer.getAgentId().getValue()));
    TaskInfo.Builder task =
        TaskInfo.newBuilder()
            .setName(id)
            .setTaskId(TaskID.newBuilder().setValue(id))
            .setAgentId(offer.getAgentId())
            .setCommand(CommandInfo.newBuilder().setValue("work"));
    Resources.parse("cpus:0.5;mem:64").forEach(task::addResources);
    if (rng.chance(0.5)) {
      task.setKillPolicy(
          KillPolicy.newBuilder()
              .setGracePeriod(
                  DurationInfo.newBuilder().setNanoseconds(rng.nextLong(2_000_000_000L))));
    }
    return task.build();
  }

  private void decline(Offer offer, double refuseSeconds) {
    offers.remove(offer.getId().getValue());
    call(
        Call.newBuilder()
            .setType(Call.Type.DECLINE)
            .setDecline(
                Call.Decline.newBuilder()
                    .addOfferIds(offer.getId())
                    .setFilters(Filters.newBuilder().setRefuseSeconds(refuseSeconds))));
  }

  private void kill(ModelTask task) {
    Call.Kill.Builder kill =
        Call.Kill.newBuilder().setTaskId(TaskID.newBuilder().setValue(task.id));
    kill.getAgentIdBuilder().setValue(task.agentId);
    call(Call.newBuilder().setType(Call.Type.KILL).setKill(kill));
  }

  private void reconcile(boolean explicitly) {
    Call.Reconcile.Builder reconcile = Call.Reconcile.newBuilder();
    if (explicitly) {
      for (ModelTask task : tasks.values()) {
        if (!task.isSettled()) {
          Call.Reconcile.Task.Builder asked =
              Call.Reconcile.Task.newBuilder().setTaskId(TaskID.newBuilder().setValue(task.id));
          asked.getAgentIdBuilder().setValue(task.agentId);
          reconcile.addTasks(asked);
        }
      }
      if (reconcile.getTasksCount() == 0) {
        return;
      }
    }
    call(Call.newBuilder().setType(Call.Type.RECONCILE).setReconcile(reconcile));
  }

  private void acknowledgeSome(double chance) {
    for (TaskStatus status : List.copyOf(unacknowledged)) {
      if (rng.chance(chance)) {
        unacknowledged.remove(status);
        Call.Acknowledge.Builder acknowledge =
            Call.Acknowledge.newBuilder()
                .setAgentId(status.getAgentId())
                .setTaskId(status.getTaskId())
                .setUuid(status.getUuid());
        call(Call.newBuilder().setType(Call.Type.ACKNOWLEDGE).setAcknowledge(acknowledge));
      }
    }
  }

  /** A request of its own: it may get lost, overtake another, or find the stream gone. */
  private void call(Call.Builder call) {
    Stream here = stream;
    if (here == null) {
      return;
    }
    Call complete = call.setFrameworkId(info.getId()).build();
    cluster.calls.send(
        name,
        "master",
        Describe.call(complete),
        () -> cluster.master.call(here.streamId(), complete));
  }

  // What happens to it.

  void on(Stream from, Event event) {
    if (from != stream || gone) {
      return;
    }
    switch (event.getType()) {
      case SUBSCRIBED -> {
        subscribed = true;
        FrameworkID given = event.getSubscribed().getFrameworkId();
        if (info.hasId() && !info.getId().equals(given)) {
          throw new AssertionError(name + " is given a second id: " + given.getValue());
        }
        info.setId(given);
        if (rng.chance(0.5)) {
          reconcile(true);
        }
      }
      case OFFERS ->
          event
              .getOffers()
              .getOffersList()
              .forEach(offer -> offers.put(offer.getId().getValue(), offer));
      case RESCIND -> rescinded(event.getRescind().getOfferId());
      case UPDATE -> updated(event.getUpdate().getStatus());
      case ERROR -> {
        if (!event.getError().getMessage().equals("Framework has been removed")) {
          if (!event.getError().getMessage().equals("Master has not finished recovery")) {
            throw new AssertionError(name + " is told: " + event.getError().getMessage());
          }
        } else {
          leave();
        }
      }
      default -> {
        // Nothing to do.
      }
    }
  }

  private void rescinded(OfferID offer) {
    offers.remove(offer.getValue());
  }

  private void updated(TaskStatus status) {
    ModelTask task = tasks.get(status.getTaskId().getValue());
    if (task == null) {
      throw new AssertionError(name + " hears of an unknown task: " + status);
    }
    task.on(status);
    cluster.invariants.told(this, task, status);
    if (status.hasUuid()) {
      unacknowledged.add(status);
      if (rng.chance(0.6)) {
        acknowledgeSome(0.9);
      }
    }
  }

  void closed(Stream from) {
    if (from != stream) {
      return;
    }
    stream = null;
    forgetStream();
    // What was not acknowledged comes again.
    unacknowledged.clear();
    if (mood == Mood.LEAVING && from.wasEndedByMaster()) {
      leave();
    }
  }

  private void leave() {
    gone = true;
    stream = null;
    forgetStream();
    unacknowledged.clear();
  }

  /** Its connection breaks, or its scheduler is started anew. */
  void breakStream() {
    Stream open = stream;
    if (open != null) {
      open.breakOff();
    }
  }
}
