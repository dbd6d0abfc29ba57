package io.meseta.isolation.containers;

import io.meseta.schema.v1.CommandInfo;
import java.util.List;
import java.util.Optional;

/**
 * What is executed for a {@code CommandInfo} (agent-executor 6.2, L-11).
 *
 * @param executable a path, or a name to look up in the task's {@code PATH}
 * @param argv all of it, {@code argv[0]} included; never empty
 */
public record CommandLine(String executable, List<String> argv) {
  private static final String SHELL = "/bin/sh";

  public CommandLine {
    argv = List.copyOf(argv);
  }

  /** Why the command cannot be executed, if it cannot; names the field. */
  public static Optional<String> invalid(CommandInfo command) {
    if (!command.hasValue() || command.getValue().isEmpty()) {
      return Optional.of(
          command.getShell()
              ? "'CommandInfo.value' is required: the shell command to run"
              : "'CommandInfo.value' is required: the executable to run when 'shell' is false");
    }
    if (hasNul(command.getValue())) {
      return Optional.of("'CommandInfo.value' must not contain a NUL character");
    }
    if (!command.getShell()) {
      for (int i = 0; i < command.getArgumentsCount(); i++) {
        if (hasNul(command.getArguments(i))) {
          return Optional.of("'CommandInfo.arguments[" + i + "]' must not contain a NUL character");
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The command line of a valid command: {@code /bin/sh -c value}, or {@code value} with {@code
   * arguments} as argv. An executable without arguments gets its own name as {@code argv[0]}, since
   * programs without one misbehave.
   *
   * @throws IllegalArgumentException with the reason that {@link #invalid} gives
   */
  public static CommandLine of(CommandInfo command) {
    invalid(command)
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException(reason);
            });
    if (command.getShell()) {
      return new CommandLine(SHELL, List.of("sh", "-c", command.getValue()));
    }
    return new CommandLine(
        command.getValue(),
        command.getArgumentsCount() == 0
            ? List.of(command.getValue())
            : command.getArgumentsList());
  }

  private static boolean hasNul(String text) {
    return text.indexOf('\0') >= 0;
  }
}
