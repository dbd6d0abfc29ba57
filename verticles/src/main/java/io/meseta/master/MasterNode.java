package io.meseta.master;

import io.meseta.allocator.AllocatorOptions;
import io.meseta.kernel.Authorizer;
import io.meseta.kernel.Meters;
import io.meseta.master.core.MasterOptions;
import io.meseta.security.Authenticator;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * What a master is told when it starts.
 *
 * @param name of the node, as in the addresses of the bus
 * @param registryDirectory where its registry is
 * @param masterOptions makes the options of a term out of its epoch
 * @param agentAuthenticator of agents' links
 * @param onFailure hears, once and on the master's context, why it cannot lead any longer
 */
public record MasterNode(
    String name,
    Path registryDirectory,
    LongFunction<MasterOptions.Builder> masterOptions,
    AllocatorOptions allocatorOptions,
    Meters meters,
    Authorizer authorizer,
    Authenticator agentAuthenticator,
    Consumer<String> onFailure) {

  MasterOptions.Builder options(long epoch) {
    return masterOptions.apply(epoch);
  }
}
