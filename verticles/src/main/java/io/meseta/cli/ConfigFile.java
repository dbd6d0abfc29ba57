package io.meseta.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.meseta.kernel.Flag;
import io.meseta.kernel.FlagTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The {@code --config} file: flags by name, in YAML or JSON (which is YAML too). */
final class ConfigFile {
  static final Flag<Path> FLAG =
      Flag.optional(
          "config",
          FlagTypes.PATH,
          "A YAML or JSON file with flags by name; the command line wins.");

  private ConfigFile() {}

  /**
   * Reads the file.
   *
   * @throws UsageException if it cannot be read, is no map, or names a flag that the command does
   *     not know
   */
  static Map<String, String> read(Path path, List<Flag<?>> known) {
    JsonNode root;
    try {
      root = new ObjectMapper(new YAMLFactory()).readTree(Files.readAllBytes(path));
    } catch (JsonProcessingException e) {
      throw new UsageException(
          "--config: "
              + path
              + " line "
              + e.getLocation().getLineNr()
              + ": "
              + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UsageException("--config: cannot read " + path + ": " + e.getMessage());
    }
    Map<String, String> values = new HashMap<>();
    if (root.isMissingNode() || root.isNull()) {
      return values;
    }
    if (!root.isObject()) {
      throw new UsageException("--config: " + path + " must be a map of flags");
    }
    root.properties()
        .forEach(
            entry -> {
              String name = entry.getKey();
              if (known.stream().noneMatch(flag -> flag.name().equals(name))) {
                throw new UsageException("--config: " + path + ": unknown flag '" + name + "'");
              }
              JsonNode value = entry.getValue();
              values.put(name, value.isValueNode() ? value.asText() : value.toString());
            });
    return values;
  }
}
