package io.meseta.resources;

import io.meseta.schema.v1.Attribute;
import io.meseta.schema.v1.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Attributes of an agent as operators write them: {@code rack:r1;level:10;ports:[1-100]}. A value
 * is a scalar, ranges or a text; a set is not allowed; names may repeat.
 */
public final class Attributes {
  private Attributes() {}

  /**
   * Reads {@code name:value} joined by {@code ;} or line ends; only the first {@code :} separates.
   *
   * @throws IllegalArgumentException with the reason
   */
  public static List<Attribute> parse(String text) {
    List<Attribute> attributes = new ArrayList<>();
    for (String token : ValueText.tokens(text)) {
      int colon = token.indexOf(':');
      String name = colon < 0 ? token : token.substring(0, colon).strip();
      String valueText = colon < 0 ? "" : token.substring(colon + 1).strip();
      if (name.isEmpty() || valueText.isEmpty()) {
        throw new IllegalArgumentException("Invalid attribute '" + token + "': write NAME:VALUE");
      }
      attributes.add(attribute(name, valueText));
    }
    return attributes;
  }

  private static Attribute attribute(String name, String text) {
    Value value;
    try {
      value = ValueText.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("Invalid attribute '" + name + "': " + e.getMessage(), e);
    }
    Attribute.Builder attribute = Attribute.newBuilder().setName(name).setType(value.getType());
    switch (value.getType()) {
      case SCALAR -> attribute.setScalar(value.getScalar());
      case RANGES -> attribute.setRanges(value.getRanges());
      case TEXT -> attribute.setText(value.getText());
      case SET ->
          throw new IllegalArgumentException(
              "Invalid attribute '" + name + "': a set is not allowed");
    }
    return attribute.build();
  }

  /** Prints attributes in upstream's notation, {@code rack=r1; level=10}. */
  public static String print(List<Attribute> attributes) {
    return attributes.stream()
        .map(each -> each.getName() + "=" + ValueText.print(value(each)))
        .collect(Collectors.joining("; "));
  }

  /** The value of an attribute. */
  public static Value value(Attribute attribute) {
    Value.Builder value = Value.newBuilder().setType(attribute.getType());
    switch (attribute.getType()) {
      case SCALAR -> value.setScalar(attribute.getScalar());
      case RANGES -> value.setRanges(attribute.getRanges());
      case SET -> value.setSet(attribute.getSet());
      case TEXT -> value.setText(attribute.getText());
    }
    return value.build();
  }
}
