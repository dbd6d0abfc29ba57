package io.meseta.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.meseta.schema.internal.v1.AgentStateProto;
import io.meseta.schema.internal.v1.LinkProto;
import io.meseta.schema.internal.v1.RegistryProto;
import io.meseta.schema.internal.v1.SupervisorProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What is on disk or between processes outlives versions (D-21): every field and number that ever
 * was is in the table {@code internal-schema.txt}. A new field adds its line there; a line is never
 * changed or removed.
 */
final class InternalSchemaTest {
  @Test
  void internalMessagesHaveTheNumbersOfTheTable() throws IOException {
    List<String> table;
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("internal-schema.txt"))) {
      table =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .toList();
    }
    assertFalse(table.isEmpty());

    assertEquals(
        String.join("\n", new TreeSet<>(table)), String.join("\n", new TreeSet<>(described())));
  }

  private static List<String> described() {
    List<String> lines = new ArrayList<>();
    for (FileDescriptor file :
        List.of(
            RegistryProto.getDescriptor(),
            AgentStateProto.getDescriptor(),
            LinkProto.getDescriptor(),
            SupervisorProto.getDescriptor())) {
      file.getMessageTypes().forEach(message -> describe(message, lines));
      file.getEnumTypes().forEach(type -> describe(type, lines));
    }
    return lines;
  }

  private static void describe(Descriptor message, List<String> lines) {
    for (FieldDescriptor field : message.getFields()) {
      String type =
          switch (field.getJavaType()) {
            case MESSAGE -> field.getMessageType().getFullName();
            case ENUM -> field.getEnumType().getFullName();
            default -> field.getType().name().toLowerCase(java.util.Locale.ROOT);
          };
      lines.add(
          message.getFullName()
              + " "
              + field.getNumber()
              + " "
              + field.getName()
              + " "
              + (field.isRepeated() ? "repeated " : "")
              + type);
    }
    message.getEnumTypes().forEach(type -> describe(type, lines));
    message.getNestedTypes().forEach(nested -> describe(nested, lines));
  }

  private static void describe(EnumDescriptor type, List<String> lines) {
    for (EnumValueDescriptor value : type.getValues()) {
      lines.add(type.getFullName() + " " + value.getNumber() + " " + value.getName());
    }
  }
}
