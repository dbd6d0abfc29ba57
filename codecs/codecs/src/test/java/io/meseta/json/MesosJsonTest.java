package io.meseta.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import com.google.protobuf.Duration;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.meseta.json.MesosJsonException.Kind;
import io.meseta.schema.v1.ContainerID;
import io.meseta.schema.v1.DurationInfo;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.Labels;
import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.Value;
import io.meseta.schema.v1.master.Call;
import io.meseta.schema.v1.master.Response;
import io.meseta.testing.Scenario;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the transcripts do not show: edges, bounds and the answers that are ours alone. */
final class MesosJsonTest {
  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String written(Message message) {
    return new String(MesosJson.write(message), StandardCharsets.UTF_8);
  }

  private static <T extends Message> T read(String json, T type) throws MesosJsonException {
    return MesosJson.read(utf8(json), type);
  }

  private static MesosJsonException refused(String json, Message type) {
    return assertThrows(MesosJsonException.class, () -> read(json, type));
  }

  private static FrameworkInfo framework(String rest) throws MesosJsonException {
    return read("{\"user\":\"u\",\"name\":\"n\"" + rest + "}", FrameworkInfo.getDefaultInstance());
  }

  @Test
  @Scenario({"J-1", "J-2", "J-3"})
  void defaultsAreWrittenUnlessDeprecated() {
    FrameworkInfo info = FrameworkInfo.newBuilder().setUser("u").setName("n").build();

    // checkpoint and failover_timeout have defaults; so has role, which is deprecated.
    assertEquals(
        "{\"user\":\"u\",\"name\":\"n\",\"failover_timeout\":0.0,\"checkpoint\":false}",
        written(info));
  }

  @ParameterizedTest
  @Scenario("J-6")
  @CsvSource({
    "0.0,0.0",
    "-0.0,-0.0",
    "1.0,1.0",
    "15.0,15.0",
    "0.1,0.1",
    "-1.5,-1.5",
    "0.30000000000000004,0.30000000000000004",
    "1e-6,0.000001",
    "1.5e-6,0.0000015",
    "1e-7,1e-7",
    "1.25e-7,1.25e-7",
    "0.001,0.001",
    "0.0025,0.0025",
    "1e15,1000000000000000.0",
    "1e16,10000000000000000.0",
    "1.5e20,150000000000000000000.0",
    "1e20,100000000000000000000.0",
    "1e21,1e21",
    "1.25e21,1.25e21",
    "1e22,1e22",
    "-1e300,-1e300",
    "1.7976931348623157e308,1.7976931348623157e308",
    "4.9e-324,5e-324",
    "9.9e-324,1e-323",
    "1.5e-323,1.5e-323",
    "2.2250738585072014e-308,2.2250738585072014e-308",
    "12345678.5,12345678.5",
    "9007199254740993,9007199254740992.0"
  })
  void doublesAreShortestAndPlainInTheMiddle(String value, String expected) {
    assertEquals(expected, DoubleText.of(Double.parseDouble(value)));
    assertEquals(Double.parseDouble(value), Double.parseDouble(expected));
  }

  @Test
  @Scenario("J-6")
  void numbersThatJsonLacksAreStrings() throws Exception {
    Value.Scalar infinite = Value.Scalar.newBuilder().setValue(Double.NEGATIVE_INFINITY).build();

    assertEquals("{\"value\":\"-Infinity\"}", written(infinite));
    assertEquals(infinite, read("{\"value\":\"-Infinity\"}", infinite));
    assertEquals(
        "{\"value\":\"NaN\"}", written(Value.Scalar.newBuilder().setValue(Double.NaN).build()));
  }

  @Test
  @Scenario("J-7")
  void textIsRawButForControlCharactersQuotesAndBackslashes() {
    assertEquals(
        "{\"value\":\"/<>&'\u007f\u2028é😀\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001F\"}",
        written(
            ContainerID.newBuilder()
                .setValue("/<>&'\u007f\u2028é😀\"\\\b\f\n\r\t\u0001\u001f")
                .build()));
  }

