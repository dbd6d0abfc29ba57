package io.meseta.bus;

import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;

/** Somebody listens at an address. */
public final class Subscription {
  private final MessageConsumer<?> consumer;

  Subscription(MessageConsumer<?> consumer) {
    this.consumer = consumer;
  }

  /** Completes when messages arrive; before it, senders may find nobody. */
  public Future<Void> ready() {
    return consumer.completion();
  }

  /** Listens no more. */
  public Future<Void> close() {
    return consumer.unregister();
  }
}
