package io.meseta.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where the masters are and how to talk to them.
 *
 * @param masters {@code HOST:PORT} of one or more masters; any of them leads to the leader
 * @param encoding of calls and events
 * @param credentials for basic authentication
 * @param minBackOff the first wait before subscribing again; doubled up to {@code maxBackOff}, each
 *     randomised by half
 * @param callTimeout after which a call that got no answer fails
 */
public record SchedulerClientOptions(
    List<String> masters,
    Encoding encoding,
    Optional<Credentials> credentials,
    Duration minBackOff,
    Duration maxBackOff,
    Duration callTimeout) {
  /** How messages are written. */
  public enum Encoding {
    PROTOBUF,
    JSON
  }

  /** A user of basic authentication; the secret never shows in {@link #toString}. */
  public record Credentials(String principal, String secret) {
    @Override
    public String toString() {
      return "Credentials[principal=" + principal + "]";
    }
  }

  public SchedulerClientOptions {
    if (masters.isEmpty()) {
      throw new IllegalArgumentException("masters: at least one HOST:PORT is needed");
    }
    masters = List.copyOf(masters);
    masters.forEach(Endpoint::parse);
  }

  /** Protobuf, no authentication, back-off from 100 ms to 15 s, calls time out after 10 s. */
  public static SchedulerClientOptions of(List<String> masters) {
    return new SchedulerClientOptions(
        masters,
        Encoding.PROTOBUF,
        Optional.empty(),
        Duration.ofMillis(100),
        Duration.ofSeconds(15),
        Duration.ofSeconds(10));
  }

  public SchedulerClientOptions withEncoding(Encoding value) {
    return new SchedulerClientOptions(
        masters, value, credentials, minBackOff, maxBackOff, callTimeout);
  }

  public SchedulerClientOptions withCredentials(Credentials value) {
    return new SchedulerClientOptions(
        masters, encoding, Optional.of(value), minBackOff, maxBackOff, callTimeout);
  }
}