  @Test
  @Scenario("J-7")
  void textThatIsNotUtf8IsMadeSo() throws Exception {
    // Protobuf lets any bytes pass as text.
    ContainerID id = ContainerID.parseFrom(new byte[] {0x0a, 3, 'a', (byte) 0xff, 'b'});

    assertEquals("{\"value\":\"a\ufffdb\"}", written(id));
  }

  @Test
  @Scenario("J-8")
  void mapsAreObjects() throws Exception {
    String json = "{\"guarantees\":{\"cpus\":{\"value\":1.0},\"\":{\"value\":0.5}},\"role\":\"r\"}";
    var config = read(json, io.meseta.schema.v1.quota.QuotaConfig.getDefaultInstance());

    assertEquals(2, config.getGuaranteesCount());
    assertEquals(
        "{\"role\":\"r\",\"guarantees\":{\"cpus\":{\"value\":1.0},\"\":{\"value\":0.5}}}",
        written(config));
  }

  @Test
  @Scenario("J-8")
  void ofEqualMapKeysTheLastCounts() throws Exception {
    String json =
        "{\"role\":\"r\",\"limits\":[{\"cpus\":{\"value\":1}},{\"cpus\":{\"value\":2},\"mem\":{\"value\":3}}]}";
    var config = read(json, io.meseta.schema.v1.quota.QuotaConfig.getDefaultInstance());

    assertEquals(2.0, config.getLimitsOrThrow("cpus").getValue());
    assertEquals(2, config.getLimitsCount());
  }

  @Test
  @Scenario("J-18")
  void missingFieldsInMapsAreCounted() {
    assertEquals(
        "Missing required fields: limits[0].value.value",
        refused(
                "{\"role\":\"r\",\"limits\":{\"cpus\":null}}",
                io.meseta.schema.v1.quota.QuotaConfig.getDefaultInstance())
            .reason());
  }

  @Test
  @Scenario("J-18")
  void onlySoManyMissingFieldsAreNamed() {
    String many = "{}" + ",{}".repeat(MesosJson.MAX_MISSING_NAMED + 6);

    String reason = refused("{\"labels\":[" + many + "]}", Labels.getDefaultInstance()).reason();

    assertTrue(reason.startsWith("Missing required fields: labels[0].key, labels[1].key"), reason);
    assertTrue(reason.endsWith(" and 7 more"), reason);
  }

  @Test
  @Scenario("J-10")
  void ofEqualKeysTheLastCounts() throws Exception {
    assertEquals(
        List.of("c"), framework(",\"roles\":[\"a\",\"b\"],\"roles\":\"c\"").getRolesList());
    assertEquals("", framework(",\"hostname\":\"h\",\"hostname\":null").getHostname());
    // What stands between the two is kept, and the two are not merged.
    FrameworkInfo info =
        framework(
            ",\"labels\":{\"labels\":[{\"key\":\"a\"}]},\"hostname\":\"h\",\"roles\":[\"r\"],"
                + "\"labels\":{},\"roles\":[],\"hostname\":\"i\",\"hostname\":\"j\"");
    assertEquals("j", info.getHostname());
    assertTrue(info.hasLabels());
    assertEquals(0, info.getLabels().getLabelsCount());
    assertEquals(0, info.getRolesCount());
  }

  @Test
  @Scenario("J-12")
  void anUnknownNameUnsetsWhatAnEarlierKeySet() throws Exception {
    Call call = read("{\"type\":\"GET_HEALTH\",\"type\":\"NOPE\"}", Call.getDefaultInstance());

    assertFalse(call.hasType());
  }

