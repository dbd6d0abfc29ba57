package io.meseta.cli;

import io.meseta.kernel.Flag;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Renders the flags of all commands into a parser, help texts and shell completion. */
final class CommandParser {
  private static final String NEGATION = "no-";

  private final Map<String, Command> commands = new HashMap<>();
  private final CommandLine root;

  /**
   * What the command line asks for.
   *
   * @param given flags by name, as written
   */
  record Parsed(Command command, Map<String, String> given, List<String> words, boolean help) {}

  CommandParser(List<Command> all) {
    CommandSpec spec = CommandSpec.create().name("meseta");
    spec.usageMessage()
        .description("A cluster manager for the JVM that speaks Apache Mesos's v1 HTTP APIs.")
        .footer("", "meseta COMMAND --help shows the flags of a command.");
    root = new CommandLine(spec);
    for (Command command : all) {
      commands.put(command.name(), command);
      root.addSubcommand(command.name(), new CommandLine(spec(command)));
    }
  }

  private static CommandSpec spec(Command command) {
    CommandSpec spec = CommandSpec.create().name(command.name());
    spec.usageMessage().description(command.summary()).sortOptions(false);
    for (Flag<?> flag : command.flags()) {
      boolean bool = flag.type().javaType() == Boolean.class;
      List<String> text = new ArrayList<>();
      text.add(
          flag.description() + flag.defaultText().map(d -> " (default: " + d + ")").orElse(""));
      spec.addOption(
          OptionSpec.builder("--" + flag.name())
              .type(String.class)
              .arity(bool ? "0..1" : "1")
              .fallbackValue(bool ? "true" : "")
              .paramLabel(flag.type().label())
              .required(false)
              .description(escape(text))
              .build());
      if (bool) {
        spec.addOption(
            OptionSpec.builder("--" + NEGATION + flag.name())
                .type(boolean.class)
                .arity("0")
                .hidden(true)
                .build());
      }
    }
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .type(boolean.class)
            .arity("0")
            .usageHelp(true)
            .description("Shows this help.")
            .build());
    if (!command.parameters().isEmpty()) {
      spec.addPositional(
          PositionalParamSpec.builder()
              .type(List.class)
              .auxiliaryTypes(String.class)
              .arity("0..*")
              .paramLabel(String.join(" ", command.parameters()))
              .build());
    }
    return spec;
  }

  /** Picocli formats descriptions; a percent sign of ours is meant as it is. */
  private static String[] escape(List<String> lines) {
    return lines.stream().map(line -> line.replace("%", "%%")).toArray(String[]::new);
  }

  /**
   * Takes the command line apart.
   *
   * @throws UsageException naming the flag and the reason
   */
  Parsed parse(String... args) {
    Command command = commands.get(args[0]);
    if (command == null) {
      throw new UsageException(
          "unknown command '"
              + args[0]
              + "'"
              + suggestion(args[0], commands.keySet())
              + "; see meseta help");
    }
    ParseResult result;
    try {
      result = root.parseArgs(args).subcommand();
    } catch (UnmatchedArgumentException e) {
      throw new UsageException(unmatched(command, e));
    } catch (ParameterException e) {
      throw new UsageException(
          String.valueOf(e.getMessage()).lines().findFirst().orElse("bad flags"));
    }
    Map<String, String> given = new HashMap<>();
    for (Flag<?> flag : command.flags()) {
      if (result.hasMatchedOption("--" + flag.name())) {
        given.put(flag.name(), result.matchedOptionValue("--" + flag.name(), ""));
      }
      if (result.hasMatchedOption("--" + NEGATION + flag.name())) {
        if (given.put(flag.name(), "false") != null) {
          throw new UsageException(
              "--" + flag.name() + ": given together with --no-" + flag.name());
        }
      }
    }
    List<String> words =
        result.hasMatchedPositional(0) ? result.matchedPositionalValue(0, List.of()) : List.of();
    return new Parsed(command, given, words, result.isUsageHelpRequested());
  }

  private String unmatched(Command command, UnmatchedArgumentException e) {
    String argument = e.getUnmatched().get(0);
    if (!argument.startsWith("-")) {
      return "unexpected word '" + argument + "'; see meseta " + command.name() + " --help";
    }
    String name = argument.replaceFirst("=.*", "");
    List<String> known = command.flags().stream().map(flag -> "--" + flag.name()).toList();
    return name
        + ": unknown flag"
        + suggestion(name, known)
        + " (see meseta "
        + command.name()
        + " --help)";
  }

  private static String suggestion(String word, Collection<String> known) {
    return Nearest.to(word, known).map(name -> ", did you mean " + name + "?").orElse("");
  }

  /** All commands. */
  String help() {
    return usage(root);
  }

  /** One command with every flag. */
  String help(String command) {
    CommandLine line = root.getSubcommands().get(command);
    if (line == null) {
      throw new UsageException(
          "unknown command '" + command + "'" + suggestion(command, commands.keySet()));
    }
    return usage(line);
  }

  private static String usage(CommandLine line) {
    StringWriter text = new StringWriter();
    line.usage(new PrintWriter(text, true), CommandLine.Help.Ansi.OFF);
    return text.toString();
  }

  /** A script for bash, and for zsh through its bash emulation. */
  String completion() {
    return AutoComplete.bash("meseta", root);
  }
}
