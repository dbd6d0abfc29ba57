package io.meseta.csi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.meseta.csi.v1.CsiProto;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Our CSI schema is the published one, row by row. */
class CsiSchemaTest {
  @Test
  void everyRowOfTheFieldTableIsThereAndNothingElse() throws Exception {
    Set<String> expected = new TreeSet<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                CsiSchemaTest.class.getResourceAsStream("/csi-v1.tsv"), StandardCharsets.UTF_8))) {
      reader
          .lines()
          .skip(1)
          .filter(line -> !line.isBlank())
          .forEach(line -> expected.add(row(line.split("\t", -1))));
    }
    Set<String> actual = new TreeSet<>();
    FileDescriptor file = CsiProto.getDescriptor();
    file.getServices().forEach(service -> service(service, actual));
    file.getMessageTypes().forEach(message -> message(message, actual));
    file.getEnumTypes().forEach(type -> enumeration(type, actual));
    assertTrue(expected.size() > 300, "the table was read");
    assertEquals(String.join("\n", expected), String.join("\n", actual));
  }

  @Test
  void secretsAreMarkedSoThatNoLogShowsThem() {
    Descriptor request = CsiProto.getDescriptor().findMessageTypeByName("CreateVolumeRequest");
    assertTrue(request.findFieldByName("secrets").getOptions().getExtension(CsiProto.csiSecret));
  }

  private static String row(String[] columns) {
    return columns[0]
        + " "
        + columns[1]
        + " "
        + columns[2]
        + " "
        + columns[3]
        + " "
        + columns[4]
        + " "
        + columns[5]
        + " "
        + columns[6];
  }

  private static void service(ServiceDescriptor service, Set<String> rows) {
    for (MethodDescriptor method : service.getMethods()) {
      rows.add(
          "rpc "
              + service.getFullName()
              + " "
              + method.getName()
              + "  "
              + (method.isServerStreaming() ? "server stream" : "")
              + " "
              + method.getInputType().getFullName()
              + " -> "
              + method.getOutputType().getFullName()
              + " "
              + (method.getOptions().getExtension(CsiProto.alphaMethod) ? "alpha" : ""));
    }
  }

  private static void message(Descriptor message, Set<String> rows) {
    if (message.getOptions().getMapEntry()) {
      return;
    }
    rows.add(
        "message "
            + message.getFullName()
            + "     "
            + (message.getOptions().getExtension(CsiProto.alphaMessage) ? "alpha" : ""));
    message.getFields().forEach(field -> rows.add(field(field)));
    message.getNestedTypes().forEach(nested -> message(nested, rows));
    message.getEnumTypes().forEach(nested -> enumeration(nested, rows));
  }

  private static String field(FieldDescriptor field) {
    String type =
        switch (field.getJavaType()) {
          case MESSAGE ->
              field.isMapField()
                  ? "map<string,string>"
                  : "message " + field.getMessageType().getFullName();
          case ENUM -> "enum " + field.getEnumType().getFullName();
          default -> field.getType().name().toLowerCase(Locale.ROOT);
        };
    Set<String> options = new TreeSet<>();
    if (field.getContainingOneof() != null) {
      options.add("oneof " + field.getContainingOneof().getName());
    }
    if (field.getOptions().getExtension(CsiProto.csiSecret)) {
      options.add("csi_secret");
    }
    if (field.getOptions().getExtension(CsiProto.alphaField)) {
      options.add("alpha");
    }
    return "field "
        + field.getContainingType().getFullName()
        + " "
        + field.getName().replace("mutable_parameter_map", "mutable_parameters")
        + " "
        + field.getNumber()
        + " "
        + (field.isRepeated() && !field.isMapField() ? "repeated" : "")
        + " "
        + type
        + " "
        + options.stream()
            .sorted(java.util.Comparator.reverseOrder())
            .collect(Collectors.joining(" "));
  }

  private static void enumeration(EnumDescriptor type, Set<String> rows) {
    rows.add("enum " + type.getFullName() + "     ");
    type.getValues()
        .forEach(
            value ->
                rows.add(
                    "value "
                        + type.getFullName()
                        + " "
                        + value.getName()
                        + " "
                        + value.getNumber()
                        + "   "));
  }
}
