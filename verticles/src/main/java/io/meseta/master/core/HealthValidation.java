package io.meseta.master.core;

import static io.meseta.master.core.Checks.require;

import io.meseta.schema.v1.CheckInfo;
import io.meseta.schema.v1.CommandInfo;
import io.meseta.schema.v1.HealthCheck;
import java.util.Optional;
import java.util.Set;

/** What checks and health checks must be like (V-37, V-38). */
final class HealthValidation {
  private HealthValidation() {}

  static Optional<String> check(CheckInfo check) {
    if (!check.hasType()) {
      return Optional.of("CheckInfo must specify 'type'");
    }
    Optional<String> body =
        switch (check.getType()) {
          case COMMAND ->
              Checks.first(
                  () ->
                      require(
                          check.hasCommand(), "Expecting 'command' to be set for COMMAND check"),
                  () -> command(check.getCommand().getCommand(), "Command check", "Check's"));
          case HTTP ->
              Checks.first(
                  () -> require(check.hasHttp(), "Expecting 'http' to be set for HTTP check"),
                  () -> path(check.getHttp().getPath(), "HTTP check"));
          case TCP -> require(check.hasTcp(), "Expecting 'tcp' to be set for TCP check");
          case UNKNOWN -> Optional.of("'UNKNOWN' is not a valid check type");
        };
    return body.or(
        () ->
            Checks.first(
                () -> notNegative("delay_seconds", check.getDelaySeconds()),
                () -> notNegative("interval_seconds", check.getIntervalSeconds()),
                () -> notNegative("timeout_seconds", check.getTimeoutSeconds())));
  }

  static Optional<String> healthCheck(HealthCheck check) {
    if (!check.hasType()) {
      return Optional.of("HealthCheck must specify 'type'");
    }
    Optional<String> body =
        switch (check.getType()) {
          case COMMAND ->
              Checks.first(
                  () ->
                      require(
                          check.hasCommand(),
                          "Expecting 'command' to be set for COMMAND health check"),
                  () -> command(check.getCommand(), "Command health check", "Health check's"));
          case HTTP ->
              Checks.first(
                  () ->
                      require(check.hasHttp(), "Expecting 'http' to be set for HTTP health check"),
                  () ->
                      require(
                          !check.getHttp().hasScheme()
                              || Set.of("http", "https").contains(check.getHttp().getScheme()),
                          "Unsupported HTTP health check scheme: '"
                              + check.getHttp().getScheme()
                              + "'"),
                  () -> path(check.getHttp().getPath(), "HTTP health check"));
          case TCP -> require(check.hasTcp(), "Expecting 'tcp' to be set for TCP health check");
          case UNKNOWN -> Optional.of("'UNKNOWN' is not a valid health check type");
        };
    return body.or(
        () ->
            Checks.first(
                () -> notNegative("delay_seconds", check.getDelaySeconds()),
                () -> notNegative("grace_period_seconds", check.getGracePeriodSeconds()),
                () -> notNegative("interval_seconds", check.getIntervalSeconds()),
                () -> notNegative("timeout_seconds", check.getTimeoutSeconds())));
  }

  private static Optional<String> command(CommandInfo command, String subject, String owner) {
    return Checks.first(
        () ->
            require(
                command.hasValue() && !command.getValue().isEmpty(),
                subject
                    + " must contain "
                    + (command.getShell() ? "'shell command'" : "'executable path'")),
        () ->
            CommandValidation.validate(command)
                .map(reason -> owner + " `CommandInfo` is invalid: " + reason));
  }

  private static Optional<String> path(String path, String subject) {
    return require(
        path.isEmpty() || path.startsWith("/"),
        "The path '" + path + "' of " + subject + " must start with '/'");
  }

  /** NaN is refused too. */
  private static Optional<String> notNegative(String field, double value) {
    return require(value >= 0, "Expecting '" + field + "' to be non-negative");
  }
}
