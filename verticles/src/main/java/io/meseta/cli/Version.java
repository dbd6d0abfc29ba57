package io.meseta.cli;

/** What {@code --version} prints. */
final class Version {
  private Version() {}

  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return "meseta " + (version == null ? "development" : version) + " (Mesos API 1.12.0)";
  }
}
