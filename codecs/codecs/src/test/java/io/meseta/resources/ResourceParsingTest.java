package io.meseta.resources;

import static io.meseta.testing.ResourceBuilder.ranges;
import static io.meseta.testing.ResourceBuilder.scalar;
import static io.meseta.testing.ResourceBuilder.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.kernel.Bytes;
import io.meseta.schema.v1.Value;
import io.meseta.testing.Scenario;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceParsingTest {
  @Test
  @Scenario({"ValuesTest.ValidInput", "R-72"})
  void valuesAreReadByTheirShape() {
    assertEquals(45.55, ValueText.parse("45.55").getScalar().getValue());
    assertEquals(2, ValueText.parse("[10000-20000, 30000-50000]").getRanges().getRangeCount());
    assertEquals(
        Set.of("sda1", "sda2"), Set.copyOf(ValueText.parse("{sda1, sda2}").getSet().getItemList()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"123abc,s", "inf", "-inf", "infinity", "-infinity", "nan", "-nan", "-1", "1d"})
  @Scenario("ValuesTest.ValidInput")
  void everythingElseIsText(String text) {
    assertEquals(Value.Type.TEXT, ValueText.parse(text).getType());
    assertThrows(IllegalArgumentException.class, () -> Resources.parse("foo:" + text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{aa,b}}",
        "[1-2]]",
        "[1-2b]",
        "  ",
        "7.63918e-313",
        "-7.63918e-313",
        "[1-2,3]",
        "[a-2]",
        "[5-4]",
        "a[1-2]",
        "{a,a}"
      })
  @Scenario({"ValuesTest.InvalidInput", "R-72"})
  void brokenValuesAreRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> ValueText.parse(text));
  }

  @Test
  @Scenario({"ResourcesTest.Parsing", "R-71"})
  void readsTheTextForm() {
    Resources parsed =
        Resources.parse(" cpus:45.55 ; ports:[10000-20000, 30000-50000];;disks:{sda1}\n");

    assertEquals(
        Resources.of(
            scalar("cpus", 45.55).build(),
            ranges("ports", 10000, 20000, 30000, 50000).build(),
            set("disks", "sda1").build()),
        parsed);
  }

  @Test
  @Scenario({"ResourcesTest.ParsingWithRoles", "R-71"})
  void aRoleIsAStaticReservation() {
    assertEquals(
        Resources.of(
            scalar("cpus", 2).reserved("role1").build(),
            scalar("mem", 3).reserved("role1").build()),
        Resources.parse("cpus(role1):2;mem( role1 ):3"));
    assertEquals(
        Resources.parse("cpus(role1):2.5;ports(role2):[0-100]"),
        Resources.parse("cpus:2.5;ports(role2):[0-100]", "role1"));
    assertEquals(Resources.parse("cpus:1"), Resources.parse("cpus(*):1", "role1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cpus(role1)",
        "cpus(role1:1",
        "cpus)(role1:1",
        "foo(role1):1;foo(role2):[0-1]",
        "cpus:1:2",
        ":1",
        "cpus(a)(b):1",
        "cpus(a//b):1",
        "cpus(-a):1",
        "cpus:",
        "cpus:abc",
        "cpus:0.00001"
      })
  @Scenario({"ResourcesTest.ParseError", "ResourcesTest.VerySmallValue", "R-7", "R-74", "V-17"})
  void brokenTextsAreRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Resources.parse(text));
  }

  @Test
  @Scenario({"ResourcesTest.AbsentResources", "R-74", "R-34"})
  void zeroIsValidAndNothing() {
    assertEquals(0, Resources.parse("gpus:0").size());
    assertTrue(Resources.parse("ports:[];zones:{}").isEmpty());
    assertTrue(Resources.parse("").isEmpty());
  }

  @Test
  @Scenario("R-75")
  void oneNameMerges() {
    Resources ports = Resources.parse("ports:[1-10];ports:[11-20]");
    assertEquals(1, ports.size());
    assertEquals(Ranges.of(1, 20), ports.ports());
  }

  @Test
  @Scenario({"ResourcesTest.Resources", "R-8", "R-36"})
  void gettersSumByName() {
    Resources bag =
        Resources.parse("cpus:45.55;mem(r):1024.9;mem:1;ports:[1-2];disk:512;zones:{a}");

    assertEquals(45.55, bag.cpus().orElseThrow());
    assertEquals(Bytes.mega(1025), bag.mem().orElseThrow());
    assertEquals(Bytes.mega(512), bag.disk().orElseThrow());
    assertEquals(Ranges.of(1, 2), bag.ports());
    assertEquals(Set.of("a"), bag.set("zones"));
    Resources none = Resources.parse("cpus:1");
    assertTrue(none.mem().isEmpty());
    assertTrue(none.disk().isEmpty());
    assertTrue(none.gpus().isEmpty());
    assertTrue(none.ports().isEmpty());
    assertTrue(none.ephemeralPorts().isEmpty());
  }

  @Test
  @Scenario({"ResourcesTest.ParsingFromJSON", "R-73"})
  void readsTheJsonForm() {
    String json =
        """
        [
          {"name": "cpus", "type": "SCALAR", "scalar": {"value": 45.55}},
          {"name": "ports", "type": "RANGES", "ranges": {"range": [
            {"begin": 10000, "end": 20000}, {"begin": 30000, "end": 50000}]}},
          {"name": "pandas", "type": "SET", "set": {"item": ["pun_pun", "tuan_tuan"]}}
        ]
        """;

    Resources parsed = Resources.parse(json);

    assertEquals(
        Resources.parse("cpus:45.55;ports:[10000-20000,30000-50000];pandas:{pun_pun,tuan_tuan}"),
        parsed);
    assertEquals(parsed, Resources.parse(json.replace("\n", "")));
    assertEquals(parsed, Resources.of(parsed.toProto()));
    assertTrue(Resources.parse("[]").isEmpty());
  }

  @Test
  @Scenario({"ResourcesTest.ParsingFromJSONWithRoles", "R-73", "R-57"})
  void jsonMayNameRolesInBothForms() {
    String old =
        "{\"name\":\"cpus\",\"type\":\"SCALAR\",\"scalar\":{\"value\":%s},\"role\":\"%s\"}";
    String json =
        "["
            + old.formatted("45.55", "role1")
            + ","
            + old.formatted("45.55", "role1")
            + ","
            + old.formatted("54.44", "role2")
            + ",{\"name\":\"ports\",\"type\":\"RANGES\",\"ranges\":{\"range\":[{\"begin\":1,\"end\":2}]},"
            + "\"reservations\":[{\"type\":\"STATIC\",\"role\":\"role1\"}]},"
            + "{\"name\":\"pandas\",\"type\":\"SET\",\"set\":{\"item\":[\"lun_lun\"]}}]";

    Resources parsed = Resources.parse(json, "panda_liason");

    assertEquals(145.54, parsed.cpus().orElseThrow());
    assertEquals(91.1, parsed.reserved("role1").cpus().orElseThrow());
    assertEquals(Ranges.of(1, 2), parsed.reserved("role1").ports());
    assertEquals(Set.of("lun_lun"), parsed.reserved("panda_liason").set("pandas"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "{\"name\":\"cpus\",\"type\":\"SCALAR\",\"scalar\":{\"value\":1}}",
        "[{\"name\":\"a\",\"type\":\"SCALAR\",\"scalar\":{\"value\":1}}{\"name\":\"b\",\"type\":\"SCALAR\",\"scalar\":{\"value\":1}}]",
        "[{\"name\":\"a\",\"type\":\"SET\",\"set\":{\"item\":[\"x\" \"y\"]}}]",
        "[[{\"name\":\"a\",\"type\":\"SCALAR\",\"scalar\":{\"value\":1}}]]",
        "{\"name\":\"a\"},{\"name\":\"b\"}",
        "[{\"name\":\"a\",\"type\":\"SCALAR\",\"scalar\":{\"value\":1}}] trailing",
        "[{\"name\":\"a\",\"type\":\"SCALAR\",\"scalar\":{\"value\":1}}}",
        "[{\"name\":\"a\",\"scalar\":{\"value\":1}}]",
        "[{\"name\":\"\",\"type\":\"SCALAR\",\"scalar\":{\"value\":1}}]",
        "[{\"name\":\"a\",\"type\":\"FLOATINGPOINT\",\"scalar\":{\"value\":1}}]",
        "[{\"name\":\"a\",\"type\":\"SCALAR\",\"scalar\":{\"value\":-1}}]",
        "[{\"name\":\"a\",\"type\":\"SCALAR\",\"scalar\":{\"value\":1}},{\"name\":\"a\",\"type\":\"SET\",\"set\":{\"item\":[\"x\"]}}]",
        "[{\"name\":\"disk\",\"type\":\"SCALAR\",\"scalar\":{\"value\":1},\"role\":\"r\",\"disk\":{\"persistence\":{\"id\":\"x\"}}}]",
        "[{\"name\":\"a\",\"type\":\"SCALAR\",\"scalar\":{\"value\":1},\"revocable\":{}}]",
        "[{\"name\":\"a\",\"type\":\"SCALAR\",\"scalar\":{\"value\":1},\"role\":\"r\",\"reservation\":{\"principal\":\"p\"}}]",
        "[{\"name\":\"a\",\"type\":\"SCALAR\",\"scalar\":{\"value\":1},\"reservation\":{}}]",
        "[{\"name\":\"a\",\"type\":\"TEXT\"}]"
      })
  @Scenario({"ResourcesTest.ParsingFromJSONError", "R-70", "R-73", "V-17"})
  void brokenJsonIsRefused(String json) {
    assertThrows(IllegalArgumentException.class, () -> Resources.parse(json));
  }

  @Test
  @Scenario({"A-38", "R-72"})
  void attributesMayRepeatAndSplitAtTheFirstColon() {
    var attributes = Attributes.parse("rack:1;level:1a;url:http://x;ports:[1-2,3-4]\nrack:b");

    assertEquals(5, attributes.size());
    assertEquals(Value.Type.SCALAR, attributes.get(0).getType());
    assertEquals("1a", attributes.get(1).getText().getValue());
    assertEquals("http://x", attributes.get(2).getText().getValue());
    assertEquals(
        "rack=1; level=1a; url=http://x; ports=[1-4]; rack=b", Attributes.print(attributes));
    for (String broken : new String[] {"rack", "rack:", ":1", "set:{a}", "ports:[1"}) {
      assertThrows(IllegalArgumentException.class, () -> Attributes.parse(broken), broken);
    }
  }
}