  @Test
  @Scenario("J-14")
  void quotedNumbersAreNumbers() throws Exception {
    DurationInfo type = DurationInfo.getDefaultInstance();

    assertEquals(-5, read("{\"nanoseconds\":\"-5\"}", type).getNanoseconds());
    assertEquals(5, read("{\"nanoseconds\":\" 5\"}", type).getNanoseconds());
    assertEquals(
        "Failed to parse '1e400' as a JSON number for field 'nanoseconds': Value out of range",
        refused("{\"nanoseconds\":\"1e400\"}", type).reason());
  }

  @ParameterizedTest
  @Scenario("J-16")
  @ValueSource(
      strings = {
        "9223372036854775807",
        "9.223372036854775807e18",
        "9223372036854775807.000",
        "92233720368547758070e-1"
      })
  void wholeNumbersAreExactHoweverTheyAreWritten(String number) throws Exception {
    assertEquals(
        Long.MAX_VALUE,
        read("{\"nanoseconds\":" + number + "}", DurationInfo.getDefaultInstance())
            .getNanoseconds());
  }

  @ParameterizedTest
  @Scenario("J-16")
  @ValueSource(
      strings = {
        "9223372036854775808",
        "-9223372036854775809",
        "0.5",
        "1e19",
        "1e-400",
        "1e-99999999999",
        "1e300",
        "123456789012345678901234567890"
      })
  void otherNumbersAreRefused(String number) {
    MesosJsonException refused =
        refused("{\"nanoseconds\":" + number + "}", DurationInfo.getDefaultInstance());

    assertEquals(Kind.CONVERSION, refused.kind());
    assertEquals(
        "Not expecting "
            + number
            + " for field 'nanoseconds': it takes whole numbers from"
            + " -9223372036854775808 to 9223372036854775807",
        refused.reason());
  }

  @Test
  @Scenario("J-16")
  void unsignedNumbersReachTheirTop() throws Exception {
    Value.Range range = Value.Range.newBuilder().setBegin(0).setEnd(-1).build();
    String json = "{\"begin\":0,\"end\":18446744073709551615}";

    assertEquals(json, written(range));
    assertEquals(range, read(json, range));
  }

  @Test
  @Scenario("J-17")
  void paddingOfBase64IsFreeAndItsAlphabetIsNot() throws Exception {
    var type = io.meseta.schema.v1.UUID.getDefaultInstance();

    assertEquals("abc", read("{\"value\":\"YW Jj\"}", type).getValue().toStringUtf8());
    assertEquals("ab", read("{\"value\":\"YWI\"}", type).getValue().toStringUtf8());
    assertEquals("a", read("{\"value\":\"YW=\"}", type).getValue().toStringUtf8());
    assertEquals(ByteString.EMPTY, read("{\"value\":\"Y\"}", type).getValue());
    assertEquals(
        "Failed to base64 decode bytes field 'value': Invalid character 'Q'",
        refused("{\"value\":\"YQ==Q\"}", type).reason());
    assertEquals(
        "Failed to base64 decode bytes field 'value': Invalid character 'é'",
        refused("{\"value\":\"é\"}", type).reason());
  }

  @Test
  @Scenario("W-7")
  void aDurationMayBeText() throws Exception {
    Call.DrainAgent.Builder call = Call.DrainAgent.newBuilder();
    call.getAgentIdBuilder().setValue("a");
    String form = "{\"agent_id\":{\"value\":\"a\"},\"max_grace_period\":%s}";

    for (String tenMinutes : List.of("\"600s\"", "\"10mins\"", "{\"seconds\":600}")) {
      assertEquals(
          call.setMaxGracePeriod(Duration.newBuilder().setSeconds(600)).build(),
          read(form.formatted(tenMinutes), Call.DrainAgent.getDefaultInstance()));
    }
    assertEquals(
        call.setMaxGracePeriod(Duration.newBuilder().setSeconds(-1).setNanos(-500_000_000)).build(),
        read(form.formatted("\"-1.5s\""), Call.DrainAgent.getDefaultInstance()));
    assertEquals(
        "Not expecting a JSON string for field 'max_grace_period'",
        refused(form.formatted("\"soon\""), Call.DrainAgent.getDefaultInstance()).reason());
  }

