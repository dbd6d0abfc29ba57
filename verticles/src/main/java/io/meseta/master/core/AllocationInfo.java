package io.meseta.master.core;

import io.meseta.schema.v1.ExecutorInfo;
import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.TaskInfo;

/** Resources that say nothing of their allocation belong to the role of the offers. */
final class AllocationInfo {
  private AllocationInfo() {}

  static Offer.Operation fill(Offer.Operation operation, String role) {
    if (operation.getType() != Offer.Operation.Type.LAUNCH) {
      return operation;
    }
    Offer.Operation.Builder filled = operation.toBuilder();
    filled.getLaunchBuilder().getTaskInfosBuilderList().forEach(task -> fill(task, role));
    return filled.build();
  }

  private static void fill(TaskInfo.Builder task, String role) {
    task.getResourcesBuilderList().forEach(resource -> fill(resource, role));
    if (task.hasExecutor()) {
      ExecutorInfo.Builder executor = task.getExecutorBuilder();
      executor.getResourcesBuilderList().forEach(resource -> fill(resource, role));
    }
  }

  private static void fill(Resource.Builder resource, String role) {
    if (!resource.hasAllocationInfo()) {
      resource.getAllocationInfoBuilder().setRole(role);
    }
  }
}
