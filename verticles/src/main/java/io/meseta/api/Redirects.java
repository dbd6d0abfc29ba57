package io.meseta.api;

import io.meseta.master.Standing;
import io.meseta.schema.v1.MasterInfo;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.function.Supplier;

/** Sends clients to the leader (T-39). The form without a scheme is what clients parse (T-40). */
final class Redirects {
  private Redirects() {}

  /** {@code /redirect}: to the leader's root. */
  static Endpoint endpoint(Supplier<Standing> standing) {
    return request -> {
      Optional<MasterInfo> leader = standing.get().leader();
      if (leader.isEmpty()) {
        Responses.text(request, 503, "No leader elected");
      } else {
        toLeader(request, leader.get(), "");
      }
    };
  }

  static void toLeader(HttpServerRequest request, MasterInfo leader, String path) {
    String host = leader.hasHostname() ? leader.getHostname() : leader.getAddress().getIp();
    int port = leader.getAddress().hasPort() ? leader.getAddress().getPort() : leader.getPort();
    request.response().putHeader("Location", "//" + bracketed(host) + ":" + port + path);
    Responses.empty(request, 307);
  }

  /** What follows the authority in the request's target. */
  static String pathAndQuery(HttpServerRequest request) {
    String target = request.uri();
    int authority = target.startsWith("/") ? -1 : target.indexOf("://");
    if (authority < 0) {
      return target;
    }
    int slash = target.indexOf('/', authority + 3);
    return slash < 0 ? "/" : target.substring(slash);
  }

  private static String bracketed(String host) {
    return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
  }
}
