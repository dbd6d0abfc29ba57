package io.meseta.api;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the endpoint of a path. A path that no route matches goes to the longest route that it
 * begins with (T-50), unless that route takes exact paths only.
 */
final class Router {
  /**
   * A path that is served.
   *
   * @param name the path that a firewall rule names; aliases share it
   */
  record Route(String name, Endpoint endpoint, boolean exact) {}

  private final Map<List<String>, Route> routes = new HashMap<>();
  private final Set<List<String>> forbidden = new HashSet<>();

  /** Serves a path and everything below it that is not served otherwise. */
  Router serve(String path, Endpoint endpoint, String... aliases) {
    return add(path, endpoint, false, aliases);
  }

  /** Serves a path but nothing below it. */
  Router serveExactly(String path, Endpoint endpoint, String... aliases) {
    return add(path, endpoint, true, aliases);
  }

  private Router add(String path, Endpoint endpoint, boolean exact, String... aliases) {
    Route route = new Route(path, endpoint, exact);
    put(path, route);
    for (String alias : aliases) {
      put(alias, route);
    }
    return this;
  }

  private void put(String path, Route route) {
    if (routes.put(RequestTarget.of(path).segments(), route) != null) {
      throw new IllegalArgumentException(path + " is served twice");
    }
  }

  /**
   * Forbids paths, whichever of its names a rule gives for a route, and whichever is asked for
   * (T-2).
   */
  Router forbid(Set<String> paths) {
    for (String path : paths) {
      forbidden.add(RequestTarget.of(path).segments());
    }
    return this;
  }

  /** The route of a path, if there is one. */
  Optional<Route> find(RequestTarget target) {
    List<String> path = target.segments();
    for (int length = path.size(); length > 0; length--) {
      Route route = routes.get(path.subList(0, length));
      if (route != null) {
        return length < path.size() && route.exact() ? Optional.empty() : Optional.of(route);
      }
    }
    return Optional.empty();
  }

  /** Whether a rule forbids the route under any of its names. */
  boolean isForbidden(Route route) {
    return routes.entrySet().stream()
        .anyMatch(entry -> entry.getValue().equals(route) && forbidden.contains(entry.getKey()));
  }
}
