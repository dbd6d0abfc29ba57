package io.meseta.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.meseta.schema.v1.MesosProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The schema against the published table of the v1 API: names, numbers, labels, types, defaults and
 * options are what clients of every age have compiled in. Both ways, so that nothing is missing and
 * nothing is invented.
 *
 * <p>The table's last columns tell since when a row exists and how it differed in 1.5; the row
 * itself is the newest form, which is ours.
 */
final class FieldTableTest {
  private static final int ROWS = 2104;

  private static final List<FileDescriptor> FILES =
      List.of(
          MesosProto.getDescriptor(),
          io.meseta.schema.v1.scheduler.Call.getDescriptor().getFile(),
          io.meseta.schema.v1.executor.Call.getDescriptor().getFile(),
          io.meseta.schema.v1.master.Call.getDescriptor().getFile(),
          io.meseta.schema.v1.agent.Call.getDescriptor().getFile(),
          io.meseta.schema.v1.resourceprovider.Call.getDescriptor().getFile(),
          io.meseta.schema.v1.quota.QuotaConfig.getDescriptor().getFile(),
          io.meseta.schema.v1.maintenance.Schedule.getDescriptor().getFile(),
          io.meseta.schema.v1.allocator.InverseOfferStatus.getDescriptor().getFile());

  /** One message, enum, value or field, in the table's words. */
  private record Row(
      String file,
      String kind,
      String owner,
      String name,
      String number,
      String label,
      String type,
      String defaultValue,
      String option) {
    static Row of(String line) {
      String[] columns = line.split("\t", -1);
      return new Row(
          columns[0],
          columns[1],
          columns[2],
          columns[3],
          columns[4],
          columns[5],
          columns[6],
          columns[7],
          columns[8]);
    }
  }

  private static Set<Row> table() throws IOException {
    try (InputStream in = FieldTableTest.class.getResourceAsStream("mesos-v1.tsv")) {
      Set<Row> rows = new LinkedHashSet<>();
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .skip(1)
          .map(Row::of)
          .forEach(row -> assertTrue(rows.add(row), "twice: " + row));
      return rows;
    }
  }

  private static Set<Row> generated() {
    Set<Row> rows = new LinkedHashSet<>();
    for (FileDescriptor file : FILES) {
      file.getMessageTypes().forEach(type -> addMessage(type, rows));
      file.getEnumTypes().forEach(type -> addEnum(type, rows));
    }
    return rows;
  }

  private static void addMessage(Descriptor type, Set<Row> rows) {
    if (type.getOptions().getMapEntry()) {
      return;
    }
    rows.add(named(type.getFile(), "message", type.getFullName()));
    for (FieldDescriptor field : type.getFields()) {
      rows.add(
          new Row(
              type.getFile().getName(),
              "field",
              type.getFullName(),
              field.getName(),
              Integer.toString(field.getNumber()),
              label(field),
              typeOf(field),
              field.hasDefaultValue() ? defaultOf(field) : "",
              optionOf(field)));
    }
    type.getNestedTypes().forEach(nested -> addMessage(nested, rows));
    type.getEnumTypes().forEach(nested -> addEnum(nested, rows));
  }

  private static void addEnum(EnumDescriptor type, Set<Row> rows) {
    rows.add(named(type.getFile(), "enum", type.getFullName()));
    for (EnumValueDescriptor value : type.getValues()) {
      rows.add(
          new Row(
              type.getFile().getName(),
              "value",
              type.getFullName(),
              value.getName(),
              Integer.toString(value.getNumber()),
              "",
              "",
              "",
              value.getOptions().getDeprecated() ? "deprecated" : ""));
    }
  }

  private static Row named(FileDescriptor file, String kind, String fullName) {
    return new Row(file.getName(), kind, fullName, "", "", "", "", "", "");
  }

  private static String label(FieldDescriptor field) {
    if (field.isRepeated()) {
      return "repeated";
    }
    return field.isRequired() ? "required" : "optional";
  }

  private static String typeOf(FieldDescriptor field) {
    return switch (field.getType()) {
      case MESSAGE -> "message " + field.getMessageType().getFullName();
      case ENUM -> "enum " + field.getEnumType().getFullName();
      default -> field.getType().name().toLowerCase(Locale.ROOT);
    };
  }

  private static String defaultOf(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case ENUM -> ((EnumValueDescriptor) field.getDefaultValue()).getName();
      // The table writes whole numbers without a point.
      case DOUBLE -> field.getDefaultValue().toString().replaceFirst("\\.0$", "");
      default -> field.getDefaultValue().toString();
    };
  }

  private static String optionOf(FieldDescriptor field) {
    if (field.getOptions().getDeprecated()) {
      return "deprecated";
    }
    return field.getRealContainingOneof() == null
        ? ""
        : "oneof " + field.getRealContainingOneof().getName();
  }

  @Test
  void everyRowOfTheTableIsGenerated() throws IOException {
    Set<Row> table = table();
    assertEquals(ROWS, table.size());

    assertEquals("", difference(table, generated()));
  }

  @Test
  void nothingIsGeneratedThatTheTableLacks() throws IOException {
    assertEquals("", difference(generated(), table()));
  }

  private static String difference(Set<Row> left, Set<Row> right) {
    Set<String> missing = new TreeSet<>();
    left.stream().filter(row -> !right.contains(row)).forEach(row -> missing.add(row.toString()));
    return String.join("\n", missing);
  }
}
