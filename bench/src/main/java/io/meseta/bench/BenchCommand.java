package io.meseta.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meseta.cli.Command;
import io.meseta.cli.ExitCode;
import io.meseta.cli.Invocation;
import io.meseta.cli.UsageException;
import io.meseta.kernel.Flag;
import io.meseta.kernel.FlagTypes;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code meseta bench}: measures, prints a table, and says which bounds do not hold. */
public final class BenchCommand implements Command {
  private static final Flag<Boolean> LIST =
      Flag.of("list", FlagTypes.BOOLEAN, "false", "Names the benchmarks and their set-ups.");
  private static final Flag<String> ONLY =
      Flag.optional("only", FlagTypes.STRING, "Runs only the benchmarks whose name contains this.");
  private static final Flag<Path> JSON =
      Flag.optional("json", FlagTypes.PATH, "Also writes the figures to this file.");
  private static final Flag<Boolean> SHORT =
      Flag.of(
          "short",
          FlagTypes.BOOLEAN,
          "false",
          "Rough figures in seconds instead of good ones in minutes.");

  private final List<Benchmark> benchmarks =
      List.of(
          new JsonBenchmark(),
          new ResourcesBenchmark(),
          new StartBenchmark(),
          new ThroughputBenchmark(),
          new LatencyBenchmark(),
          new DeclineBenchmark());

  @Override
  public String name() {
    return "bench";
  }

  @Override
  public String summary() {
    return "Measures the product and compares the figures with what must be reached.";
  }

  @Override
  public List<Flag<?>> flags() {
    return List.of(LIST, ONLY, JSON, SHORT);
  }

  @Override
  public int run(Invocation invocation) throws Exception {
    PrintStream out = invocation.out();
    Optional<String> only = invocation.flags().find(ONLY);
    List<Benchmark> chosen =
        benchmarks.stream().filter(b -> only.isEmpty() || b.name().contains(only.get())).toList();
    if (chosen.isEmpty()) {
      throw new UsageException("--only: no benchmark is called like '" + only.orElse("") + "'");
    }
    if (invocation.flags().get(LIST)) {
      chosen.forEach(b -> out.println(b.name() + ": " + b.setUp()));
      return ExitCode.DONE;
    }
    ObjectMapper mapper = new ObjectMapper();
    ArrayNode report = mapper.createArrayNode();
    boolean good = true;
    for (Benchmark benchmark : chosen) {
      out.println(benchmark.name() + ": " + benchmark.setUp());
      for (Benchmark.Figure figure : benchmark.run(invocation.flags().get(SHORT))) {
        good &= figure.holds();
        out.println(line(figure));
        out.flush();
        ObjectNode node = report.addObject();
        node.put("benchmark", benchmark.name()).put("figure", figure.name());
        node.put("value", figure.value()).put("unit", figure.unit()).put("holds", figure.holds());
        figure.must().ifPresent(bound -> node.put("must", bound));
        figure.upstream().ifPresent(text -> node.put("upstream", text));
      }
    }
    Optional<Path> json = invocation.flags().find(JSON);
    if (json.isPresent()) {
      mapper.writerWithDefaultPrettyPrinter().writeValue(json.get().toFile(), report);
    }
    return good ? ExitCode.DONE : ExitCode.FAILED;
  }

  private static String line(Benchmark.Figure figure) {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT, "  %-44s %12.3f %-8s", figure.name(), figure.value(), figure.unit()));
    figure
        .must()
        .ifPresent(
            bound ->
                line.append(figure.higherIsBetter() ? " must >= " : " must <= ")
                    .append(bound)
                    .append(figure.holds() ? "  ok" : "  MISSED"));
    figure.upstream().ifPresent(text -> line.append("  upstream: ").append(text));
    return line.toString();
  }
}
