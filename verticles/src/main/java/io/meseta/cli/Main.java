package io.meseta.cli;

import io.meseta.kernel.Flag;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * Where {@code bin/meseta} arrives: picks the command, reads its flags, turns failures into one
 * line and an exit code.
 */
public final class Main {
  private final List<Command> commands = new ArrayList<>();
  private final CommandParser parser;
  private final Map<String, String> environment;
  private final PrintStream out;
  private final PrintStream err;

  Main(Map<String, String> environment, PrintStream out, PrintStream err) {
    this.environment = environment;
    this.out = out;
    this.err = err;
    commands.add(new LocalCommand());
    commands.add(new ExecuteCommand());
    ServiceLoader.load(Command.class).forEach(commands::add);
    commands.add(new HelpCommand(this::parser));
    commands.add(new CompletionCommand(this::parser));
    parser = new CommandParser(commands);
  }

  private CommandParser parser() {
    return parser;
  }

  /** Never returns: the exit code is the command's. */
  @SuppressWarnings("SystemOut") // stdout is for results, stderr for the rest: that is the contract
  public static void main(String[] args) {
    int code = new Main(System.getenv(), System.out, System.err).run(args);
    System.out.flush();
    LogSetup.flush();
    System.exit(code);
  }

  int run(String... args) {
    if (args.length == 0 || args[0].equals("--help") || args[0].equals("-h")) {
      out.print(parser.help());
      return args.length == 0 ? ExitCode.USAGE : ExitCode.DONE;
    }
    if (args[0].equals("--version") || args[0].equals("-V")) {
      out.println(Version.text());
      return ExitCode.DONE;
    }
    try {
      return dispatch(args);
    } catch (UsageException e) {
      err.println("meseta: " + e.getMessage());
      return ExitCode.USAGE;
    } catch (EnvironmentException e) {
      err.println("meseta: " + e.getMessage());
      return ExitCode.ENVIRONMENT;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED;
    } catch (Exception e) {
      err.println("meseta " + args[0] + ": internal error, please report it");
      e.printStackTrace(err);
      return 70;
    }
  }

  private int dispatch(String... args) throws Exception {
    CommandParser.Parsed parsed = parser.parse(args);
    Command command = parsed.command();
    if (parsed.help()) {
      out.print(parser.help(command.name()));
      return ExitCode.DONE;
    }
    List<Flag<?>> flags = command.flags();
    Map<String, String> file = Map.of();
    if (flags.contains(ConfigFile.FLAG)) {
      FlagValues where =
          FlagValues.read(
              List.of(ConfigFile.FLAG), List.of(), parsed.given(), environment, Map.of());
      file = where.find(ConfigFile.FLAG).map(path -> ConfigFile.read(path, flags)).orElse(Map.of());
    }
    FlagValues values =
        FlagValues.read(flags, command.required(), parsed.given(), environment, file);
    LogSetup.apply(
        flags.contains(LogSetup.LEVEL)
            ? values
            : FlagValues.read(
                LogSetup.FLAGS, List.of(), Map.of("logging_level", "WARNING"), Map.of(), Map.of()));
    return command.run(new Invocation(values, parsed.words(), out, err));
  }
}
