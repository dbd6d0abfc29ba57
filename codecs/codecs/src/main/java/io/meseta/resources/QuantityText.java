package io.meseta.resources;

import io.meseta.schema.v1.Value;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** The text form that quantities and limits share: {@code cpus:1;mem:1024}. */
final class QuantityText {
  private QuantityText() {}

  /** Hands each name with its thousandths to {@code sink}, in order. */
  static void parse(String text, BiConsumer<String, Long> sink) {
    for (String token : ValueText.tokens(text)) {
      List<String> parts = ValueText.split(token, ':');
      if (parts.size() != 2) {
        throw new IllegalArgumentException("Failed to parse '" + token + "': missing or extra ':'");
      }
      String name = parts.get(0).strip();
      if (name.isEmpty()) {
        throw new IllegalArgumentException("Failed to parse '" + token + "': empty name");
      }
      Value value = ValueText.parse(parts.get(1));
      if (value.getType() != Value.Type.SCALAR) {
        throw new IllegalArgumentException(
            "Failed to parse '" + token + "': '" + parts.get(1).strip() + "' is not a number");
      }
      double number = value.getScalar().getValue();
      long millis = Scalars.toMillis(number);
      if (number < 0 || millis < 0) {
        throw new IllegalArgumentException(
            "Failed to parse '" + token + "': negative or too large");
      }
      sink.accept(name, millis);
    }
  }

  static String print(SortedMap<String, Long> millis) {
    if (millis.isEmpty()) {
      return "{}";
    }
    return millis.entrySet().stream()
        .map(
            (Map.Entry<String, Long> each) -> each.getKey() + ":" + Scalars.format(each.getValue()))
        .collect(Collectors.joining("; "));
  }
}
