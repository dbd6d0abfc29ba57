package io.meseta.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.kernel.Flag;
import io.meseta.kernel.FlagTypes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlagValuesTest {
  private static final Flag<Integer> PORT =
      Flag.of("port", FlagTypes.INTEGER, "5050", "Where to listen.");
  private static final Flag<String> NAME =
      Flag.optional("name", FlagTypes.STRING, "What it is called.");
  private static final List<Flag<?>> FLAGS = List.of(PORT, NAME);

  private static FlagValues read(
      Map<String, String> given, Map<String, String> environment, Map<String, String> file) {
    return FlagValues.read(FLAGS, List.of(), given, environment, file);
  }

  @Test
  void theMostSpecificPlaceWins() {
    Map<String, String> given = Map.of("port", "1");
    Map<String, String> ours = Map.of("MESETA_PORT", "2", "MESOS_PORT", "3");
    Map<String, String> theirs = Map.of("MESOS_PORT", "3");
    Map<String, String> file = Map.of("port", "4");
    assertEquals(1, read(given, ours, file).get(PORT));
    assertEquals(2, read(Map.of(), ours, file).get(PORT));
    assertEquals(3, read(Map.of(), theirs, file).get(PORT));
    assertEquals(4, read(Map.of(), Map.of(), file).get(PORT));
    assertEquals(5050, read(Map.of(), Map.of(), Map.of()).get(PORT));
    assertEquals(Optional.empty(), read(Map.of(), Map.of(), Map.of()).find(NAME));
  }

  @Test
  void aValueMayBeReadFromAFile(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("name"), "secret words\n");
    assertEquals(
        Optional.of("secret words"),
        read(
                Map.of(
                    "name",
                    file.toUri().toString().replace("file:/", "file:///").replace("////", "//")),
                Map.of(),
                Map.of())
            .find(NAME));
  }

  @Test
  void aRequiredFlagThatIsMissingIsNamed() {
    UsageException e =
        assertThrows(
            UsageException.class,
            () -> FlagValues.read(FLAGS, List.of(NAME), Map.of(), Map.of(), Map.of()));
    assertTrue(e.getMessage().startsWith("--name: is required"));
  }

  @Test
  void theConfigurationFileIsYamlOrJsonAndKnowsItsFlags(@TempDir Path folder) throws Exception {
    Path yaml = Files.writeString(folder.resolve("a.yaml"), "port: 7\nname: x\n");
    assertEquals(Map.of("port", "7", "name", "x"), ConfigFile.read(yaml, FLAGS));
    Path json = Files.writeString(folder.resolve("a.json"), "{\"name\": {\"a\": 1}}");
    assertEquals(Map.of("name", "{\"a\":1}"), ConfigFile.read(json, FLAGS));
    assertEquals(Map.of(), ConfigFile.read(Files.writeString(folder.resolve("e"), ""), FLAGS));
    for (String bad : List.of("prot: 7", "- port", "port: [", "just words")) {
      Path file = Files.writeString(folder.resolve("bad"), bad);
      UsageException e = assertThrows(UsageException.class, () -> ConfigFile.read(file, FLAGS));
      assertTrue(e.getMessage().startsWith("--config: " + file), e.getMessage());
    }
  }
}
