package io.meseta.allocator;

import io.meseta.kernel.LogLine;
import io.meseta.resources.Resources;
import java.util.Map;

/** What the allocator wants done. */
public sealed interface AllocatorEffect {
  /**
   * The framework may have these; they count as its own until they are recovered.
   *
   * @param offers role → agent id → resources with that allocation role
   */
  record Offers(String frameworkId, Map<String, Map<String, Resources>> offers)
      implements AllocatorEffect {}

  record Log(LogLine line) implements AllocatorEffect {}
}
