package io.meseta.bus;

/** What every sender and receiver of envelopes agrees on. */
public final class Envelopes {
  /** The version of {@code meseta.internal.v1} that this process speaks (D-9, D-21). */
  public static final int SCHEMA_VERSION = 1;

  private Envelopes() {}
}
