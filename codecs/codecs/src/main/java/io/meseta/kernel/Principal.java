package io.meseta.kernel;

import java.util.Map;
import java.util.Optional;

/**
 * Who makes a call (D-18).
 *
 * @param value the principal's name, if it has one
 * @param claims further claims of a token; empty for basic authentication
 */
public record Principal(Optional<String> value, Map<String, String> claims) {
  /** Nobody in particular: authentication is off. */
  public static final Principal ANONYMOUS = new Principal(Optional.empty(), Map.of());

  public Principal {
    claims = Map.copyOf(claims);
  }

  public static Principal named(String value) {
    return new Principal(Optional.of(value), Map.of());
  }

  @Override
  public String toString() {
    return value.orElse("ANY");
  }
}
