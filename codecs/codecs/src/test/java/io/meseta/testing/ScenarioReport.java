package io.meseta.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Counts what the tests say they prove: reads every {@code @Scenario} of a source tree and writes
 * one Markdown table per suite. Run by the build of {@code bench}; with a folder of checklists it
 * also lists the named upstream tests that no test claims yet.
 *
 * <p>Usage: {@code ScenarioReport SOURCE_ROOT OUTPUT.md [CHECKLIST_FOLDER]}
 */
public final class ScenarioReport {
  private static final Pattern ANNOTATION =
      Pattern.compile("@Scenario\\(\\s*(\\{[^}]*}|\"[^\"]*\")\\s*\\)", Pattern.DOTALL);
  private static final Pattern TEXT = Pattern.compile("\"([^\"]+)\"");
  private static final Pattern UPSTREAM =
      Pattern.compile("[A-Z][A-Za-z0-9]*Tests?\\.[A-Za-z0-9_]+");

  private ScenarioReport() {}

  public static void main(String[] args) throws IOException {
    Path root = Path.of(args[0]);
    Map<String, Set<String>> bySuite = collect(root);
    String report = render(bySuite);
    Files.createDirectories(Path.of(args[1]).toAbsolutePath().getParent());
    Files.writeString(Path.of(args[1]), report);
    System.out.println(
        "scenarios: "
            + bySuite.values().stream().mapToInt(Set::size).sum()
            + " in "
            + bySuite.size()
            + " suites, written to "
            + args[1]);
    if (args.length > 2) {
      Set<String> missing = named(Path.of(args[2]));
      bySuite.forEach((suite, names) -> names.forEach(n -> missing.remove(suite + "." + n)));
      missing.forEach(name -> System.out.println("not claimed by any test: " + name));
    }
  }

  /** Suite (the part before the first dot, or the rule's letters) to the names in it. */
  static Map<String, Set<String>> collect(Path root) throws IOException {
    Map<String, Set<String>> bySuite = new TreeMap<>();
    List<Path> files;
    try (Stream<Path> walk = Files.walk(root)) {
      files =
          walk.filter(path -> path.toString().endsWith(".java"))
              .filter(path -> path.toString().contains("/src/test/"))
              .sorted()
              .toList();
    }
    for (Path file : files) {
      for (String name : names(Files.readString(file))) {
        int dot = name.indexOf('.');
        int dash = name.indexOf('-');
        String suite =
            dot > 0
                ? name.substring(0, dot)
                : dash > 0 ? "rules " + name.substring(0, dash).toUpperCase(Locale.ROOT) : "other";
        bySuite
            .computeIfAbsent(suite, key -> new TreeSet<>())
            .add(dot > 0 ? name.substring(dot + 1) : name);
      }
    }
    return bySuite;
  }

  static List<String> names(String source) {
    Set<String> names = new LinkedHashSet<>();
    Matcher annotations = ANNOTATION.matcher(source);
    while (annotations.find()) {
      Matcher texts = TEXT.matcher(annotations.group(1));
      while (texts.find()) {
        names.add(texts.group(1));
      }
    }
    return new ArrayList<>(names);
  }

  static String render(Map<String, Set<String>> bySuite) {
    StringBuilder out = new StringBuilder("# Scenario coverage\n\n");
    out.append("Upstream tests and checklist rules that a test claims with `@Scenario`.\n\n");
    out.append("| Suite | Count | Names |\n|---|---|---|\n");
    bySuite.forEach(
        (suite, names) ->
            out.append("| ")
                .append(suite)
                .append(" | ")
                .append(names.size())
                .append(" | ")
                .append(String.join(", ", names))
                .append(" |\n"));
    return out.toString();
  }

  private static Set<String> named(Path folder) throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".md")).sorted().toList()) {
        Matcher matcher = UPSTREAM.matcher(Files.readString(file));
        while (matcher.find()) {
          names.add(matcher.group());
        }
      }
    }
    return names;
  }
}
