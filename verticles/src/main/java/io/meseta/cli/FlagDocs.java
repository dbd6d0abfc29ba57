package io.meseta.cli;

import io.meseta.kernel.Flag;
import java.util.List;

/**
 * Renders all commands and flags as the page {@code docs/command-line.md}, from the declarations
 * that help shows.
 */
final class FlagDocs {
  private FlagDocs() {}

  static String page(List<Command> commands) {
    StringBuilder out = new StringBuilder();
    out.append("# Command line\n\n");
    out.append("Written from the code; a test compares them. ");
    out.append(
        "Flags are given as `--name=value` or `--name value`; booleans as `--name`, `--no-name` or ");
    out.append("`--name=true`. The environment sets `--name` by `MESETA_NAME` (or `MESOS_NAME`), ");
    out.append(
        "`--config=FILE` by `name: value`. The command line wins over the environment, the ");
    out.append(
        "environment over the file, the file over the default. A value `file:///path` is read from that file.\n\n");
    out.append(
        "Exit codes: 0 done; 1 the requested thing failed; 2 wrong command line; 3 the machine does not allow it ");
    out.append("(JDK, port, directory); 4 leadership or the log was lost.\n");
    for (Command command : commands) {
      out.append("\n## meseta ").append(command.name());
      command.parameters().forEach(parameter -> out.append(' ').append(parameter));
      out.append("\n\n").append(command.summary()).append('\n');
      if (command.flags().isEmpty()) {
        continue;
      }
      out.append("\n| Flag | Value | Default | Meaning |\n|---|---|---|---|\n");
      for (Flag<?> flag : command.flags()) {
        out.append("| `--")
            .append(flag.name())
            .append("` | ")
            .append(cell(flag.type().label()))
            .append(" | ")
            .append(
                flag.defaultText()
                    .map(text -> text.isEmpty() ? "" : "`" + cell(text) + "`")
                    .orElse(command.required().contains(flag) ? "required" : ""))
            .append(" | ")
            .append(cell(flag.description()))
            .append(" |\n");
      }
    }
    return out.toString();
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
