package io.meseta.bench.cluster;

import io.meseta.master.core.MasterInput;
import io.meseta.master.core.StreamAddress;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.schema.v1.scheduler.Event;

/** The connection of one SUBSCRIBE: ordered, and lossless until it breaks. */
final class Stream {
  private static final long ACKNOWLEDGED_AFTER_NANOS = 200_000_000;
  private static final long NOTICE_NANOS = 3_000_000_000L;

  private final Cluster cluster;
  private final ModelFramework framework;
  private final StreamAddress address;
  private final String name;
  private long arrivedBytes;
  private boolean acknowledging;
  private boolean brokenHere;
  private boolean endedByMaster;

  Stream(Cluster cluster, ModelFramework framework, long number) {
    this.cluster = cluster;
    this.framework = framework;
    this.address = new StreamAddress("api", 0, number);
    this.name = "stream-" + number;
  }

  StreamAddress address() {
    return address;
  }

  String streamId() {
    return name;
  }

  void open(Call subscribe) {
    cluster.wires.send(
        name,
        "master",
        framework.name + " subscribes",
        () -> cluster.master.subscribe(this, subscribe));
  }

  // The master's end.

  void send(Event event) {
    cluster.wires.send(
        "master", name, framework.name + ": " + Describe.event(event), () -> arrive(event));
  }

  /** The master ends it in an orderly way. */
  void end() {
    cluster.wires.send(
        "master",
        name,
        framework.name + ": end of stream",
        () -> {
          endedByMaster = true;
          closedHere();
        });
  }

  /** The master's process is gone; what was on its way may still arrive. */
  void serverGone() {
    cluster.wires.send("master", name, framework.name + ": connection reset", this::closedHere);
  }

  // The framework's end.

  private void arrive(Event event) {
    if (brokenHere) {
      return;
    }
    arrivedBytes += event.getSerializedSize();
    if (!acknowledging) {
      acknowledging = true;
      cluster.world.after(
          ACKNOWLEDGED_AFTER_NANOS,
          name + " has arrived so far",
          () -> {
            acknowledging = false;
            cluster.master.arrived(this, arrivedBytes);
          });
    }
    framework.on(this, event);
  }

  /** Not by a broken connection. */
  boolean wasEndedByMaster() {
    return endedByMaster;
  }

  private void closedHere() {
    if (!brokenHere) {
      brokenHere = true;
      framework.closed(this);
    }
  }

  /** The connection breaks: both ends find out in their own time. */
  void breakOff() {
    closedHere();
    MasterInput.CloseCause cause =
        cluster.world.rng().chance(0.5)
            ? MasterInput.CloseCause.CLIENT
            : MasterInput.CloseCause.API_LOST;
    cluster.world.after(
        cluster.world.rng().nextLong(NOTICE_NANOS),
        name + " breaks",
        () ->
            cluster.wires.send(
                name,
                "master",
                name + " is closed",
                () -> cluster.master.streamClosed(this, cause)));
  }
}
