package io.meseta.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.kernel.Bytes;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.Resource;
import io.meseta.testing.Scenario;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** what an agent offers. */
class HostResourcesTest {
  private static final HostResources LARGE =
      new HostResources(8, Bytes.mega(16 * 1024), Bytes.mega(100 * 1024));

  @Test
  @Scenario("A-39")
  void whatIsNotMentionedIsDetected() {
    assertEquals(
        Resources.parse("cpus:8;mem:15360;disk:97280;ports:[31000-32000]"),
        Resources.of(complete(LARGE, Optional.empty())));
    assertEquals(
        Resources.parse("cpus:0.5;mem:15360;disk:97280;ports:[31000-32000];gpus:1"),
        Resources.of(complete(LARGE, Optional.of("cpus:0.5;gpus:1"))));
  }

  @Test
  @Scenario("A-39")
  void ofASmallMachineHalfIsOffered() {
    HostResources small = new HostResources(1, Bytes.mega(1024), Bytes.mega(8 * 1024));
    assertEquals(
        Resources.parse("cpus:1;mem:512;disk:4096;ports:[31000-32000]"),
        Resources.of(complete(small, Optional.empty())));
  }

  @Test
  @Scenario("A-35")
  void zeroIsAMention() {
    Resources total = Resources.of(complete(LARGE, Optional.of("disk:0")));
    assertEquals(OptionalDouble.empty(), total.scalar("disk"));
    assertEquals(OptionalDouble.of(8), total.cpus());
  }

  @Test
  @Scenario("A-34")
  void theDefaultRoleReservesWhatIsDetectedToo() {
    List<Resource> total = LARGE.complete(Optional.of("cpus:2;mem(*):1024"), "ads");
    Resources resources = Resources.of(total);
    assertEquals(2, resources.reserved("ads").scalar("cpus").orElseThrow());
    assertTrue(resources.reserved("ads").scalar("disk").isPresent());
    assertEquals(1024, resources.unreserved().scalar("mem").orElseThrow());
  }

  @Test
  @Scenario("A-32")
  void wrongTextIsRefusedWithTheReason() {
    IllegalArgumentException failure =
        assertThrows(IllegalArgumentException.class, () -> complete(LARGE, Optional.of("cpus=2")));
    assertTrue(failure.getMessage().contains("cpus=2"), failure.getMessage());
  }

  @Test
  void thisMachineHasSomethingToOffer(@TempDir Path directory) throws IOException {
    Resources total = Resources.of(complete(HostResources.detect(directory), Optional.empty()));
    assertTrue(total.cpus().orElseThrow() >= 1);
    assertTrue(total.mem().orElseThrow().count() > 0);
    assertTrue(total.disk().orElseThrow().count() > 0);
  }

  private static List<Resource> complete(HostResources host, Optional<String> text) {
    return host.complete(text, "*");
  }
}
