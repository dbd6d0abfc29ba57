package io.meseta.master;

import io.meseta.bus.Address;
import java.util.List;

/** Where masters and API instances find each other. */
public final class MasterAddresses {
  /** From API instances to the master of the same node. */
  public static final Address<FromApi> MASTER =
      Address.local("meseta.master.{node}", FromApi.class, "the master of the node");

  /**
   * From the master to one API instance: answers, events and ends of streams in one order (D-5).
   */
  public static final Address<ToApi> API =
      Address.local("meseta.api.{node}.{instance}", ToApi.class, "one API instance");

  public static final List<Address<?>> ALL = List.of(MASTER, API);

  private MasterAddresses() {}
}
