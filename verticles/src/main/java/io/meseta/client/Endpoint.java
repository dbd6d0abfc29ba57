package io.meseta.client;

import java.net.URI;

/** One master's address. */
record Endpoint(String host, int port) {
  /** Reads {@code HOST:PORT} or {@code [IPV6]:PORT}. */
  static Endpoint parse(String text) {
    int colon = text.lastIndexOf(':');
    try {
      if (colon > 0) {
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
          host = host.substring(1, host.length() - 1);
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        if (!host.isEmpty() && port > 0 && port < 65536) {
          return new Endpoint(host, port);
        }
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("master '" + text + "' is not HOST:PORT", e);
    }
    throw new IllegalArgumentException("master '" + text + "' is not HOST:PORT");
  }

  /** The master that a redirect names: {@code //host:port/path} (T-39), or an absolute URL. */
  static Endpoint ofLocation(String location, int defaultPort) {
    URI uri = URI.create(location);
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("redirect without a host: " + location);
    }
    return new Endpoint(uri.getHost(), uri.getPort() < 0 ? defaultPort : uri.getPort());
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
