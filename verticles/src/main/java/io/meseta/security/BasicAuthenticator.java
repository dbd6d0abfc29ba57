package io.meseta.security;

import io.meseta.kernel.Principal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * HTTP Basic authentication (RFC 7617, A-5). Every failure is the same 401, and takes the same time
 * whether the principal exists or not.
 */
public final class BasicAuthenticator implements Authenticator {
  /** Longest header looked at, in characters; longer ones are no credentials of ours. */
  static final int MAX_HEADER_CHARS = 8 << 10;

  private final Credentials credentials;
  private final Outcome unauthorized;

  /**
   * @param realm as the challenge names it
   */
  public BasicAuthenticator(String realm, Credentials credentials) {
    this.credentials = credentials;
    this.unauthorized = new Outcome.Unauthorized(List.of("Basic realm=\"" + realm + "\""));
  }

  @Override
  public Outcome authenticate(Optional<String> authorization) {
    String pair = authorization.map(BasicAuthenticator::decode).orElse(null);
    int colon = pair == null ? -1 : pair.indexOf(':');
    if (pair == null || colon < 0) {
      return unauthorized;
    }
    String principal = pair.substring(0, colon);
    return credentials.matches(principal, pair.substring(colon + 1))
        ? new Outcome.Accepted(Principal.named(principal))
        : unauthorized;
  }

  private static @Nullable String decode(String header) {
    if (header.length() > MAX_HEADER_CHARS) {
      return null;
    }
    String[] parts = header.split(" ", -1);
    if (parts.length != 2 || !parts[0].equalsIgnoreCase("Basic")) {
      return null;
    }
    try {
      return new String(Base64.getDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
