package io.meseta.resources;

import static io.meseta.testing.ResourceBuilder.scalar;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.meseta.schema.v1.Resource.DiskInfo;
import io.meseta.testing.Scenario;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourcePrintingTest {
  @Test
  @Scenario({"ResourcesTest.Printing", "R-76"})
  void bagsAreJoined() {
    assertEquals(
        "cpus:45.55; ports:[10000-20000, 30000-50000]; disks:{sda1}",
        Resources.parse("cpus:45.55;ports:[10000-20000, 30000-50000];disks:{sda1}").toString());
    assertEquals("{}", Resources.EMPTY.toString());
    assertEquals("{}", ResourceText.print(List.of()));
  }

  @Test
  @Scenario({"ResourcesTest.PrintingExtendedAttributes", "R-76", "R-77"})
  void metadataIsShown() {
    assertEquals(
        "disk(reservations: [(STATIC,alice)])[hadoop:/data]:1",
        ResourceText.print(scalar("disk", 1).reserved("alice").volume("hadoop", "/data").build()));
    assertEquals(
        "disk(reservations: [(STATIC,alice)])[hadoop:/data]{REV}:1",
        ResourceText.print(
            scalar("disk", 1).reserved("alice").volume("hadoop", "/data").revocable().build()));
    assertEquals(
        "disk(reservations: [(STATIC,alice)])[hadoop:/hdfs:/data:rw]:1",
        ResourceText.print(
            scalar("disk", 1)
                .reserved("alice")
                .persistence("hadoop")
                .hostPath("/hdfs", "/data")
                .build()));
    assertEquals(
        "disk(reservations: [(STATIC,alice),(DYNAMIC,alice/refined,hdfs-p,{foo: bar, foo})])"
            + "[MOUNT:/mnt1,hadoop:/hdfs:/data:rw]:1",
        ResourceText.print(
            scalar("disk", 1)
                .reserved("alice")
                .dynamic("alice/refined", "hdfs-p", "foo=bar", "foo")
                .persistence("hadoop")
                .mountSource("/mnt1")
                .hostPath("/hdfs", "/data")
                .build()));
    assertEquals(
        "disk(allocated: role)(reservations: [(STATIC,alice)]):1",
        ResourceText.print(scalar("disk", 1).allocated("role").reserved("alice").build()));
  }

  @Test
  @Scenario("R-77")
  void diskSourcesShowWhatIdentifiesThem() {
    assertEquals(
        "disk[PATH]:1", disk(DiskInfo.Source.newBuilder().setType(DiskInfo.Source.Type.PATH)));
    assertEquals(
        "disk[RAW]:1", disk(DiskInfo.Source.newBuilder().setType(DiskInfo.Source.Type.RAW)));
    assertEquals(
        "disk[BLOCK(vendor,id,)]:1",
        disk(
            DiskInfo.Source.newBuilder()
                .setType(DiskInfo.Source.Type.BLOCK)
                .setVendor("vendor")
                .setId("id")));
    assertEquals(
        "disk[RAW(,,fast)]:1",
        disk(DiskInfo.Source.newBuilder().setType(DiskInfo.Source.Type.RAW).setProfile("fast")));
    assertEquals("disk[:p]:1", ResourceText.print(scalar("disk", 1).path("p").build()));
    assertEquals("disk[PATH:/a]:1", ResourceText.print(scalar("disk", 1).pathSource("/a").build()));
  }

  private static String disk(DiskInfo.Source.Builder source) {
    return ResourceText.print(scalar("disk", 1).source(source.build()).build());
  }

  @Test
  @Scenario({"SharedResourcesTest.Printing", "R-76"})
  void copiesOfSharedVolumesAreShown() {
    var volume = scalar("disk", 64).reserved("role1").volume("id1", "path1").shared().build();
    String text = "disk(reservations: [(STATIC,role1)])[id1:path1]<SHARED>:64";

    assertEquals(text, ResourceText.print(volume));
    assertEquals(text + "<1>", Resources.of(volume).toString());
    assertEquals(text + "<2>", Resources.of(volume, volume).toString());
  }

  @Test
  @Scenario("R-78")
  void theSummaryListsTheUsualNamesAlways() {
    Resources bag =
        Resources.parse("cpus:1;cpus(r):0.5;ports:[1-2];zones:{b,a};foo:3")
            .plus(scalar("cpus", 2).revocable().build());

    assertEquals(
        List.of(
            new ResourceSummary.Scalar("cpus", 1.5),
            new ResourceSummary.Scalar("cpus_revocable", 2),
            new ResourceSummary.Scalar("disk", 0),
            new ResourceSummary.Scalar("foo", 3),
            new ResourceSummary.Scalar("gpus", 0),
            new ResourceSummary.Scalar("mem", 0),
            new ResourceSummary.Text("ports", "[1-2]"),
            new ResourceSummary.Text("zones", "{a, b}")),
        ResourceSummary.of(bag));
  }
}
