package io.meseta.bench;

import io.meseta.client.SchedulerClient;
import io.meseta.client.SchedulerClientOptions;
import io.meseta.schema.v1.CommandInfo;
import io.meseta.schema.v1.Filters;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.TaskID;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.schema.v1.Value;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.schema.v1.scheduler.Event;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A framework that a benchmark scripts: it acknowledges everything and leaves the rest to the
 * script.
 */
final class LoadFramework implements AutoCloseable {
  private final SchedulerClient client;
  private final CompletableFuture<Void> failure = new CompletableFuture<>();
  private final CompositeDisposable calls = new CompositeDisposable();
  private final Disposable stream;

  /**
   * Subscribes.
   *
   * @param offers called with each offer
   * @param updates called with each status, before it is acknowledged
   */
  LoadFramework(
      Vertx vertx,
      String master,
      boolean checkpoint,
      BiConsumer<LoadFramework, Offer> offers,
      Consumer<TaskStatus> updates) {
    client = SchedulerClient.create(vertx, SchedulerClientOptions.of(List.of(master)));
    FrameworkInfo info =
        FrameworkInfo.newBuilder()
            .setUser(System.getProperty("user.name"))
            .setName("bench")
            .setCheckpoint(checkpoint)
            .build();
    stream =
        client
            .subscribe(Call.Subscribe.newBuilder().setFrameworkInfo(info).build())
            .subscribe(
                event -> {
                  switch (event.getType()) {
                    case OFFERS ->
                        event.getOffers().getOffersList().forEach(o -> offers.accept(this, o));
                    case UPDATE -> {
                      updates.accept(event.getUpdate().getStatus());
                      acknowledge(event);
                    }
                    default -> {}
                  }
                },
                failure::completeExceptionally);
  }

  /** Fails when the stream or a call does. */
  CompletableFuture<Void> failure() {
    return failure;
  }

  private void acknowledge(Event event) {
    TaskStatus status = event.getUpdate().getStatus();
    if (status.hasUuid()) {
      send(
          Call.newBuilder()
              .setType(Call.Type.ACKNOWLEDGE)
              .setAcknowledge(
                  Call.Acknowledge.newBuilder()
                      .setTaskId(status.getTaskId())
                      .setAgentId(status.getAgentId())
                      .setUuid(status.getUuid())));
    }
  }

  /** Runs on the context on which offers and updates arrive. */
  void onContext(Runnable action) {
    client.onContext(action);
  }

  void send(Call.Builder call) {
    // The container keeps calls on the way, and forgets them when they are answered.
    Disposable ignored =
        client.call(call).subscribe(() -> {}, failure::completeExceptionally, calls);
  }

  void decline(Offer offer, double refuseSeconds) {
    send(
        Call.newBuilder()
            .setType(Call.Type.DECLINE)
            .setDecline(
                Call.Decline.newBuilder()
                    .addOfferIds(offer.getId())
                    .setFilters(Filters.newBuilder().setRefuseSeconds(refuseSeconds))));
  }

  /** Launches on the sum of the offers; what is left over is refused for so long. */
  void launch(List<Offer> offers, List<TaskInfo> tasks, double refuseSeconds) {
    send(
        Call.newBuilder()
            .setType(Call.Type.ACCEPT)
            .setAccept(
                Call.Accept.newBuilder()
                    .addAllOfferIds(offers.stream().map(Offer::getId).toList())
                    .setFilters(Filters.newBuilder().setRefuseSeconds(refuseSeconds))
                    .addOperations(
                        Offer.Operation.newBuilder()
                            .setType(Offer.Operation.Type.LAUNCH)
                            .setLaunch(
                                Offer.Operation.Launch.newBuilder().addAllTaskInfos(tasks)))));
  }

  /** A task of 0.01 cpus and 1 MB that runs the program {@code true}. */
  static TaskInfo noOp(Offer offer, String id) {
    return TaskInfo.newBuilder()
        .setName(id)
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setAgentId(offer.getAgentId())
        .setCommand(CommandInfo.newBuilder().setShell(false).setValue("true").addArguments("true"))
        .addResources(scalar("cpus", 0.01))
        .addResources(scalar("mem", 1))
        .build();
  }

  /** How many of them an offer has room for. */
  static int noOpsIn(Offer offer) {
    double cpus = amount(offer, "cpus");
    double mem = amount(offer, "mem");
    return (int) Math.min(Math.round(cpus * 100), (long) mem);
  }

  private static double amount(Offer offer, String name) {
    return offer.getResourcesList().stream()
        .filter(resource -> resource.getName().equals(name))
        .mapToDouble(resource -> resource.getScalar().getValue())
        .sum();
  }

  private static Resource scalar(String name, double value) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(value))
        .build();
  }

  @Override
  public void close() {
    stream.dispose();
    calls.dispose();
    client.close();
  }
}
