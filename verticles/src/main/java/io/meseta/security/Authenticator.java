package io.meseta.security;

import io.meseta.kernel.Principal;
import java.util.List;
import java.util.Optional;

/** Tells who sent a request. Safe for use by any thread; does not block. */
public interface Authenticator {
  /** Everybody is let in as nobody in particular; what they claim to be is ignored. */
  Authenticator NONE = authorization -> new Outcome.Accepted(Principal.ANONYMOUS);

  /**
   * Looks at one request.
   *
   * @param authorization the value of its {@code Authorization} header
   */
  Outcome authenticate(Optional<String> authorization);

  /** The result is exactly one of these. */
  sealed interface Outcome {
    /** This is who it is. */
    record Accepted(Principal principal) implements Outcome {}

    /**
     * Who it is remains unknown: 401.
     *
     * @param challenges values of {@code WWW-Authenticate}, joined by commas
     */
    record Unauthorized(List<String> challenges) implements Outcome {
      public Unauthorized {
        challenges = List.copyOf(challenges);
      }
    }

    /** It is known and must stay out: 403. */
    record Forbidden(String reason) implements Outcome {}
  }
}
