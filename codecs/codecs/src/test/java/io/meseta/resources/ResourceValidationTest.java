package io.meseta.resources;

import static io.meseta.testing.ResourceBuilder.ranges;
import static io.meseta.testing.ResourceBuilder.scalar;
import static io.meseta.testing.ResourceBuilder.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.json.MesosJson;
import io.meseta.json.MesosJsonException;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.Resource.DiskInfo;
import io.meseta.schema.v1.Value;
import io.meseta.testing.Scenario;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts are what a framework sees from upstream for the same resource. */
class ResourceValidationTest {
  private static Resource json(String json) throws MesosJsonException {
    return MesosJson.read(json.getBytes(StandardCharsets.UTF_8), Resource.getDefaultInstance());
  }

  private static String reason(Resource resource) {
    return ResourceValidation.validate(List.of(resource)).orElse("valid");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "{'name':'','type':'SCALAR','scalar':{'value':1}} ~ Resource ':1' is invalid: Empty resource name",
        "{'name':'cpus','type':'SCALAR'} ~ Resource 'cpus:0' is invalid: Invalid scalar resource",
        "{'name':'cpus','type':'SCALAR','scalar':{'value':1},'ranges':{}} ~ Resource 'cpus:1' is invalid: Invalid scalar resource",
        "{'name':'cpus','type':'SCALAR','scalar':{'value':-1}} ~ Resource 'cpus:-1' is invalid: Invalid scalar resource: value <= 0",
        "{'name':'cpus','type':'SCALAR','scalar':{'value':0.0001}} ~ Resource 'cpus:0' is invalid: Invalid scalar resource: value <= 0",
        "{'name':'cpus','type':'SCALAR','scalar':{'value':-0.0001}} ~ Resource 'cpus:0' is invalid: Invalid scalar resource: value <= 0",
        "{'name':'ports','type':'RANGES','scalar':{'value':1}} ~ Resource 'ports:[]' is invalid: Invalid ranges resource",
        "{'name':'ports','type':'RANGES','ranges':{'range':[{'begin':31005,'end':31001}]}} ~ Resource 'ports:[31005-31001]' is invalid: Invalid ranges resource: begin > end",
        "{'name':'ports','type':'RANGES','ranges':{'range':[{'begin':31001,'end':31005},{'begin':31004,'end':31006}]}} ~ Resource 'ports:[31001-31005, 31004-31006]' is invalid: Invalid ranges resource: overlapping ranges",
        "{'name':'x','type':'SET','scalar':{'value':1}} ~ Resource 'x:{}' is invalid: Invalid set resource",
        "{'name':'s','type':'SET','set':{'item':['a','a']}} ~ Resource 's:{a, a}' is invalid: Invalid set resource: duplicated elements",
        "{'name':'cpus','type':'SCALAR','scalar':{'value':0.1},'disk':{'volume':{'container_path':'p','mode':'RW'}}} ~ Resource 'cpus[:p]:0.1' is invalid: DiskInfo should not be set for cpus resource",
        "{'name':'cpus','type':'SCALAR','scalar':{'value':0.1},'shared':{}} ~ Resource 'cpus<SHARED>:0.1' is invalid: Resource cpus cannot be shared",
        "{'name':'disk','type':'SCALAR','scalar':{'value':1},'shared':{}} ~ Resource 'disk<SHARED>:1' is invalid: Only persistent volumes can be shared",
        "{'name':'disk','type':'SCALAR','scalar':{'value':1},'disk':{'source':{'type':'UNKNOWN'}}} ~ Resource 'disk[UNKNOWN]:1' is invalid: Unsupported 'DiskInfo.Source.Type' in 'UNKNOWN'"
      })
  @Scenario({
    "V-1",
    "V-3",
    "V-4",
    "V-6",
    "V-7",
    "V-8",
    "V-14",
    "V-15",
    "R-7",
    "task-V-1x-00",
    "task-V-1x-01",
    "task-V-1x-02",
    "task-V-1x-03",
    "task-V-1x-05",
    "task-V-1x-07",
    "task-V-1x-10",
    "task-V-1x-11",
    "task-V-1x-14",
    "task-V-1x-16",
    "task-V-1x-17",
    "task-V-1x-19",
    "task-V-1x-26",
    "task-V-1x-28",
    "DiskResourcesTest.Validation"
  })
  void invalidValuesAndDisks(String json, String text) throws MesosJsonException {
    assertEquals(text, reason(json(json.replace('\'', '"'))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "'role':'/x' ~ Resource 'cpus:0.1' is invalid: Role '/x' cannot start with a slash",
        "'reservation':{} ~ Resource 'cpus:0.1' is invalid: Invalid reservation: role \"*\" cannot be dynamically reserved",
        "'role':'r1','reservation':{'type':'DYNAMIC'} ~ Resource 'cpus:0.1' is invalid: 'Resource.ReservationInfo.type' must not be set for the 'Resource.reservation' field",
        "'role':'r1','reservation':{'role':'r1'} ~ Resource 'cpus:0.1' is invalid: 'Resource.ReservationInfo.role' must not be set for the 'Resource.reservation' field",
        "'reservations':[{'role':'r1'}] ~ Resource 'cpus(reservations: [(UNKNOWN,r1)]):0.1' is invalid: Invalid reservation: 'Resource.ReservationInfo.type' field must be set.",
        "'reservations':[{'type':'DYNAMIC'}] ~ Resource 'cpus(reservations: [(DYNAMIC,)]):0.1' is invalid: Invalid reservation: 'Resource.ReservationInfo.role' field must be set.",
        "'reservations':[{'type':'DYNAMIC','role':'*'}] ~ Resource 'cpus(reservations: [(DYNAMIC,*)]):0.1' is invalid: Invalid reservation: role \"*\" cannot be reserved",
        "'reservations':[{'type':'DYNAMIC','role':'/x'}] ~ Resource 'cpus(reservations: [(DYNAMIC,/x)]):0.1' is invalid: Role '/x' cannot start with a slash",
        "'reservations':[{'type':'DYNAMIC','role':'r1'},{'type':'STATIC','role':'r1/x'}] ~ Resource 'cpus(reservations: [(DYNAMIC,r1),(STATIC,r1/x)]):0.1' is invalid: Invalid refined reservation: A refined reservation cannot be STATIC",
        "'reservations':[{'type':'DYNAMIC','role':'r1'},{'type':'DYNAMIC','role':'r2'}] ~ Resource 'cpus(reservations: [(DYNAMIC,r1),(DYNAMIC,r2)]):0.1' is invalid: Invalid refined reservation: role 'r2' is not a refinement of 'r1'",
        "'reservations':[{'type':'DYNAMIC','role':'r1'},{'type':'DYNAMIC','role':'r1'}] ~ Resource 'cpus(reservations: [(DYNAMIC,r1),(DYNAMIC,r1)]):0.1' is invalid: Invalid refined reservation: role 'r1' is not a refinement of 'r1'",
        "'reservations':[{'type':'UNKNOWN','role':'r1'}] ~ Resource 'cpus(reservations: [(UNKNOWN,r1)]):0.1' is invalid: Unsupported 'Resource.ReservationInfo.Type'",
        "'role':'r2','reservations':[{'type':'DYNAMIC','role':'r1'}] ~ Resource 'cpus(reservations: [(DYNAMIC,r1)]):0.1' is invalid: Invalid resource format: 'Resource.role' field with 'r2' does not match the role 'r1' in 'Resource.reservations'",
        "'role':'r1','reservations':[{'type':'DYNAMIC','role':'r1'},{'type':'DYNAMIC','role':'r1/x'}] ~ Resource 'cpus(reservations: [(DYNAMIC,r1),(DYNAMIC,r1/x)]):0.1' is invalid: Invalid resource format: 'Resource.role' must not be set if there is more than one reservation in 'Resource.reservations'",
        "'role':'r1','reservation':{},'reservations':[{'type':'STATIC','role':'r1'}] ~ Resource 'cpus(reservations: [(STATIC,r1)]):0.1' is invalid: Invalid resource format: 'Resource.reservation' must not be set if the single reservation in 'Resource.reservations' is STATIC",
        "'role':'r1','reservations':[{'type':'DYNAMIC','role':'r1'}] ~ Resource 'cpus(reservations: [(DYNAMIC,r1)]):0.1' is invalid: Invalid resource format: 'Resource.role' and 'Resource.reservation' must either be both set or both not set if the single reservation in 'Resource.reservations' is DYNAMIC",
        "'role':'r1','reservation':{'principal':'a'},'reservations':[{'type':'DYNAMIC','role':'r1','principal':'b'}] ~ Resource 'cpus(reservations: [(DYNAMIC,r1,b)]):0.1' is invalid: Invalid resource format: 'Resource.reservation.principal' field with 'a' does not match the principal 'b' in 'Resource.reservations'",
        "'role':'r1','reservation':{'labels':{'labels':[{'key':'a'}]}},'reservations':[{'type':'DYNAMIC','role':'r1','labels':{'labels':[{'key':'b'}]}}] ~ Resource 'cpus(reservations: [(DYNAMIC,r1,{b})]):0.1' is invalid: Invalid resource format: 'Resource.reservation.labels' field does not match the labels in 'Resource.reservations'"
      })
  @Scenario({
    "V-9",
    "V-10",
    "V-11",
    "V-12",
    "V-13",
    "task-V-1x-30",
    "task-V-1x-31",
    "task-V-1x-32",
    "task-V-1x-33",
    "task-V-1x-34",
    "task-V-1x-35",
    "task-V-1x-36",
    "task-V-1x-37",
    "task-V-1x-38",
    "task-V-1x-39",
    "task-V-1x-40",
    "task-V-1x-41",
    "task-V-1x-42",
    "task-V-1x-43",
    "task-V-1x-44",
    "task-V-1x-45",
    "task-V-1x-46",
    "ResourceFormatTest.Endpoint",
    "ResourceFormatTest.PostReservationRefinement"
  })
  void invalidReservations(String fields, String text) throws MesosJsonException {
    String json = "{'name':'cpus','type':'SCALAR','scalar':{'value':0.1}," + fields + "}";
    assertEquals(text, reason(json(json.replace('\'', '"'))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'role':'*'}",
        "{'role':'foo'}",
        "{'role':'foo','reservation':{'principal':'p'}}",
        "{'reservations':[{'type':'STATIC','role':'foo'}]}",
        "{'reservations':[{'type':'DYNAMIC','role':'foo','labels':{'labels':[{'key':'a'}]}}]}",
        "{'reservations':[{'type':'STATIC','role':'foo'},{'type':'DYNAMIC','role':'foo/bar'}]}",
        "{'reservations':[{'type':'DYNAMIC','role':'foo'},{'type':'DYNAMIC','role':'foo/bar/x'}]}",
        "{'role':'foo','reservations':[{'type':'STATIC','role':'foo'}]}",
        "{'role':'foo','reservation':{'principal':'p'},'reservations':[{'type':'DYNAMIC','role':'foo','principal':'p'}]}"
      })
  @Scenario({
    "ResourceFormatTest.PreReservationRefinement",
    "ResourceFormatTest.PostReservationRefinement",
    "ResourceFormatTest.Endpoint",
    "ReservedResourcesTest.Validation"
  })
  void validReservations(String fields) throws MesosJsonException {
    Resource reservation =
        MesosJson.read(
            ("{'name':'cpus','type':'SCALAR','scalar':{'value':1}"
                    + (fields.equals("{}") ? "}" : "," + fields.substring(1)))
                .replace('\'', '"')
                .getBytes(StandardCharsets.UTF_8),
            Resource.getDefaultInstance());
    assertEquals(Optional.empty(), ResourceValidation.validate(reservation));
  }

  @Test
  @Scenario({
    "DiskResourcesTest.Validation",
    "V-5",
    "V-8",
    "R-13",
    "task-V-1x-06",
    "task-V-1x-12",
    "task-V-1x-13",
    "task-V-1x-15",
    "task-V-1x-27"
  })
  void validValuesAndDisks() {
    for (Resource valid :
        List.of(
            scalar("cpus", 0).build(),
            ranges("ports").build(),
            ranges("ports", 3, 4, 1, 2).build(),
            ranges("ports", 0, -1L).build(),
            set("zones").build(),
            scalar("disk", 1).volume("id", "path").build(),
            scalar("disk", 1).path("path").build(),
            scalar("disk", 1).pathSource("/a").build(),
            scalar("disk", 1).mountSource("/a").build(),
            scalar("disk", 1).source(DiskInfo.Source.Type.PATH).build(),
            scalar("disk", 1).source(DiskInfo.Source.Type.RAW).build(),
            scalar("disk", 1).volume("id", "path").shared().build())) {
      assertEquals(Optional.empty(), ResourceValidation.validate(valid), valid::toString);
    }
  }

  @Test
  @Scenario({
    "V-2",
    "V-4",
    "V-8",
    "R-16",
    "task-V-1x-04",
    "task-V-1x-08",
    "task-V-12-nan",
    "task-V-12-inf"
  })
  void whatJsonCannotSay() {
    Resource text = Resource.newBuilder().setName("a").setType(Value.Type.TEXT).build();
    assertEquals("Unsupported resource type", ResourceValidation.validate(text).orElseThrow());
    String infinite =
        "Resource 'cpus:-9.22337203685478e+15' is invalid: Invalid scalar resource: value <= 0";
    assertEquals(infinite, reason(scalar("cpus", Double.NaN).build()));
    assertEquals(infinite, reason(scalar("cpus", Double.POSITIVE_INFINITY).build()));
    assertTrue(reason(scalar("cpus", 1e16).build()).contains("value > 9.2E15"));
    assertTrue(reason(ranges("ports", 0, -1L, 0, -1L).build()).contains("overlapping"));
    assertTrue(reason(ranges("ports", 0, -1L, 5, 5).build()).contains("overlapping"));
    for (DiskInfo.Source.Type type :
        List.of(DiskInfo.Source.Type.BLOCK, DiskInfo.Source.Type.RAW)) {
      DiskInfo.Source.Builder source = DiskInfo.Source.newBuilder().setType(type);
      assertTrue(
          reason(
                  scalar("disk", 1)
                      .source(source.setMount(DiskInfo.Source.Mount.getDefaultInstance()).build())
                      .build())
              .contains("Mount should not be set"));
      assertTrue(
          reason(
                  scalar("disk", 1)
                      .source(
                          source
                              .clearMount()
                              .setPath(DiskInfo.Source.Path.getDefaultInstance())
                              .build())
                      .build())
              .contains("Path should not be set"));
    }
  }

  @Test
  @Scenario("V-17")
  void operatorsConfigureOnlyWhatIsPlainOrStatic() {
    for (Resource refused :
        List.of(
            scalar("disk", 1).reserved("r").volume("id", "p").build(),
            scalar("cpus", 1).revocable().build(),
            scalar("cpus", 1).dynamic("r").build())) {
      assertTrue(ResourceValidation.validateConfigured(List.of(refused)).isPresent());
    }
    assertTrue(
        ResourceValidation.validateConfigured(
                List.of(scalar("a", 1).build(), set("a", "x").reserved("r").build()))
            .isPresent());
    assertEquals(
        Optional.empty(),
        ResourceValidation.validateConfigured(
            List.of(scalar("a", 1).build(), scalar("a", 1).reserved("r").build())));
  }

  @Test
  @Scenario({"V-18", "task-V-20-gpus"})
  void gpusAreWhole() {
    assertEquals(
        "Invalid 'gpus' resource: The 'gpus' resource must be an unsigned integer",
        ResourceValidation.validateGpus(List.of(scalar("gpus", 0.5).build())).orElseThrow());
    assertEquals(
        Optional.empty(),
        ResourceValidation.validateGpus(
            List.of(scalar("gpus", 2).build(), scalar("cpus", 0.5).build())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*", "foo", "123", "foo.bar", "...", "foo/.bar", "a/b/c/d/e/f/g/h", "a-b", "é"})
  @Scenario("V-16")
  void validRoles(String role) {
    assertEquals(Optional.empty(), Roles.validate(role));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "`` ~ Role names cannot be the empty string",
        ". ~ Role '.' cannot include '.' as a component",
        ".. ~ Role '..' cannot include '..' as a component",
        "-a ~ Role component '-a' is invalid because it starts with a dash",
        "/ ~ Role '/' cannot start with a slash",
        "/a ~ Role '/a' cannot start with a slash",
        "a/ ~ Role 'a/' cannot end with a slash",
        "a//b ~ Role 'a//b' cannot contain two adjacent slashes",
        "a/. ~ Role 'a/.' cannot include '.' as a component",
        "a/../b ~ Role 'a/../b' cannot include '..' as a component",
        "a/-b ~ Role component '-b' is invalid because it starts with a dash",
        "a/* ~ Role 'a/*' cannot include '*' as a component",
        "*/a ~ Role '*/a' cannot include '*' as a component",
        "a b ~ Role component 'a b' is invalid because it contains backspace or whitespace"
      })
  @Scenario("V-16")
  void invalidRoles(String role, String text) {
    assertEquals(Optional.of(text), Roles.validate(role));
  }

  @Test
  @Scenario("V-16")
  void rolesHaveNoControlBlanks() {
    for (char character : new char[] {0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x20, 0x7F}) {
      assertTrue(Roles.validate("a" + character).isPresent());
    }
    assertTrue(Roles.isBelow("a/b", "a"));
    assertTrue(!Roles.isBelow("ab", "a") && !Roles.isBelow("a", "a") && !Roles.isBelow("a", "a/b"));
  }
}
