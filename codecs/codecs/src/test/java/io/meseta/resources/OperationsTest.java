package io.meseta.resources;

import static io.meseta.testing.ResourceBuilder.scalar;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.schema.v1.Offer.Operation;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.ResourceProviderID;
import io.meseta.schema.v1.Value;
import io.meseta.testing.ResourceBuilder;
import io.meseta.testing.Scenario;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OperationsTest {
  private static Operation reserve(Resource... resources) {
    return Operation.newBuilder()
        .setType(Operation.Type.RESERVE)
        .setReserve(Operation.Reserve.newBuilder().addAllResources(List.of(resources)))
        .build();
  }

  private static Operation reserveFrom(Resource source, Resource resource) {
    return Operation.newBuilder()
        .setType(Operation.Type.RESERVE)
        .setReserve(Operation.Reserve.newBuilder().addSource(source).addResources(resource))
        .build();
  }

  private static Operation unreserve(Resource... resources) {
    return Operation.newBuilder()
        .setType(Operation.Type.UNRESERVE)
        .setUnreserve(Operation.Unreserve.newBuilder().addAllResources(List.of(resources)))
        .build();
  }

  private static Operation create(Resource... volumes) {
    return Operation.newBuilder()
        .setType(Operation.Type.CREATE)
        .setCreate(Operation.Create.newBuilder().addAllVolumes(List.of(volumes)))
        .build();
  }

  private static Operation destroy(Resource... volumes) {
    return Operation.newBuilder()
        .setType(Operation.Type.DESTROY)
        .setDestroy(Operation.Destroy.newBuilder().addAllVolumes(List.of(volumes)))
        .build();
  }

  private static Operation grow(Resource volume, Resource addition) {
    return Operation.newBuilder()
        .setType(Operation.Type.GROW_VOLUME)
        .setGrowVolume(Operation.GrowVolume.newBuilder().setVolume(volume).setAddition(addition))
        .build();
  }

  private static Operation shrink(Resource volume, double subtract) {
    return Operation.newBuilder()
        .setType(Operation.Type.SHRINK_VOLUME)
        .setShrinkVolume(
            Operation.ShrinkVolume.newBuilder()
                .setVolume(volume)
                .setSubtract(Value.Scalar.newBuilder().setValue(subtract)))
        .build();
  }

  private static ResourceBuilder disk(double size) {
    return scalar("disk", size).reserved("role");
  }

  private static Resources applied(Resources bag, Operation operation) {
    return assertInstanceOf(ApplyResult.Applied.class, bag.apply(operation)).resources();
  }

  private static String refused(Resources bag, Operation operation) {
    return assertInstanceOf(ApplyResult.Refused.class, bag.apply(operation)).reason();
  }

  @Test
  @Scenario({"ResourcesOperationTest.ReserveResources", "R-63", "R-64"})
  void reserveTakesUnreservedResources() {
    Resources bag = Resources.parse("cpus:1;mem:512");
    Resource cpus = scalar("cpus", 1).dynamic("role", "p").build();

    assertEquals(Resources.parse("mem:512").plus(cpus), applied(bag, reserve(cpus)));
    assertEquals(
        "cpus:1; mem:512 does not contain cpus:2",
        refused(bag, reserve(scalar("cpus", 2).dynamic("role", "p").build())));
    assertTrue(refused(bag, reserve(scalar("cpus", 1).build())).contains("is not reserved"));
    assertTrue(refused(bag, reserve(scalar("cpus", -1).build())).contains("value <= 0"));
  }

  @Test
  @Scenario({"R-63", "R-42"})
  void reserveRefinesOneLevel() {
    Resource fixed = scalar("cpus", 1).reserved("a").build();
    Resource refined = scalar("cpus", 1).reserved("a").dynamic("a/b", "p").build();

    assertEquals(Resources.of(refined), applied(Resources.of(fixed), reserve(refined)));
    assertEquals(Resources.of(fixed), applied(Resources.of(refined), unreserve(refined)));
  }

  @Test
  @Scenario({"R-47", "R-63"})
  void reserveWithSourceMovesAReservation() {
    Resource source = scalar("cpus", 1).reserved("a").dynamic("a/x", "p").build();
    Resource target = scalar("cpus", 1).reserved("a").dynamic("a/y", "p").build();

    assertEquals(Resources.of(target), applied(Resources.of(source), reserveFrom(source, target)));
    assertTrue(
        refused(Resources.of(target), reserveFrom(source, target)).contains("does not contain"));
    assertTrue(
        refused(
                Resources.of(source),
                reserveFrom(source, scalar("cpus", 2).dynamic("b", "p").build()))
            .contains("differ in more than reservations"));
  }

  @Test
  @Scenario("ResourcesOperationTest.UnreserveResources")
  void unreserveGivesBack() {
    Resource cpus = scalar("cpus", 1).dynamic("role", "p").build();
    Resources bag = Resources.parse("mem:512").plus(cpus);

    assertEquals(Resources.parse("cpus:1;mem:512"), applied(bag, unreserve(cpus)));
    assertTrue(
        refused(bag, unreserve(scalar("cpus", 2).dynamic("role", "p").build()))
            .contains("does not contain"));
    assertTrue(refused(bag, unreserve(scalar("mem", 512).build())).contains("is not reserved"));
  }

  @Test
  @Scenario({"ResourcesOperationTest.CreatePersistentVolume", "R-68"})
  void createTurnsSpaceIntoAVolume() {
    Resources bag = Resources.parse("cpus:1").plus(disk(1000).build());
    Resource volume = disk(200).volume("1", "path").build();

    Resources created = applied(bag, create(volume));

    assertEquals(Resources.parse("cpus:1").plus(disk(800).build()).plus(volume), created);
    assertEquals(bag, applied(created, destroy(volume)));
    assertTrue(
        refused(bag, create(disk(2000).volume("1", "path").build())).contains("does not contain"));
  }

  @Test
  @Scenario({"ResourcesOperationTest.CreatePersistentVolumeFromMount", "R-63"})
  void aMountDiskIsUsedWhole() {
    Resources bag = Resources.of(disk(200).mountSource("/mnt").build());
    Resource volume = disk(200).mountSource("/mnt").volume("1", "path").build();

    Resources created = applied(bag, create(volume));

    assertEquals(Resources.of(volume), created);
    assertEquals(bag, applied(created, destroy(volume)));
    assertTrue(
        refused(bag, create(disk(50).mountSource("/mnt").volume("1", "path").build()))
            .contains("does not contain"));
  }

  @Test
  @Scenario({
    "ResourcesOperationTest.CreateSharedPersistentVolume",
    "SharedResourcesTest.DestroySharedPersistentVolumeMultipleCopies",
    "R-27",
    "R-68"
  })
  void aSharedVolumeInUseIsNotDestroyed() {
    Resources bag = Resources.of(disk(1000).build());
    Resource volume = disk(200).volume("1", "path").shared().build();

    Resources created = applied(bag, create(volume));

    assertEquals(Resources.of(disk(800).build(), volume), created);
    assertEquals(bag, applied(created, destroy(volume)));
    assertEquals(
        "Persistent volume "
            + Resources.of(volume)
            + " cannot be removed due to additional shared copies",
        refused(created.plus(volume), destroy(volume)));
  }

  @Test
  @Scenario({"R-63", "R-65"})
  void volumesGrowAndShrink() {
    Resource small = disk(100).volume("1", "path").build();
    Resource large = disk(150).volume("1", "path").build();
    Resources bag = Resources.of(small, disk(60).build());

    Resources grown = applied(bag, grow(small, disk(50).build()));

    assertEquals(Resources.of(large, disk(10).build()), grown);
    assertEquals(bag, applied(grown, shrink(large, 50)));
    assertTrue(refused(bag, grow(small, disk(70).build())).contains("does not contain"));
    assertTrue(refused(grown, shrink(large, 150)).contains("must stay positive"));
    assertTrue(refused(grown, shrink(large, 0)).contains("must stay positive"));
    Resource provided = disk(100).volume("1", "path").provider("rp").build();
    assertEquals(
        "Operation not supported for resource provider",
        refused(bag, grow(provided, disk(1).build())));
    assertEquals(
        "Operation not supported for resource provider", refused(bag, shrink(provided, 1)));
  }

  @Test
  @Scenario("R-67")
  void allocationOfBagAndOperationAgree() {
    Resources bag = Resources.parse("cpus:1").allocate("role");
    Resource cpus = scalar("cpus", 1).dynamic("role", "p").build();

    assertTrue(refused(bag, reserve(cpus)).contains("does not contain"));
    assertEquals(Resources.of(cpus), applied(bag.unallocate(), reserve(cpus)));
    assertEquals(
        Resources.of(cpus).allocate("role"),
        applied(bag, reserve(scalar("cpus", 1).allocated("role").dynamic("role", "p").build())));
  }

  @Test
  @Scenario("R-63")
  void aListStopsAtTheFirstRefusal() {
    Resources one = Resources.parse("cpus:1");
    Resources two = Resources.parse("mem:1");
    ResourceConversion good = new ResourceConversion(one, two);

    assertEquals(new ApplyResult.Applied(two), one.apply(List.of(good)));
    assertEquals(
        new ApplyResult.Refused("mem:1 does not contain cpus:1"), one.apply(List.of(good, good)));
  }

  @ParameterizedTest
  @EnumSource(
      value = Operation.Type.class,
      names = {"RESERVE", "UNRESERVE", "CREATE", "DESTROY", "GROW_VOLUME", "SHRINK_VOLUME"},
      mode = EnumSource.Mode.EXCLUDE)
  @Scenario({"R-63", "R-65"})
  void otherOperationsConvertNothingBeforehand(Operation.Type type) {
    Operation operation = Operation.newBuilder().setType(type).build();

    assertEquals(
        type == Operation.Type.UNKNOWN ? "Unknown operation" : "Operation not supported",
        refused(Resources.EMPTY, operation));
    assertEquals(false, OperationTarget.isSpeculative(type));
    assertInstanceOf(OperationTarget.Invalid.class, OperationTarget.of(operation));
  }

  @ParameterizedTest
  @EnumSource(
      value = Operation.Type.class,
      names = {"RESERVE", "UNRESERVE", "CREATE", "DESTROY", "GROW_VOLUME", "SHRINK_VOLUME"})
  @Scenario("R-65")
  void speculativeByType(Operation.Type type) {
    assertTrue(OperationTarget.isSpeculative(type));
  }

  @Test
  @Scenario("R-66")
  void allResourcesHaveOneOwner() {
    Resource agent = disk(1).dynamic("role/x").build();
    Resource provided = disk(1).dynamic("role/x").provider("rp").build();

    assertEquals(new OperationTarget.Agent(), OperationTarget.of(reserve(agent, agent)));
    assertEquals(
        new OperationTarget.Provider(ResourceProviderID.newBuilder().setValue("rp").build()),
        OperationTarget.of(reserve(provided)));
    assertEquals(
        new OperationTarget.Invalid("Resources are from multiple resource providers"),
        OperationTarget.of(reserve(agent, provided)));
    assertInstanceOf(OperationTarget.Invalid.class, OperationTarget.of(reserve()));
    assertEquals(
        new OperationTarget.Invalid("Resources are from multiple resource providers"),
        OperationTarget.of(grow(agent, provided)));
    assertEquals(new OperationTarget.Agent(), OperationTarget.of(shrink(agent, 1)));
    Operation createDisk =
        Operation.newBuilder()
            .setType(Operation.Type.CREATE_DISK)
            .setCreateDisk(
                Operation.CreateDisk.newBuilder()
                    .setSource(provided)
                    .setTargetType(Resource.DiskInfo.Source.Type.MOUNT))
            .build();
    assertInstanceOf(OperationTarget.Provider.class, OperationTarget.of(createDisk));
  }
}
