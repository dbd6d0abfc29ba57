package io.meseta.master.core;

import io.meseta.schema.v1.MasterInfo;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Everything about a master that can be set. Immutable; made by {@link #builder}. */
public final class MasterOptions {
  private final Builder values;

  private MasterOptions(Builder values) {
    this.values = values.copy();
  }

  /**
   * Starts from the defaults, which are upstream's.
   *
   * @param info as frameworks see it; an empty {@code id} is replaced by a random one
   */
  public static Builder builder(MasterInfo info) {
    return new Builder(info);
  }

  public MasterInfo info() {
    return values.info;
  }

  /** The leader's term (D-12). */
  public long epoch() {
    return values.epoch;
  }

  /** Between HEARTBEAT events (T-35). */
  public Duration heartbeatInterval() {
    return values.heartbeatInterval;
  }

  /** After which an offer is rescinded; never if empty (O-7). */
  public Optional<Duration> offerTimeout() {
    return values.offerTimeout;
  }

  public Duration agentPingTimeout() {
    return values.agentPingTimeout;
  }

  /** So many pings in a row without an answer make an agent unreachable. */
  public int maxAgentPingTimeouts() {
    return values.maxAgentPingTimeouts;
  }

  /** How long a disconnected agent, or one known from the registry, has to come back. */
  public Duration agentReregisterTimeout() {
    return values.agentReregisterTimeout;
  }

  /** The least failover time of a framework whose stream ended by our fault (D-10). */
  public Duration ownFaultFailoverTimeout() {
    return values.ownFaultFailoverTimeout;
  }

  /** Whether {@code root} may be a framework's user. */
  public boolean rootSubmissions() {
    return values.rootSubmissions;
  }

  /** The roles that frameworks may have besides {@code *}; any if empty. */
  public Optional<Set<String>> roles() {
    return values.roles;
  }

  public int maxCompletedFrameworks() {
    return values.maxCompletedFrameworks;
  }

  public int maxCompletedTasksPerFramework() {
    return values.maxCompletedTasksPerFramework;
  }

  public int maxUnreachableTasksPerFramework() {
    return values.maxUnreachableTasksPerFramework;
  }

  /** Encoded bytes of events that may be on their way to one framework (D-6). */
  public long streamBudgetBytes() {
    return values.streamBudgetBytes;
  }

  /**
   * How long events may be on their way to a framework without progress before its stream is closed
   * (D-6).
   */
  public Duration streamStallTimeout() {
    return values.streamStallTimeout;
  }

  /** How long an agent is given before it takes the master for gone. */
  public Duration totalPingTimeout() {
    return values.agentPingTimeout.multipliedBy(values.maxAgentPingTimeouts);
  }

  /** Sets options one by one. */
  public static final class Builder {
    private final MasterInfo info;
    private long epoch = 1;
    private Duration heartbeatInterval = Duration.ofSeconds(15);
    private Optional<Duration> offerTimeout = Optional.empty();
    private Duration agentPingTimeout = Duration.ofSeconds(15);
    private int maxAgentPingTimeouts = 5;
    private Duration agentReregisterTimeout = Duration.ofMinutes(10);
    private Duration ownFaultFailoverTimeout = Duration.ofSeconds(30);
    private boolean rootSubmissions = true;
    private Optional<Set<String>> roles = Optional.empty();
    private int maxCompletedFrameworks = 50;
    private int maxCompletedTasksPerFramework = 1000;
    private int maxUnreachableTasksPerFramework = 1000;
    private long streamBudgetBytes = 64L << 20;
    private Duration streamStallTimeout = Duration.ofSeconds(75);

    private Builder(MasterInfo info) {
      this.info = info;
    }

    public Builder epoch(long value) {
      epoch = value;
      return this;
    }

    public Builder heartbeatInterval(Duration value) {
      heartbeatInterval = positive("heartbeat interval", value);
      return this;
    }

    public Builder offerTimeout(Duration value) {
      offerTimeout = Optional.of(positive("offer timeout", value));
      return this;
    }

    public Builder agentPingTimeout(Duration value) {
      agentPingTimeout = positive("agent ping timeout", value);
      return this;
    }

    public Builder maxAgentPingTimeouts(int value) {
      if (value < 1) {
        throw new IllegalArgumentException(
            "max agent ping timeouts must be at least 1, was " + value);
      }
      maxAgentPingTimeouts = value;
      return this;
    }

    public Builder agentReregisterTimeout(Duration value) {
      agentReregisterTimeout = positive("agent reregister timeout", value);
      return this;
    }

    public Builder ownFaultFailoverTimeout(Duration value) {
      ownFaultFailoverTimeout = positive("failover timeout for our own faults", value);
      return this;
    }

    public Builder rootSubmissions(boolean value) {
      rootSubmissions = value;
      return this;
    }

    public Builder roles(Set<String> value) {
      roles = Optional.of(Set.copyOf(value));
      return this;
    }

    public Builder maxCompletedFrameworks(int value) {
      maxCompletedFrameworks = notNegative("max completed frameworks", value);
      return this;
    }

    public Builder maxCompletedTasksPerFramework(int value) {
      maxCompletedTasksPerFramework = notNegative("max completed tasks per framework", value);
      return this;
    }

    public Builder maxUnreachableTasksPerFramework(int value) {
      maxUnreachableTasksPerFramework = notNegative("max unreachable tasks per framework", value);
      return this;
    }

    public Builder streamBudgetBytes(long value) {
      if (value < 1) {
        throw new IllegalArgumentException("stream budget must be at least 1 byte, was " + value);
      }
      streamBudgetBytes = value;
      return this;
    }

    public Builder streamStallTimeout(Duration value) {
      streamStallTimeout = positive("stream stall timeout", value);
      return this;
    }

    public MasterOptions build() {
      return new MasterOptions(this);
    }

    private Builder copy() {
      Builder copy = new Builder(info);
      copy.epoch = epoch;
      copy.heartbeatInterval = heartbeatInterval;
      copy.offerTimeout = offerTimeout;
      copy.agentPingTimeout = agentPingTimeout;
      copy.maxAgentPingTimeouts = maxAgentPingTimeouts;
      copy.agentReregisterTimeout = agentReregisterTimeout;
      copy.ownFaultFailoverTimeout = ownFaultFailoverTimeout;
      copy.rootSubmissions = rootSubmissions;
      copy.roles = roles;
      copy.maxCompletedFrameworks = maxCompletedFrameworks;
      copy.maxCompletedTasksPerFramework = maxCompletedTasksPerFramework;
      copy.maxUnreachableTasksPerFramework = maxUnreachableTasksPerFramework;
      copy.streamBudgetBytes = streamBudgetBytes;
      copy.streamStallTimeout = streamStallTimeout;
      return copy;
    }

    private static Duration positive(String name, Duration value) {
      if (value.isNegative() || value.isZero()) {
        throw new IllegalArgumentException(name + " must be positive, was " + value);
      }
      return value;
    }

    private static int notNegative(String name, int value) {
      if (value < 0) {
        throw new IllegalArgumentException(name + " must not be negative, was " + value);
      }
      return value;
    }
  }
}
