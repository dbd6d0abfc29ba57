package io.meseta.resources;

/** What became of an operation on a bag of resources. */
public sealed interface ApplyResult {
  /** The bag afterwards. */
  record Applied(Resources resources) implements ApplyResult {}

  /** The bag is unchanged; the reason is fit for the user. */
  record Refused(String reason) implements ApplyResult {}
}
