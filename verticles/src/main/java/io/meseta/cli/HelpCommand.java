package io.meseta.cli;

import io.meseta.kernel.Flag;
import java.util.List;
import java.util.function.Supplier;

/** {@code meseta help [COMMAND]}. */
final class HelpCommand implements Command {
  private final Supplier<CommandParser> parser;

  HelpCommand(Supplier<CommandParser> parser) {
    this.parser = parser;
  }

  @Override
  public String name() {
    return "help";
  }

  @Override
  public String summary() {
    return "Shows the commands, or the flags of one.";
  }

  @Override
  public List<Flag<?>> flags() {
    return List.of();
  }

  @Override
  public List<String> parameters() {
    return List.of("[COMMAND]");
  }

  @Override
  public int run(Invocation invocation) {
    invocation
        .out()
        .print(
            invocation.words().isEmpty()
                ? parser.get().help()
                : parser.get().help(invocation.words().get(0)));
    return ExitCode.DONE;
  }
}
