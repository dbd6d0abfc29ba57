import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Checks or applies the source format: {@code java -cp google-java-format.jar .ci/Format.java
 * check|fix [FOLDER…]}. The build runs it from the JDK that compiles, because the formatter cannot
 * parse newer Java on an older one.
 */
final class Format {
  private Format() {}

  public static void main(String[] args) throws IOException {
    boolean fix = args[0].equals("fix");
    List<String> roots = args.length > 1 ? List.of(args).subList(1, args.length) : List.of(".");
    Formatter formatter =
        new Formatter(
            JavaFormatterOptions.builder().style(JavaFormatterOptions.Style.GOOGLE).build());
    AtomicInteger wrong = new AtomicInteger();
    for (String root : roots) {
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        files
            .filter(path -> path.toString().endsWith(".java"))
            .filter(path -> !path.toString().contains("/target/"))
            .sorted()
            .forEach(
                path -> {
                  try {
                    String before = Files.readString(path);
                    String after =
                        formatter.formatSource(
                            ImportOrderer.reorderImports(
                                RemoveUnusedImports.removeUnusedImports(before),
                                JavaFormatterOptions.Style.GOOGLE));
                    if (!after.equals(before)) {
                      if (fix) {
                        Files.writeString(path, after);
                      } else {
                        System.err.println("not formatted: " + path);
                      }
                      wrong.incrementAndGet();
                    }
                  } catch (Exception e) {
                    System.err.println("cannot format " + path + ": " + e.getMessage());
                    wrong.incrementAndGet();
                  }
                });
      }
    }
    if (!fix && wrong.get() > 0) {
      System.err.println(
          wrong + " file(s) not formatted; run: mvn -q -N validate -Dformat.mode=fix");
      System.exit(1);
    }
  }
}