  @Test
  @Scenario("W-6")
  void listsOfTheseAnswersAreAlwaysWritten() {
    assertEquals(
        "{\"tasks\":[],\"unreachable_tasks\":[],\"completed_tasks\":[]}",
        written(Response.GetTasks.getDefaultInstance()));
    assertEquals("{}", written(Response.GetOperations.getDefaultInstance()));
    assertEquals(
        "{\"executors\":[],\"completed_executors\":[]}",
        written(io.meseta.schema.v1.agent.Response.GetExecutors.getDefaultInstance()));
  }

  @Test
  @Scenario("J-10")
  void aFaultFurtherOnIsToldBeforeAWrongType() {
    assertEquals(
        "syntax error at line 2 near: }",
        refused("{\"user\":5,\n\"name\":}", FrameworkInfo.getDefaultInstance()).reason());
  }

  @Test
  @Scenario("J-10")
  void whatIsIgnoredMustStillBeJson() {
    assertEquals(
        "Value out of range",
        refused("{\"foo\":[{\"bar\":1e400}]}", Call.getDefaultInstance()).reason());
    assertEquals(Kind.SYNTAX, refused("{\"\\udc00\":1}", Call.getDefaultInstance()).kind());
  }

  @Test
  @Scenario("J-10")
  void textInOtherEncodingsIsRefused() {
    for (byte[] text :
        List.of(
            "{\"type\":\"GET_HEALTH\"}".getBytes(StandardCharsets.UTF_16LE),
            "{\"type\":\"GET_HEALTH\"}".getBytes(StandardCharsets.UTF_16BE),
            utf8("\ufeff{}"),
            new byte[] {'{', '"', (byte) 0xc0, (byte) 0x80, '"', ':', '1', '}'})) {
      MesosJsonException refused =
          assertThrows(
              MesosJsonException.class, () -> MesosJson.read(text, Call.getDefaultInstance()));
      assertEquals(Kind.SYNTAX, refused.kind());
    }
  }

  @Test
  void messagesNestAsDeepAsProtobufReadsThem() throws Exception {
    ContainerID type = ContainerID.getDefaultInstance();
    String deepest = "{\"value\":\"0\"}";
    for (int i = 1; i < MesosJson.MAX_MESSAGE_DEPTH; i++) {
      deepest = "{\"value\":\"" + i + "\",\"parent\":" + deepest + "}";
    }
    ContainerID id = read(deepest, type);
    assertEquals(deepest, written(id));
    assertEquals(id, ContainerID.parseFrom(id.toByteArray()));

    assertEquals(
        "more than 100 messages inside each other",
        refused("{\"value\":\"x\",\"parent\":" + deepest + "}", type).reason());
  }

  @Test
  void boundsOfNumbersAndErrors() {
    assertEquals(
        Kind.SYNTAX,
        refused(
                "{\"nanoseconds\":" + "1".repeat(MesosJson.MAX_NUMBER_CHARS + 1) + "}",
                DurationInfo.getDefaultInstance())
            .kind());
    String quoted =
        refused(
                "{\"nanoseconds\":\"" + "1".repeat(100_000) + "\"}",
                DurationInfo.getDefaultInstance())
            .reason();
    assertTrue(quoted.length() < 2_000, quoted);
    assertTrue(refused("x".repeat(100_000), Call.getDefaultInstance()).reason().length() < 2_000);
  }

  @Test
  void keysAreBoundedAndStringsAreNot() throws Exception {
    String longKey = "k".repeat(MesosJson.MAX_KEY_CHARS + 1);
    assertEquals(Kind.SYNTAX, refused("{\"" + longKey + "\":1}", Call.getDefaultInstance()).kind());
    String longText = "é".repeat(3_000_000);
    ContainerID id = read("{\"value\":\"" + longText + "\"}", ContainerID.getDefaultInstance());
    assertEquals(longText, id.getValue());
  }

