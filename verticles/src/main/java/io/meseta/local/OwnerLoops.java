package io.meseta.local;

import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds rule D-4: each owner of state is alone among owners on its event loop. Vert.x deals event
 * loops in turn, so enough of them is all it takes; this notices if that ever changes.
 */
final class OwnerLoops {
  private OwnerLoops() {}

  /**
   * Looks at running verticles.
   *
   * @param deployments of owners
   * @throws IllegalStateException naming two that share an event loop
   */
  static void requireDistinct(Vertx vertx, List<String> deployments) {
    Map<EventLoop, String> owners = new HashMap<>();
    for (String id : deployments) {
      for (Context context :
          ((VertxInternal) vertx).deploymentManager().deployment(id).deployment().contexts()) {
        String other = owners.put(((ContextInternal) context).nettyEventLoop(), id);
        if (other != null) {
          throw new IllegalStateException(
              "two owners of state share an event loop: " + other + " and " + id);
        }
      }
    }
  }
}
