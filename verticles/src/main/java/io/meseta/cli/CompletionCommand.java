package io.meseta.cli;

import io.meseta.kernel.Flag;
import java.util.List;
import java.util.function.Supplier;

/** {@code meseta completion bash|zsh}. */
final class CompletionCommand implements Command {
  private final Supplier<CommandParser> parser;

  CompletionCommand(Supplier<CommandParser> parser) {
    this.parser = parser;
  }

  @Override
  public String name() {
    return "completion";
  }

  @Override
  public String summary() {
    return "Prints a completion script: source <(meseta completion bash).";
  }

  @Override
  public List<Flag<?>> flags() {
    return List.of();
  }

  @Override
  public List<String> parameters() {
    return List.of("bash|zsh");
  }

  @Override
  public int run(Invocation invocation) {
    if (invocation.words().size() != 1
        || !List.of("bash", "zsh").contains(invocation.words().get(0))) {
      throw new UsageException("completion: name the shell: bash or zsh");
    }
    if (invocation.words().get(0).equals("zsh")) {
      invocation.out().println("autoload -U +X bashcompinit && bashcompinit");
    }
    invocation.out().print(parser.get().completion());
    return ExitCode.DONE;
  }
}
