package io.meseta.resources;

import static io.meseta.testing.ResourceBuilder.scalar;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.json.MesosJson;
import io.meseta.json.MesosJsonException;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.AgentInfo;
import io.meseta.schema.v1.ExecutorID;
import io.meseta.schema.v1.ExecutorInfo;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.TaskID;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.testing.Scenario;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReservationFormatTest {
  private static final Resource PLAIN = scalar("cpus", 1).build();
  private static final Resource STATIC = scalar("cpus", 1).reserved("foo").build();
  private static final Resource DYNAMIC = scalar("cpus", 1).dynamic("foo", "p", "a=1").build();
  private static final Resource REFINED =
      scalar("cpus", 1).reserved("foo").dynamic("foo/bar", "p").build();

  private static Resource with(String fields) throws MesosJsonException {
    String json = "{'name':'cpus','type':'SCALAR','scalar':{'value':1}" + fields + "}";
    return MesosJson.read(
        json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), Resource.getDefaultInstance());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "`` ~ ``",
        ",'role':'*' ~ ``",
        ",'role':'foo' ~ ,'reservations':[{'type':'STATIC','role':'foo'}]",
        ",'role':'foo','reservation':{'principal':'p','labels':{'labels':[{'key':'a'}]}} ~ ,'reservations':[{'type':'DYNAMIC','role':'foo','principal':'p','labels':{'labels':[{'key':'a'}]}}]",
        ",'role':'foo','reservation':{} ~ ,'reservations':[{'type':'DYNAMIC','role':'foo'}]",
        ",'role':'foo','reservations':[{'type':'STATIC','role':'foo'}] ~ ,'reservations':[{'type':'STATIC','role':'foo'}]"
      })
  @Scenario("R-57")
  void upgradesToTheStack(String before, String after) throws MesosJsonException {
    Resource upgraded = ReservationFormat.upgrade(with(before));

    assertEquals(with(after), upgraded);
    assertSame(upgraded, ReservationFormat.upgrade(upgraded));
  }

  @Test
  @Scenario({"R-58", "ResourceFormatTest.DowngradeWithoutRefinedReservations"})
  void downgradesWhatIsNotRefined() throws MesosJsonException {
    assertEquals(Optional.of(with(",'role':'*'")), ReservationFormat.downgrade(PLAIN));
    assertEquals(Optional.of(with(",'role':'foo'")), ReservationFormat.downgrade(STATIC));
    assertEquals(
        Optional.of(
            with(
                ",'role':'foo','reservation':{'principal':'p','labels':{'labels':[{'key':'a','value':'1'}]}}")),
        ReservationFormat.downgrade(DYNAMIC));
    assertEquals(Optional.empty(), ReservationFormat.downgrade(REFINED));
  }

  @Test
  @Scenario("section 10")
  void endpointsShowBothForms() throws MesosJsonException {
    assertEquals(with(",'role':'*'"), ReservationFormat.toEndpoint(PLAIN));
    assertEquals(
        with(",'role':'foo','reservations':[{'type':'STATIC','role':'foo'}]"),
        ReservationFormat.toEndpoint(STATIC));
    Resource dynamic = ReservationFormat.toEndpoint(DYNAMIC);
    assertEquals("p", dynamic.getReservation().getPrincipal());
    assertFalse(dynamic.getReservation().hasType());
    assertEquals(1, dynamic.getReservationsCount());
    assertSame(REFINED, ReservationFormat.toEndpoint(REFINED));
  }

  @Test
  @Scenario({"R-59", "ResourceFormatTest.DowngradeWithRefinedReservations"})
  void messagesAreConvertedAtAnyDepth() {
    Offer.Operation launch =
        Offer.Operation.newBuilder()
            .setType(Offer.Operation.Type.LAUNCH)
            .setLaunch(
                Offer.Operation.Launch.newBuilder().addTaskInfos(task(List.of(STATIC, REFINED))))
            .build();

    var downgraded = ReservationFormat.downgrade(launch);

    assertEquals(
        Optional.of("Cannot downgrade resources containing refined reservations"),
        downgraded.error());
    TaskInfo task = downgraded.message().getLaunch().getTaskInfos(0);
    assertEquals(ReservationFormat.downgrade(STATIC).orElseThrow(), task.getResources(0));
    assertEquals(REFINED, task.getResources(1));
    assertEquals(
        ReservationFormat.downgrade(DYNAMIC).orElseThrow(), task.getExecutor().getResources(0));
    assertEquals(launch, ReservationFormat.upgrade(downgraded.message()));
    assertSame(launch, ReservationFormat.upgrade(launch));
  }

  private static TaskInfo task(List<Resource> resources) {
    return TaskInfo.newBuilder()
        .setName("t")
        .setTaskId(TaskID.newBuilder().setValue("t"))
        .setAgentId(AgentID.newBuilder().setValue("a"))
        .addAllResources(resources)
        .setExecutor(
            ExecutorInfo.newBuilder()
                .setExecutorId(ExecutorID.newBuilder().setValue("e"))
                .addResources(DYNAMIC))
        .build();
  }

  @Test
  @Scenario({"R-59", "ResourceFormatTest.DowngradeWithoutResources"})
  void messagesWithoutResourcesStayAsTheyAre() {
    FrameworkInfo framework = FrameworkInfo.newBuilder().setUser("u").setName("n").build();
    AgentInfo agent = AgentInfo.newBuilder().setHostname("h").build();

    assertSame(framework, ReservationFormat.downgrade(framework).message());
    assertSame(agent, ReservationFormat.downgrade(agent).message());
    assertEquals(Optional.empty(), ReservationFormat.downgrade(agent).error());
    assertFalse(ReservationFormat.carriesResources(FrameworkInfo.getDescriptor()));
    assertTrue(ReservationFormat.carriesResources(AgentInfo.getDescriptor()));
    assertTrue(ReservationFormat.carriesResources(Offer.Operation.getDescriptor()));
  }
}
