package io.meseta.master.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.kernel.Authorizer;
import io.meseta.kernel.Meters;
import io.meseta.kernel.Principal;
import io.meseta.kernel.Rng;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.MasterInfo;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.testing.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallAdmissionTest {
  private final MasterFixture fixture = new MasterFixture();

  @Test
  @Scenario("T-15")
  void anUnknownFramework() {
    MasterEffect.Answer answer = fixture.call(teardown("nobody"), Optional.of("x"));

    assertEquals(400, answer.status());
    assertEquals("Framework cannot be found", answer.text());
  }

  @Test
  @Scenario("T-16")
  void anotherPrincipal() {
    TestFramework framework = fixture.framework().as(Principal.named("alice")).subscribe();

    MasterEffect.Answer answer =
        fixture.call(
            teardown(framework.id()), Optional.of(framework.streamId), Principal.named("bob"));

    assertEquals(400, answer.status());
    assertEquals(
        "Authenticated principal 'bob' does not match principal 'alice' set in `FrameworkInfo`",
        answer.text());
  }

  @Test
  @Scenario({"T-19", "SchedulerHttpApiTest.TeardownWithoutStreamId"})
  void noStreamId() {
    TestFramework framework = fixture.framework().subscribe();

    MasterEffect.Answer answer = fixture.call(teardown(framework.id()), Optional.empty());

    assertEquals(400, answer.status());
    assertEquals(
        "All non-subscribe calls should include the 'Mesos-Stream-Id' header", answer.text());
  }

  @Test
  @Scenario({"T-20", "SchedulerHttpApiTest.TeardownWrongStreamId"})
  void aWrongStreamId() {
    TestFramework framework = fixture.framework().subscribe();

    MasterEffect.Answer answer = fixture.call(teardown(framework.id()), Optional.of("other"));

    assertEquals(400, answer.status());
    assertEquals(
        "The stream ID 'other' included in this request didn't match the stream ID currently associated with"
            + " framework ID "
            + framework.id(),
        answer.text());
  }

  @Test
  @Scenario("T-21")
  void anUnknownType() {
    TestFramework framework = fixture.framework().subscribe();

    assertEquals(501, framework.call(Call.Type.UNKNOWN).status());
    assertEquals(501, framework.call(Call.Type.UPDATE_FRAMEWORK).status());
  }

  @Test
  @Scenario("T-24")
  void anyOtherCallIsAccepted() {
    TestFramework framework = fixture.framework().subscribe();

    for (Call.Type type :
        List.of(
            Call.Type.REQUEST, Call.Type.RECONCILE_OPERATIONS, Call.Type.ACCEPT_INVERSE_OFFERS)) {
      MasterEffect.Answer answer = framework.call(type);
      assertEquals(202, answer.status(), type.name());
      assertEquals("", answer.text());
    }
    assertEquals(1, fixture.count("messages_resource_request"));
  }

  @Test
  @Scenario("T-6")
  void beforeTheRegistryIsReadNothingIsDone() {
    MasterInfo info = MasterInfo.newBuilder().setId("").setIp(1).setPort(1).build();
    Master master =
        new Master(
            MasterOptions.builder(info).build(), Rng.seeded(5), Meters.NONE, Authorizer.PERMISSIVE);
    List<MasterEffect> effects = new ArrayList<>();

    master.on(
        new MasterInput.SchedulerCall(
            new RequestAddress("n", 0, 1), Principal.ANONYMOUS, Optional.empty(), teardown("f")),
        1,
        effects::add);

    assertEquals(
        List.of(
            new MasterEffect.Answer(
                new RequestAddress("n", 0, 1), 503, "Master has not finished recovery")),
        effects);
    assertTrue(master.info().getId().matches("[0-9a-f-]{36}"), "a master without an id makes one");
  }

  private static Call teardown(String frameworkId) {
    return Call.newBuilder()
        .setType(Call.Type.TEARDOWN)
        .setFrameworkId(FrameworkID.newBuilder().setValue(frameworkId))
        .build();
  }
}
