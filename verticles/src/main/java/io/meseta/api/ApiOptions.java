package io.meseta.api;

import io.meseta.security.Authenticator;
import java.time.Duration;
import java.util.Set;

/**
 * How the HTTP side of one node behaves.
 *
 * @param node as in the addresses of the bus
 * @param host to listen on
 * @param port to listen on; negative for any free one, the same for all instances that give the
 *     same number
 * @param authenticator of the scheduler API
 * @param forbiddenPaths of {@code --firewall_rules}
 * @param limits bounds of everything
 */
public record ApiOptions(
    String node,
    String host,
    int port,
    Authenticator authenticator,
    Set<String> forbiddenPaths,
    Limits limits) {

  /** Any free port. */
  public static final int ANY_PORT = -1;

  public ApiOptions {
    forbiddenPaths = Set.copyOf(forbiddenPaths);
  }

  /** Nobody authenticates and nothing is forbidden. */
  public static ApiOptions of(String node, String host, int port) {
    return new ApiOptions(node, host, port, Authenticator.NONE, Set.of(), Limits.DEFAULT);
  }

  public ApiOptions withAuthenticator(Authenticator value) {
    return new ApiOptions(node, host, port, value, forbiddenPaths, limits);
  }

  public ApiOptions withForbiddenPaths(Set<String> value) {
    return new ApiOptions(node, host, port, authenticator, value, limits);
  }

  public ApiOptions withLimits(Limits value) {
    return new ApiOptions(node, host, port, authenticator, forbiddenPaths, value);
  }

  /**
   * The bounds of one API instance.
   *
   * @param maxBodyBytes of a request, also once inflated; above it 413
   * @param maxCallsInFlight calls that wait for the master; above it 503, but never for
   *     acknowledgements
   * @param answerTimeout after which a call that the master does not answer gets 503
   * @param maxStreamQueuedBytes encoded bytes on their way to one client; above it the stream is
   *     cut
   * @param maxStreamStall how long bytes may be on their way without progress before the stream is
   *     cut
   * @param closeGrace how long an ended stream may take to drain before it is cut
   */
  public record Limits(
      int maxBodyBytes,
      int maxCallsInFlight,
      Duration answerTimeout,
      long maxStreamQueuedBytes,
      Duration maxStreamStall,
      Duration closeGrace) {

    public static final Limits DEFAULT =
        new Limits(
            64 << 20,
            4096,
            Duration.ofSeconds(30),
            256L << 20,
            Duration.ofSeconds(75),
            Duration.ofSeconds(3));

    public Limits withMaxBodyBytes(int value) {
      return new Limits(
          value, maxCallsInFlight, answerTimeout, maxStreamQueuedBytes, maxStreamStall, closeGrace);
    }

    public Limits withMaxCallsInFlight(int value) {
      return new Limits(
          maxBodyBytes, value, answerTimeout, maxStreamQueuedBytes, maxStreamStall, closeGrace);
    }

    public Limits withAnswerTimeout(Duration value) {
      return new Limits(
          maxBodyBytes, maxCallsInFlight, value, maxStreamQueuedBytes, maxStreamStall, closeGrace);
    }

    public Limits withStream(long queuedBytes, Duration stall) {
      return new Limits(
          maxBodyBytes, maxCallsInFlight, answerTimeout, queuedBytes, stall, closeGrace);
    }
  }
}
