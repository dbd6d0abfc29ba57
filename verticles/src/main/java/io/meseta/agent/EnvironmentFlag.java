package io.meseta.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meseta.kernel.Flag;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads a JSON object of strings, as {@code --executor_environment_variables} has it. */
final class EnvironmentFlag {
  @SuppressWarnings("unchecked") // There is no class object of a parameterized type.
  static final Flag.Type<Map<String, String>> TYPE =
      new Flag.Type<>(
          "JSON", (Class<Map<String, String>>) (Class<?>) Map.class, EnvironmentFlag::read);

  private static final ObjectMapper JSON = new ObjectMapper();

  private EnvironmentFlag() {}

  private static Map<String, String> read(String text) {
    JsonNode node;
    try {
      node = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
    if (node == null || !node.isObject()) {
      throw new IllegalArgumentException("must be a JSON object such as {\"LANG\": \"C.UTF-8\"}");
    }
    Map<String, String> variables = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!field.getValue().isTextual()) {
        throw new IllegalArgumentException("the value of '" + field.getKey() + "' is not a string");
      }
      variables.put(field.getKey(), field.getValue().textValue());
    }
    return Collections.unmodifiableMap(variables);
  }
}
