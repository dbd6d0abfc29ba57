package io.meseta.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's tour does what it says: its shell blocks run in order in one shell against a real
 * cluster, and every line of each block's expected output appears ({@code …} stands for anything).
 */
class TourIT {
  private static final Pattern BLOCK = Pattern.compile("```(sh|text)\n(.*?)```", Pattern.DOTALL);

  private record Step(String script, List<String> expected) {}

  @Test
  void everyStepOfTheTourGivesTheOutputThatItShows(@TempDir Path folder) throws Exception {
    String readme = Files.readString(Launcher.home().resolve("README.md"));
    String tour = readme.substring(readme.indexOf("## Five-minute tour"));
    List<Step> steps = steps(tour.substring(0, tour.indexOf("\n## ", 1)));
    assertTrue(steps.size() >= 5, "the tour was read: " + steps.size());
    // The first block starts the cluster in another terminal.
    assertTrue(steps.get(0).script().contains("bin/meseta local"));
    try (LocalProcess local = LocalProcess.start("--work_dir=" + folder.resolve("state"))) {
      StringBuilder script = new StringBuilder("set -e\ncd '" + folder + "'\n");
      script.append("ln -s '").append(Launcher.home().resolve("bin")).append("' bin\n");
      for (int i = 1; i < steps.size(); i++) {
        script.append(steps.get(i).script().replace("127.0.0.1:5050", local.master()));
        script.append("echo '=== end of step ").append(i).append("'\n");
      }
      script.append("kill $(jobs -p) 2>/dev/null || true\n");
      Path file = Files.writeString(folder.resolve("tour.sh"), script);
      Process shell = new ProcessBuilder("bash", file.toString()).redirectErrorStream(true).start();
      String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, shell.waitFor(), output);
      for (int i = 1; i < steps.size(); i++) {
        String part = output.substring(0, output.indexOf("=== end of step " + i));
        for (String line : steps.get(i).expected()) {
          Pattern wanted =
              Pattern.compile(
                  "\\Q"
                      + line.strip()
                          .replace("127.0.0.1:5050", local.master())
                          .replace("…", "\\E.*?\\Q")
                      + "\\E");
          assertTrue(wanted.matcher(part).find(), "step " + i + " shows " + line + " in:\n" + part);
        }
        output = output.substring(part.length());
      }
    }
  }

  private static List<Step> steps(String tour) {
    List<Step> steps = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(tour);
    while (blocks.find()) {
      if (blocks.group(1).equals("sh")) {
        steps.add(new Step(blocks.group(2), new ArrayList<>()));
      } else {
        steps
            .getLast()
            .expected()
            .addAll(blocks.group(2).lines().filter(l -> !l.isBlank()).toList());
      }
    }
    return steps;
  }
}
