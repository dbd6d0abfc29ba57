package io.meseta.allocator;

import io.meseta.resources.Resources;

/**
 * "Do not offer me this again for a while": in force until it is removed, not until its nominal end
 * . Two filters are never equal, so that each has its own alarm.
 */
final class OfferFilter implements Alarm {
  final Framework framework;
  final String role;
  final Agent agent;
  final Resources refused;
  final long endNanos;

  OfferFilter(Framework framework, String role, Agent agent, Resources refused, long endNanos) {
    this.framework = framework;
    this.role = role;
    this.agent = agent;
    this.refused = refused;
    this.endNanos = endNanos;
  }

  /** Whether this one blocks all that the other blocks, for as long. */
  boolean subsumes(OfferFilter other) {
    return endNanos >= other.endNanos && refused.contains(other.refused);
  }
}
