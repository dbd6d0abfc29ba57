package io.meseta.api;

import io.meseta.bus.Bus;
import io.meseta.master.FromApi;
import io.meseta.master.MasterAddresses;
import io.meseta.master.Standing;
import io.meseta.master.ToApi;
import io.meseta.master.core.MasterEffect;
import io.meseta.master.core.MasterInput;
import io.meseta.schema.v1.Address;
import io.meseta.schema.v1.MasterInfo;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Stands for the master: records what API instances say, and answers as the test wants. */
final class ScriptedMaster {
  static final MasterInfo INFO =
      MasterInfo.newBuilder()
          .setId("m")
          .setIp(0)
          .setPort(5050)
          .setHostname("master.example.org")
          .setAddress(
              Address.newBuilder()
                  .setHostname("master.example.org")
                  .setIp("127.0.0.1")
                  .setPort(5050))
          .build();

  static final Standing LEADING = new Standing(Standing.Phase.LEADING, Optional.of(INFO));

  private final Bus bus;
  private final String node;
  private final BlockingQueue<MasterInput> inputs = new LinkedBlockingQueue<>();
  private final BlockingQueue<FromApi> attachments = new LinkedBlockingQueue<>();
  private volatile Standing standing;
  private volatile long epoch = 1;
  private volatile boolean accepting = true;

  ScriptedMaster(Vertx vertx, Bus bus, String node, Standing standing) {
    this.bus = bus;
    this.node = node;
    this.standing = standing;
    Futures.await(
        Futures.onContext(
            vertx,
            () ->
                bus.consume(MasterAddresses.MASTER, MasterAddresses.MASTER.at(node), this::received)
                    .ready()));
  }

  private void received(FromApi message) {
    switch (message) {
      case FromApi.Attach attach -> {
        attachments.add(attach);
        send(attach.instance(), List.of());
      }
      case FromApi.Detach detach -> attachments.add(detach);
      case FromApi.Inputs batch -> {
        for (MasterInput input : batch.inputs()) {
          inputs.add(input);
          if (accepting && input instanceof MasterInput.SchedulerCall call) {
            answer(call, 202, "");
          }
        }
      }
    }
  }

  /** Calls are left unanswered from now on. */
  void keepSilent() {
    accepting = false;
  }

  void answer(MasterInput.SchedulerCall call, int status, String text) {
    send(call.request().instance(), List.of(new MasterEffect.Answer(call.request(), status, text)));
  }

  void send(int instance, List<MasterEffect> effects) {
    Futures.ignore(
        bus.send(
            MasterAddresses.API,
            MasterAddresses.API.at(node, instance),
            new ToApi(epoch, standing, effects)));
  }

  /** Takes another standing, and another term. */
  void stand(Standing newStanding, long newEpoch) {
    standing = newStanding;
    epoch = newEpoch;
    send(0, List.of());
  }

  /** The next input of a kind; others before it are passed over. */
  <T extends MasterInput> T next(Class<T> kind) {
    while (true) {
      MasterInput input = poll(inputs);
      if (kind.isInstance(input)) {
        return kind.cast(input);
      }
    }
  }

  <T extends FromApi> T nextAttachment(Class<T> kind) {
    while (true) {
      FromApi message = poll(attachments);
      if (kind.isInstance(message)) {
        return kind.cast(message);
      }
    }
  }

  boolean hasHeardNothing() {
    return inputs.isEmpty();
  }

  private static <T> T poll(BlockingQueue<T> queue) {
    try {
      T next = queue.poll(10, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("the master heard nothing for 10 s");
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
