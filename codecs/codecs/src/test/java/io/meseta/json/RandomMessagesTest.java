package io.meseta.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.WireFormat;
import io.meseta.schema.v1.ContainerID;
import io.meseta.schema.v1.MesosProto;
import io.meseta.schema.v1.agent.Call;
import io.meseta.schema.v1.scheduler.Event;
import io.meseta.testing.RandomMessages;
import io.meseta.testing.Scenario;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Messages and texts from a seed, of every type that the v1 APIs have. */
final class RandomMessagesTest {
  private static final long SEED = 20_240_801;

  private static List<Message> allTypes() {
    List<Message> types = new ArrayList<>();
    for (FileDescriptor file :
        List.of(
            MesosProto.getDescriptor(),
            Event.getDescriptor().getFile(),
            Call.getDescriptor().getFile(),
            io.meseta.schema.v1.master.Call.getDescriptor().getFile(),
            io.meseta.schema.v1.executor.Call.getDescriptor().getFile(),
            io.meseta.schema.v1.resourceprovider.Call.getDescriptor().getFile(),
            io.meseta.schema.v1.quota.QuotaConfig.getDescriptor().getFile(),
            io.meseta.schema.v1.maintenance.Schedule.getDescriptor().getFile(),
            io.meseta.schema.v1.allocator.InverseOfferStatus.getDescriptor().getFile())) {
      file.getMessageTypes().forEach(type -> addNested(type, types));
    }
    return types;
  }

  private static void addNested(Descriptor type, List<Message> types) {
    if (!type.getOptions().getMapEntry()) {
      types.add(DynamicMessage.getDefaultInstance(type));
    }
    type.getNestedTypes().forEach(nested -> addNested(nested, types));
  }

  /** The types through which everything else is reached, as generated classes. */
  private static List<Message> generatedTypes() {
    return List.of(
        Event.getDefaultInstance(),
        io.meseta.schema.v1.scheduler.Call.getDefaultInstance(),
        io.meseta.schema.v1.master.Call.getDefaultInstance(),
        io.meseta.schema.v1.master.Event.getDefaultInstance(),
        io.meseta.schema.v1.master.Response.getDefaultInstance(),
        Call.getDefaultInstance(),
        io.meseta.schema.v1.agent.Response.getDefaultInstance(),
        io.meseta.schema.v1.executor.Call.getDefaultInstance(),
        io.meseta.schema.v1.executor.Event.getDefaultInstance(),
        io.meseta.schema.v1.resourceprovider.Call.getDefaultInstance());
  }

  @Test
  @Scenario({"J-1", "J-4", "J-5", "J-6", "J-7", "J-8", "J-9"})
  void everyTypeSurvivesTheWayThroughJson() throws Exception {
    RandomMessages random = RandomMessages.seeded(SEED);
    List<Message> types = allTypes();
    assertTrue(types.size() > 300, "types: " + types.size());
    for (Message type : types) {
      for (int i = 0; i < 4; i++) {
        survives(random.next(type), type);
      }
    }
  }

  @Test
  void generatedClassesSurviveTheWayThroughJson() throws Exception {
    RandomMessages random = RandomMessages.seeded(SEED + 1);
    for (int i = 0; i < 60; i++) {
      for (Message type : generatedTypes()) {
        survives(random.next(type), type);
      }
    }
  }

  private static void survives(Message message, Message type) throws MesosJsonException {
    byte[] json = MesosJson.write(message);
    Message read = MesosJson.read(json, type);
    assertEquals(Defaults.written(message), read);
    assertEquals(
        new String(json, StandardCharsets.UTF_8),
        new String(MesosJson.write(read), StandardCharsets.UTF_8));
  }

  @Test
  @Scenario({"J-10", "J-14", "J-20"})
  void damagedTextIsReadOrRefusedAndNothingElse() {
    RandomMessages messages = RandomMessages.seeded(SEED + 2);
    Random random = new Random(SEED);
    int refused = 0;
    int accepted = 0;
    for (int i = 0; i < 400; i++) {
      Message type = generatedTypes().get(i % generatedTypes().size());
      byte[] json = MesosJson.write(messages.next(type));
      for (int k = 0; k < 10; k++) {
        byte[] damaged = damaged(json, random);
        try {
          MesosJson.read(damaged, type);
          accepted++;
        } catch (MesosJsonException e) {
          refused++;
          boolean syntax = e.kind() == MesosJsonException.Kind.SYNTAX;
          assertEquals(
              syntax, wellFormedJsonIsNot(damaged), new String(damaged, StandardCharsets.UTF_8));
        }
      }
    }
    // Both happen, often: otherwise the damage is too small or too great to tell anything.
    assertTrue(accepted > 100 && refused > 100, accepted + " accepted, " + refused + " refused");
  }

