package io.meseta.agent.core;

import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.FrameworkInfo;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A framework that has something on this agent. */
final class Framework {
  FrameworkInfo info;

  /** It was torn down: its executors are being ended and nobody wants to hear of its tasks. */
  boolean terminating;

  /** By executor id. */
  final Map<String, Executor> executors = new LinkedHashMap<>();

  /** Tasks without an executor whose one update is not acknowledged. */
  final Set<String> refused = new HashSet<>();

  Framework(FrameworkInfo info) {
    this.info = info;
  }

  FrameworkID frameworkId() {
    return info.getId();
  }

  String id() {
    return info.getId().getValue();
  }

  boolean checkpoint() {
    return info.getCheckpoint();
  }

  boolean partitionAware() {
    return has(FrameworkInfo.Capability.Type.PARTITION_AWARE);
  }

  boolean reportsKilling() {
    return has(FrameworkInfo.Capability.Type.TASK_KILLING_STATE);
  }

  /** */
  boolean idle() {
    return executors.isEmpty() && refused.isEmpty();
  }

  private boolean has(FrameworkInfo.Capability.Type type) {
    return info.getCapabilitiesList().stream().anyMatch(capability -> capability.getType() == type);
  }
}
