package io.meseta.bus;

import io.meseta.schema.internal.v1.Envelope;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event bus of one process, by declared addresses only. Safe for use from any context; handlers
 * run on the context that registered them.
 */
public final class Bus {
  private static final Logger LOG = LoggerFactory.getLogger(Bus.class);

  private final EventBus events;
  private final Set<Address<?>> known;
  private final Map<Class<?>, String> codecs;

  private Bus(EventBus events, Set<Address<?>> known, Map<Class<?>, String> codecs) {
    this.events = events;
    this.known = Set.copyOf(known);
    this.codecs = Map.copyOf(codecs);
  }

  /** Prepares the bus of a Vert.x instance; once for each. */
  public static Bus open(Vertx vertx, Catalogue catalogue) {
    Map<Class<?>, String> codecs = new HashMap<>();
    for (Address<?> address : catalogue.addresses()) {
      register(vertx.eventBus(), codecs, address.body());
      address.reply().ifPresent(reply -> register(vertx.eventBus(), codecs, reply));
    }
    return new Bus(vertx.eventBus(), new HashSet<>(catalogue.addresses()), codecs);
  }

  private static void register(EventBus events, Map<Class<?>, String> codecs, Class<?> type) {
    if (!codecs.containsKey(type)) {
      MessageCodec<?, ?> codec =
          type == Envelope.class ? new EnvelopeCodec() : new LocalCodec<>(type);
      events.registerCodec(codec);
      codecs.put(type, codec.name());
    }
  }

  /**
   * Sends to one consumer.
   *
   * @param name as {@link Address#at} gives it
   * @return fails if nobody listens, so that nothing is lost silently
   * @throws IllegalArgumentException if the message is above the address's bound
   */
  public <T> Future<Void> send(Address<T> address, String name, T body) {
    require(address, Address.Delivery.SEND);
    checkSize(address, body);
    return events.<T>sender(name, options(address, address.body())).write(body);
  }

  /**
   * Asks one consumer.
   *
   * @return the reply; fails if nobody listens, or after the address's timeout
   */
  public <T, R> Future<R> request(Address<T> address, String name, T body, Class<R> reply) {
    require(address, Address.Delivery.REQUEST);
    if (address.reply().filter(reply::equals).isEmpty()) {
      throw new IllegalArgumentException(address.pattern() + " is not answered by " + reply);
    }
    checkSize(address, body);
    return events.<R>request(name, body, options(address, address.body())).map(Message::body);
  }

  /**
   * Listens. Wait for {@link Subscription#ready} before anybody is told to send.
   *
   * @param handler runs on the calling context
   */
  public <T> Subscription consume(Address<T> address, String name, Consumer<? super T> handler) {
    require(address, Address.Delivery.SEND);
    return listen(address, name, message -> bodyOf(address, message, handler));
  }

  /** Listens for requests; the function's value is the reply. */
  public <T, R> Subscription answer(
      Address<T> address, String name, Class<R> reply, Function<? super T, ? extends R> handler) {
    require(address, Address.Delivery.REQUEST);
    DeliveryOptions options = options(address, reply);
    return listen(
        address,
        name,
        message -> bodyOf(address, message, body -> message.reply(handler.apply(body), options)));
  }

  private <T> Subscription listen(Address<T> address, String name, Consumer<Message<T>> handler) {
    MessageConsumer<T> consumer =
        address.visibility() == Address.Visibility.LOCAL
            ? events.localConsumer(name)
            : events.consumer(name);
    consumer.handler(handler::accept);
    return new Subscription(consumer);
  }

  /** A message that cannot be understood is dropped: its sender hears nothing and tries again. */
  private static <T> void bodyOf(
      Address<T> address, Message<T> message, Consumer<? super T> handler) {
    T body;
    try {
      body = message.body();
    } catch (BadMessageException e) {
      LOG.atWarn()
          .addKeyValue("address", message.address())
          .addKeyValue("reason", e.getMessage())
          .log("dropped a message from the bus");
      return;
    }
    handler.accept(address.body().cast(body));
  }

  private DeliveryOptions options(Address<?> address, Class<?> body) {
    return new DeliveryOptions()
        .setCodecName(codecs.get(body))
        .setLocalOnly(address.visibility() == Address.Visibility.LOCAL)
        .setSendTimeout(address.timeout().toMillis());
  }

  private void require(Address<?> address, Address.Delivery delivery) {
    if (!known.contains(address)) {
      throw new IllegalArgumentException(address.pattern() + " is not in the catalogue");
    }
    if (address.delivery() != delivery) {
      throw new IllegalArgumentException(
          address.pattern() + " is for " + address.delivery() + ", not for " + delivery);
    }
  }

  private static <T> void checkSize(Address<T> address, T body) {
    if (body instanceof Envelope envelope && envelope.getSerializedSize() > address.maxBytes()) {
      throw new IllegalArgumentException(
          address.pattern()
              + ": a message of "
              + envelope.getSerializedSize()
              + " bytes is above the bound of "
              + address.maxBytes());
    }
  }
}
