package io.meseta.master;

import io.meseta.master.core.MasterInput;
import java.util.List;

/** What an API instance tells the master. Passed by reference inside one process. */
public sealed interface FromApi {
  /** The node that the instance runs on. */
  String node();

  /** The number of the instance on its node. */
  int instance();

  /**
   * The instance listens at its own address and wants to hear of the master; answered by a {@link
   * ToApi} without effects.
   */
  record Attach(String node, int instance) implements FromApi {}

  /**
   * What clients did since the last tick, in order.
   *
   * @param epoch the leader's term as the instance knows it; the master of another term drops them
   * @param inputs of the kinds that name an API instance as their origin
   */
  record Inputs(String node, int instance, long epoch, List<MasterInput> inputs)
      implements FromApi {
    public Inputs {
      inputs = List.copyOf(inputs);
    }
  }

  /** The instance is gone, and with it every stream that it held. */
  record Detach(String node, int instance) implements FromApi {}
}
