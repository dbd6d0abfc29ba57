package io.meseta.allocator;

import io.meseta.schema.v1.AgentInfo;
import io.meseta.schema.v1.FrameworkInfo.Capability;
import java.util.Optional;

/** Which frameworks may see an agent at all, whatever is free there (allocator.md, section 6). */
final class Eligibility {
  private final boolean filterGpuResources;
  private final Optional<String> masterRegion;

  Eligibility(AllocatorOptions options) {
    this.filterGpuResources = options.filterGpuResources();
    this.masterRegion = options.region();
  }

  boolean maySee(Framework framework, String role, Agent agent) {
    return gpus(framework, agent) && region(framework, agent) && oldAgent(framework, role, agent);
  }

  /** looks at the total, so that nobody takes the rest of an agent whose GPUs are in use. */
  private boolean gpus(Framework framework, Agent agent) {
    return !filterGpuResources || !agent.hasGpus() || framework.has(Capability.Type.GPU_RESOURCES);
  }

  /** who has no domain is local. */
  private boolean region(Framework framework, Agent agent) {
    return masterRegion.isEmpty()
        || agent.region().isEmpty()
        || agent.region().equals(masterRegion)
        || framework.has(Capability.Type.REGION_AWARE);
  }

  /** */
  private static boolean oldAgent(Framework framework, String role, Agent agent) {
    if (framework.has(Capability.Type.MULTI_ROLE)
        && !agent.has(AgentInfo.Capability.Type.MULTI_ROLE)) {
      return false;
    }
    return role.indexOf('/') < 0 || agent.has(AgentInfo.Capability.Type.HIERARCHICAL_ROLE);
  }
}
