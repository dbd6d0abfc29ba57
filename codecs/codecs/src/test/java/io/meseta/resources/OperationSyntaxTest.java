package io.meseta.resources;

import static io.meseta.testing.ResourceBuilder.scalar;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.ExecutorID;
import io.meseta.schema.v1.ExecutorInfo;
import io.meseta.schema.v1.Offer.Operation;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.TaskGroupInfo;
import io.meseta.schema.v1.TaskID;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.testing.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperationSyntaxTest {
  private static final Resource BAD = scalar("cpus", -1).build();
  private static final String REASON =
      "Resource 'cpus:-1' is invalid: Invalid scalar resource: value <= 0";

  @ParameterizedTest
  @CsvSource({
    "RESERVE, A RESERVE offer operation must have the Offer.Operation.reserve field set.",
    "UNRESERVE, An UNRESERVE offer operation must have the Offer.Operation.unreserve field set.",
    "CREATE, A CREATE offer operation must have the Offer.Operation.create field set.",
    "DESTROY, A DESTROY offer operation must have the Offer.Operation.destroy field set.",
    "GROW_VOLUME, A GROW_VOLUME operation must have the Offer.Operation.grow_volume field set",
    "SHRINK_VOLUME, A SHRINK_VOLUME offer operation must have the Offer.Operation.shrink_volume"
        + " field set",
    "CREATE_DISK, A CREATE_DISK offer operation must have the Offer.Operation.create_disk field"
        + " set.",
    "DESTROY_DISK, A DESTROY_DISK offer operation must have the Offer.Operation.destroy_disk field"
        + " set.",
    "LAUNCH, A LAUNCH offer operation must have the Offer.Operation.launch field set.",
    "LAUNCH_GROUP, A LAUNCH_GROUP offer operation must have the Offer.Operation.launch_group field"
        + " set.",
    "UNKNOWN, Unknown operation"
  })
  @Scenario({"R-60", "V-24", "ACCEPT-no-sub-RESERVE", "ACCEPT-no-sub-GROW_VOLUME"})
  void theBodyMustBeThere(Operation.Type type, String reason) {
    assertEquals(
        new OperationSyntax.Invalid(reason),
        OperationSyntax.check(Operation.newBuilder().setType(type).build()));
  }

  @Test
  @Scenario("R-60")
  void validResourcesAreUpgraded() {
    Resource resource = scalar("cpus", 1).dynamic("r", "p").build();
    Resource old = ReservationFormat.downgrade(resource).orElseThrow();

    var checked =
        assertInstanceOf(OperationSyntax.Valid.class, OperationSyntax.check(reserve(old)));

    assertEquals(reserve(resource), checked.operation());
    assertEquals(new OperationSyntax.Invalid(REASON), OperationSyntax.check(reserve(BAD)));
  }

  @Test
  @Scenario({"R-60", "V-12"})
  void aContradictionOfFormsIsNoticedBeforeUpgrading() {
    Resource mixed =
        OldForm.withRole(scalar("cpus", 1).reserved("r1").build().toBuilder(), "r2").build();
    assertInstanceOf(OperationSyntax.Invalid.class, OperationSyntax.check(reserve(mixed)));
  }

  private static Operation reserve(Resource resource) {
    return Operation.newBuilder()
        .setType(Operation.Type.RESERVE)
        .setReserve(Operation.Reserve.newBuilder().addResources(resource))
        .build();
  }

  @Test
  @Scenario({"R-60", "task-V-1x-05", "task-V-55-neg"})
  void tasksAndExecutorsAreLookedAt() {
    Resource good = scalar("cpus", 1).build();

    assertEquals(new OperationSyntax.Invalid(REASON), OperationSyntax.check(launch(BAD, good)));
    assertEquals(new OperationSyntax.Invalid(REASON), OperationSyntax.check(launch(good, BAD)));
    assertEquals(new OperationSyntax.Invalid(REASON), OperationSyntax.check(group(BAD, good)));
    assertEquals(new OperationSyntax.Invalid(REASON), OperationSyntax.check(group(good, BAD)));
    assertInstanceOf(OperationSyntax.Valid.class, OperationSyntax.check(launch(good, good)));
    assertInstanceOf(OperationSyntax.Valid.class, OperationSyntax.check(group(good, good)));
  }

  private static Operation launch(Resource task, Resource executor) {
    return Operation.newBuilder()
        .setType(Operation.Type.LAUNCH)
        .setLaunch(
            Operation.Launch.newBuilder().addTaskInfos(task(task).setExecutor(executor(executor))))
        .build();
  }

  private static Operation group(Resource task, Resource executor) {
    return Operation.newBuilder()
        .setType(Operation.Type.LAUNCH_GROUP)
        .setLaunchGroup(
            Operation.LaunchGroup.newBuilder()
                .setExecutor(executor(executor))
                .setTaskGroup(TaskGroupInfo.newBuilder().addTasks(task(task))))
        .build();
  }

  private static TaskInfo.Builder task(Resource resource) {
    return TaskInfo.newBuilder()
        .setName("t")
        .setTaskId(TaskID.newBuilder().setValue("t"))
        .setAgentId(AgentID.newBuilder().setValue("a"))
        .addResources(resource);
  }

  private static ExecutorInfo.Builder executor(Resource resource) {
    return ExecutorInfo.newBuilder()
        .setExecutorId(ExecutorID.newBuilder().setValue("e"))
        .addResources(resource);
  }
}
