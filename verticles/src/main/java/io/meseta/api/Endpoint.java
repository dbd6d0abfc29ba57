package io.meseta.api;

import io.vertx.core.http.HttpServerRequest;

/** What answers requests for one route. Called on the event loop of the connection's instance. */
@FunctionalInterface
interface Endpoint {
  /** Takes the request over: it must be answered, and its body may not have been read. */
  void handle(HttpServerRequest request);
}
