package io.meseta.cli;

import io.meseta.schema.v1.FrameworkInfo;
import java.util.List;
import java.util.stream.Stream;

/** What our own frameworks understand. */
final class Capabilities {
  static final List<FrameworkInfo.Capability> MODERN =
      Stream.of(
              FrameworkInfo.Capability.Type.MULTI_ROLE,
              FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT,
              FrameworkInfo.Capability.Type.PARTITION_AWARE,
              FrameworkInfo.Capability.Type.TASK_KILLING_STATE)
          .map(type -> FrameworkInfo.Capability.newBuilder().setType(type).build())
          .toList();

  private Capabilities() {}
}
