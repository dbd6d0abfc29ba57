package io.meseta.api;

/** The version of the Mesos API that we speak. */
public final class ApiLevel {
  /**
   * What clients that look at versions are told: digits and dots only, and never the product's own
   * version (T-57).
   */
  public static final String VERSION = "1.12.0";

  private ApiLevel() {}
}
