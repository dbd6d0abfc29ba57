package io.meseta.link;

import io.meseta.bus.Address;
import io.meseta.schema.internal.v1.Envelope;
import java.util.List;

/** Where agents' links and masters find each other on the bus. */
public final class LinkAddresses {
  /** The largest message: a call of 64 MiB, and what the master adds to it. */
  static final int MAX_ENVELOPE_BYTES = 80 << 20;

  static final Address<LinkHello> HELLO =
      Address.localRequest(
          "meseta.link.hello.{node}", LinkHello.class, LinkWelcome.class, "the node's master");

  static final Address<Envelope> TO_MASTER =
      Address.internal(
          "meseta.link.master.{node}", Envelope.class, MAX_ENVELOPE_BYTES, "the node's master");

  static final Address<Envelope> TO_AGENT =
      Address.internal(
          "meseta.link.agent.{link}", Envelope.class, MAX_ENVELOPE_BYTES, "one agent's link");

  public static final List<Address<?>> ALL = List.of(HELLO, TO_MASTER, TO_AGENT);

  private LinkAddresses() {}
}