  @Test
  @Timeout(20)
  @Scenario("J-10")
  void manyEqualKeysCostNoMoreThanTheirText() throws Exception {
    // Were earlier values searched for instead of known, this would take hours.
    StringBuilder json = new StringBuilder("{\"user\":\"u\",\"name\":\"n\",\"roles\":[");
    json.append("\"r\",".repeat(300_000)).append("\"r\"]");
    json.append(",\"hostname\":\"h\",\"principal\":\"p\",\"hostname\":null".repeat(50_000));

    FrameworkInfo info = read(json + "}", FrameworkInfo.getDefaultInstance());

    assertEquals(300_001, info.getRolesCount());
    assertEquals("p", info.getPrincipal());
    assertFalse(info.hasHostname());
  }

  @Test
  void anyMessageTypeIsMapped() throws Exception {
    // proto2 with packed numbers, enums, bytes and recursion.
    FileDescriptorProto file = FrameworkInfo.getDescriptor().getFile().toProto();
    assertEquals(file, Defaultless.read(MesosJson.write(file), file));
    Location location = Location.newBuilder().addPath(1).addPath(300).addSpan(-1).build();
    assertEquals("{\"path\":[1,300],\"span\":[-1]}", written(location));
    assertEquals(location, read("{\"path\":[1,300],\"span\":[-1]}", location));
  }

  /** Compares what JSON cannot keep apart: an unset field and one set to its default. */
  private static final class Defaultless {
    static FileDescriptorProto read(byte[] json, FileDescriptorProto original)
        throws MesosJsonException {
      FileDescriptorProto read = MesosJson.read(json, FileDescriptorProto.getDefaultInstance());
      return read.equals(Defaults.written(original)) ? original : read;
    }
  }

  @Test
  void dynamicMessagesBuildersAndBuffers() throws Exception {
    DynamicMessage type = DynamicMessage.getDefaultInstance(Offer.getDescriptor());
    String json =
        "{\"id\":{\"value\":\"o\"},\"framework_id\":{\"value\":\"f\"},"
            + "\"agent_id\":{\"value\":\"a\"},\"hostname\":\"h\"}";

    assertEquals(json, written(read(json, type)));
    Offer.Builder builder = read(json, Offer.getDefaultInstance()).toBuilder().clearHostname();
    assertEquals(
        json.replace(",\"hostname\":\"h\"", ""),
        new String(MesosJson.write(builder), StandardCharsets.UTF_8));

    ByteBuffer direct = ByteBuffer.allocateDirect(json.length() + 1);
    direct.put((byte) '!').put(utf8(json)).flip().position(1);
    assertEquals("h", MesosJson.read(direct, Offer.getDefaultInstance()).getHostname());
    assertEquals(0, direct.remaining());
    ByteBuffer part = ByteBuffer.wrap(utf8("xx" + json + "yy"), 2, json.length());
    assertEquals("h", MesosJson.read(part, Offer.getDefaultInstance()).getHostname());
  }

  @Test
  void writingToAStreamLeavesItOpen() throws IOException {
    int[] closed = {0};
    ByteArrayOutputStream out =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            closed[0]++;
          }
        };
    ContainerID id = ContainerID.newBuilder().setValue("c").build();

    MesosJson.write(id, out);
    MesosJson.write(id, out);

    assertEquals("{\"value\":\"c\"}{\"value\":\"c\"}", out.toString(StandardCharsets.UTF_8));
    assertEquals(0, closed[0]);
  }

  @Test
  @Scenario("J-19")
  void enumNumbersThatTheTypeLacksCountAsUnset() throws Exception {
    // Field 1 of the call is its type; 99 names none. The message keeps it as an unknown field.
    Call call = Call.parseFrom(new byte[] {0x08, 99});
    assertFalse(call.hasType());

    assertEquals("{}", written(call));
  }
}
