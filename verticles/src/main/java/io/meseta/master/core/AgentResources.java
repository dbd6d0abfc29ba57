package io.meseta.master.core;

import io.meseta.resources.ReservationFormat;
import io.meseta.resources.ResourceValidation;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.AgentInfo;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.Resource.ReservationInfo;
import java.util.List;
import java.util.Optional;

/**
 * What an agent has: what it was configured with, changed by what it has checkpointed.
 *
 * @param error why the two do not fit; then {@code resources} is empty
 */
record AgentResources(Resources resources, Optional<String> error) {
  static AgentResources total(AgentInfo info, List<Resource> checkpointed) {
    Optional<String> invalid =
        ResourceValidation.validate(info.getResourcesList())
            .or(() -> ResourceValidation.validate(checkpointed));
    if (invalid.isPresent()) {
      return failed(invalid.get());
    }
    Resources total = Resources.of(ReservationFormat.upgrade(info.getResourcesList()));
    for (Resource resource : ReservationFormat.upgrade(checkpointed)) {
      Resource plain = asConfigured(resource);
      if (!total.contains(plain)) {
        return failed(
            "Checkpointed resource "
                + Resources.of(resource)
                + " is not contained in the agent's "
                + total);
      }
      total = total.minus(plain).plus(resource);
    }
    return new AgentResources(total, Optional.empty());
  }

  private static AgentResources failed(String reason) {
    return new AgentResources(Resources.EMPTY, Optional.of(reason));
  }

  /** Without what operations have made of it: dynamic reservations, persistence, sharing. */
  private static Resource asConfigured(Resource resource) {
    Resource.Builder plain = resource.toBuilder().clearReservations().clearShared();
    resource.getReservationsList().stream()
        .filter(reservation -> reservation.getType() == ReservationInfo.Type.STATIC)
        .forEach(plain::addReservations);
    if (resource.getDisk().hasPersistence()) {
      if (resource.getDisk().hasSource()) {
        plain.getDiskBuilder().clearPersistence().clearVolume();
      } else {
        plain.clearDisk();
      }
    }
    return plain.build();
  }
}
