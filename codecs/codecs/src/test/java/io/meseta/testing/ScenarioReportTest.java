package io.meseta.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenarioReportTest {
  @Test
  void readsOneNameOrSeveral() {
    String source =
        "@"
            + "Scenario(\"MasterTest.KillTask\") void a() {} @"
            + "Scenario({\"V-32\",\n \"V-33\"})";
    assertEquals(List.of("MasterTest.KillTask", "V-32", "V-33"), ScenarioReport.names(source));
  }

  @Test
  void countsUpstreamSuitesAndRuleFamiliesOfTestSourcesOnly(@TempDir Path root) throws Exception {
    Path tests = Files.createDirectories(root.resolve("m/src/test/java"));
    Path main = Files.createDirectories(root.resolve("m/src/main/java"));
    Files.writeString(
        tests.resolve("A.java"), "@" + "Scenario({\"MasterTest.KillTask\", \"V-32\"})");
    Files.writeString(main.resolve("B.java"), "@" + "Scenario(\"MasterTest.Never\")");
    Map<String, Set<String>> found = ScenarioReport.collect(root);
    assertEquals(Map.of("MasterTest", Set.of("KillTask"), "rules V", Set.of("V-32")), found);
    assertTrue(ScenarioReport.render(found).contains("| MasterTest | 1 | KillTask |"));
  }
}
