package io.meseta.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/** Reads {@code --firewall_rules} (T-2, K-4). */
public final class FirewallRules {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String FLAG = "--firewall_rules: ";

  private FirewallRules() {}

  /**
   * The paths that nobody may use.
   *
   * @param rules JSON, or the path of a file that holds it
   * @throws IllegalArgumentException naming the flag and the reason
   */
  public static Set<String> read(String rules) {
    String text = rules.strip();
    if (!text.startsWith("{")) {
      String file = text.startsWith("file://") ? text.substring("file://".length()) : text;
      try {
        text = Files.readString(Path.of(file));
      } catch (IOException | InvalidPathException e) {
        throw new IllegalArgumentException(FLAG + "cannot read '" + file + "'", e);
      }
    }
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(FLAG + "is not JSON: " + e.getOriginalMessage(), e);
    }
    JsonNode paths = root.path("disabled_endpoints").path("paths");
    if (!paths.isArray()) {
      throw new IllegalArgumentException(FLAG + "expecting a list 'disabled_endpoints.paths'");
    }
    Set<String> result = new LinkedHashSet<>();
    for (JsonNode path : paths) {
      if (!path.isTextual() || !path.textValue().startsWith("/")) {
        throw new IllegalArgumentException(FLAG + path + " is not a path that begins with '/'");
      }
      result.add(path.textValue());
    }
    return result;
  }
}
