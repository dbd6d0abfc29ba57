package io.meseta.master.core;

import io.meseta.schema.v1.CommandInfo;
import io.meseta.schema.v1.Environment;
import io.meseta.schema.v1.Secret;
import java.util.Optional;

/** What the environment of a command must be like (V-43). */
final class CommandValidation {
  private CommandValidation() {}

  static Optional<String> validate(CommandInfo command) {
    return command.getEnvironment().getVariablesList().stream()
        .map(CommandValidation::variable)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> variable(Environment.Variable variable) {
    String subject = "Environment variable '" + variable.getName() + "' ";
    return switch (variable.getType()) {
      case VALUE -> {
        if (!variable.hasValue()) {
          yield Optional.of(subject + "of type 'VALUE' must have a value set");
        }
        yield variable.hasSecret()
            ? Optional.of(subject + "of type 'VALUE' must not have a secret set")
            : Optional.empty();
      }
      case SECRET -> {
        if (!variable.hasSecret()) {
          yield Optional.of(subject + "of type 'SECRET' must have a secret set");
        }
        if (variable.hasValue()) {
          yield Optional.of(subject + "of type 'SECRET' must not have a value set");
        }
        yield secret(variable.getSecret())
            .map(reason -> subject + "specifies an invalid secret: " + reason)
            .or(
                () ->
                    hasNul(variable.getSecret())
                        ? Optional.of(
                            subject
                                + "specifies a secret containing null bytes, which is not allowed in the environment")
                        : Optional.empty());
      }
      case UNKNOWN -> Optional.of("Environment variable of type 'UNKNOWN' is not allowed");
    };
  }

  /** A secret must be what its type says. */
  static Optional<String> secret(Secret secret) {
    return switch (secret.getType()) {
      case REFERENCE -> {
        if (!secret.hasReference()) {
          yield Optional.of("Secret of type REFERENCE must have the 'reference' field set");
        }
        yield secret.hasValue()
            ? Optional.of(
                "Secret '"
                    + secret.getReference().getName()
                    + "' of type REFERENCE must not have the 'value' field set")
            : Optional.empty();
      }
      case VALUE -> {
        if (!secret.hasValue()) {
          yield Optional.of("Secret of type VALUE must have the 'value' field set");
        }
        yield secret.hasReference()
            ? Optional.of("Secret of type VALUE must not have the 'reference' field set")
            : Optional.empty();
      }
      case UNKNOWN -> Optional.empty(); // Fails when the container is launched.
    };
  }

  private static boolean hasNul(Secret secret) {
    for (byte b : secret.getValue().getData()) {
      if (b == 0) {
        return true;
      }
    }
    return false;
  }
}
