package io.meseta.link;

/** Whether an agent was attached. */
sealed interface LinkWelcome {
  /** It was; envelopes of both directions carry these. */
  record Attached(String clusterId, long epoch, String session) implements LinkWelcome {}

  /** It was not, and may try again later. */
  record Refused(String reason) implements LinkWelcome {}
}
