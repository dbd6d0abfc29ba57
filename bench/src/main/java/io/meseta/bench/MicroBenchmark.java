package io.meseta.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the JMH methods of one class. */
final class MicroBenchmark {
  private MicroBenchmark() {}

  /** Score of each method (and parameter values, where there are any), in the class's own unit. */
  static Map<String, Double> scores(Class<?> benchmarks, boolean brief) throws RunnerException {
    var options =
        new OptionsBuilder()
            .include("^" + benchmarks.getName().replace("$", "[.$]") + "[.]")
            .forks(1)
            .warmupIterations(brief ? 2 : 5)
            .warmupTime(TimeValue.milliseconds(brief ? 300 : 1000))
            .measurementIterations(brief ? 2 : 5)
            .measurementTime(TimeValue.milliseconds(brief ? 300 : 1000))
            .jvmArgsAppend("-Xmx512m", "-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow")
            .verbosity(VerboseMode.SILENT)
            .build();
    Map<String, Double> scores = new TreeMap<>();
    for (RunResult result : new Runner(options).run()) {
      List<String> name = new ArrayList<>();
      name.add(result.getPrimaryResult().getLabel());
      result.getParams().getParamsKeys().forEach(key -> name.add(result.getParams().getParam(key)));
      scores.put(String.join(" ", name), result.getPrimaryResult().getScore());
    }
    return scores;
  }
}
