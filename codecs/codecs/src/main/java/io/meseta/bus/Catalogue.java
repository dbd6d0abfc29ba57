package io.meseta.bus;

import io.meseta.schema.internal.v1.Envelope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All addresses that a process may use; what is not in here cannot be sent to. */
public final class Catalogue {
  private final List<Address<?>> addresses;

  private Catalogue(List<Address<?>> addresses) {
    this.addresses = List.copyOf(addresses);
  }

  /**
   * Joins the declarations of several packages.
   *
   * @throws IllegalArgumentException if two of them could be the same address, or one breaks the
   *     rules of its visibility
   */
  @SafeVarargs
  public static Catalogue of(List<? extends Address<?>>... declarations) {
    List<Address<?>> all = new ArrayList<>();
    Map<String, Address<?>> byShape = new HashMap<>();
    for (List<? extends Address<?>> declared : declarations) {
      for (Address<?> address : declared) {
        check(address);
        String shape = address.pattern().replaceAll("\\{[a-z]+}", "{}");
        Address<?> other = byShape.put(shape, address);
        if (other != null) {
          throw new IllegalArgumentException(
              "two addresses look like " + shape + ": " + other + ", " + address);
        }
        all.add(address);
      }
    }
    return new Catalogue(all);
  }

  private static void check(Address<?> address) {
    if (address.visibility() == Address.Visibility.INTERNAL && address.body() != Envelope.class) {
      throw new IllegalArgumentException(
          address.pattern() + ": messages that leave the process must be envelopes");
    }
    if ((address.delivery() == Address.Delivery.REQUEST) != address.reply().isPresent()) {
      throw new IllegalArgumentException(
          address.pattern() + ": requests have replies, other messages have none");
    }
    if (address.visibility() != Address.Visibility.LOCAL && address.maxBytes() <= 0) {
      throw new IllegalArgumentException(address.pattern() + ": has no bound on its messages");
    }
  }

  public List<Address<?>> addresses() {
    return addresses;
  }
}