  /** Syntax is judged by the strict scanner alone, and reading must agree with it. */
  private static boolean wellFormedJsonIsNot(byte[] json) {
    return !ByteString.copyFrom(json).isValidUtf8()
        || JsonSyntax.fault(json, 0, json.length, MesosJson.MAX_DEPTH) != null;
  }

  @Test
  void noiseIsRefused() {
    Random random = new Random(SEED);
    for (int i = 0; i < 2_000; i++) {
      byte[] noise = new byte[random.nextInt(60)];
      random.nextBytes(noise);
      if (random.nextBoolean()) {
        String alphabet = "{}[]\",:0123456789.eE+-\\untrfalse \n";
        for (int k = 0; k < noise.length; k++) {
          noise[k] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
        }
      }
      try {
        MesosJson.read(noise, io.meseta.schema.v1.master.Call.getDefaultInstance());
      } catch (MesosJsonException e) {
        assertTrue(e.reason().length() <= MesosJsonException.MAX_REASON_CHARS + 1);
      }
    }
  }

  @Test
  void damagedEncodingsAreWrittenOrRefusedAndNothingElse() throws Exception {
    RandomMessages messages = RandomMessages.seeded(SEED + 3);
    Random random = new Random(SEED);
    int refused = 0;
    for (int i = 0; i < 1_000; i++) {
      Message type = generatedTypes().get(i % generatedTypes().size());
      byte[] encoded = messages.next(type).toByteArray();
      byte[] cut = Arrays.copyOf(encoded, random.nextInt(encoded.length + 1));
      if (cut.length > 0) {
        cut[random.nextInt(cut.length)] ^= (byte) (1 << random.nextInt(8));
      }
      JsonGenerator out = MesosJson.generator(OutputStream.nullOutputStream());
      try {
        MesosJson.writeEncoded(cut, type.getDescriptorForType(), out);
      } catch (IllegalArgumentException e) {
        refused++;
      }
    }
    assertTrue(refused > 100, refused + " refused");
  }

  @Test
  void unknownFieldsAreNotWritten() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream encoded = CodedOutputStream.newInstance(bytes);
    encoded.writeString(1, "c");
    // A group in a group, then each other wire type, of fields that a container id lacks.
    encoded.writeTag(100, WireFormat.WIRETYPE_START_GROUP);
    encoded.writeTag(101, WireFormat.WIRETYPE_START_GROUP);
    encoded.writeInt32(1, 7);
    encoded.writeTag(101, WireFormat.WIRETYPE_END_GROUP);
    encoded.writeTag(100, WireFormat.WIRETYPE_END_GROUP);
    encoded.writeFixed32(102, 1);
    encoded.writeFixed64(103, 1);
    encoded.writeString(104, "x");
    // The right number with another type is unknown as well.
    encoded.writeInt64(2, 5);
    encoded.flush();

    ContainerID id = ContainerID.parseFrom(bytes.toByteArray());

    assertEquals("{\"value\":\"c\"}", new String(MesosJson.write(id), StandardCharsets.UTF_8));
  }

  private static byte[] damaged(byte[] json, Random random) {
    String[] pieces = {
      "\"",
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      "null",
      "true",
      "-1",
      "1e400",
      "\"\"",
      "{}",
      "[]",
      "\\",
      "\\ud800",
      "0.5",
      "\"x\"",
      "99999999999999999999"
    };
    byte[] copy = json.clone();
    int at = random.nextInt(copy.length);
    switch (random.nextInt(5)) {
      case 0 -> copy[at] = (byte) random.nextInt(256);
      case 1 -> copy[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> {
        return Arrays.copyOf(copy, at);
      }
      case 3 -> {
        int to = at + random.nextInt(Math.min(20, copy.length - at) + 1);
        byte[] shorter = new byte[copy.length - (to - at)];
        System.arraycopy(copy, 0, shorter, 0, at);
        System.arraycopy(copy, to, shorter, at, copy.length - to);
        return shorter;
      }
      default -> {
        byte[] piece = pieces[random.nextInt(pieces.length)].getBytes(StandardCharsets.UTF_8);
        byte[] longer = new byte[copy.length + piece.length];
        System.arraycopy(copy, 0, longer, 0, at);
        System.arraycopy(piece, 0, longer, at, piece.length);
        System.arraycopy(copy, at, longer, at + piece.length, copy.length - at);
        return longer;
      }
    }
    return copy;
  }
}
