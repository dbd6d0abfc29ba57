package io.meseta.master.core;

import static io.meseta.master.core.Checks.require;

import io.meseta.kernel.Ids;
import io.meseta.resources.ResourceValidation;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.Resource.DiskInfo;
import io.meseta.schema.v1.Resource.ReservationInfo;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** What the resources of a task or an executor must be like besides their syntax (V-20 to V-23). */
final class ResourceUse {
  private ResourceUse() {}

  /** Whole gpus, complete disks, and nothing reserved that may be taken back any time. */
  static Optional<String> valid(List<Resource> resources) {
    return Checks.first(
        () -> ResourceValidation.validateGpus(resources),
        () -> disks(resources).map(reason -> "Invalid DiskInfo: " + reason),
        () -> reservations(resources).map(reason -> "Invalid ReservationInfo: " + reason));
  }

  private static Optional<String> disks(List<Resource> resources) {
    return resources.stream()
        .filter(Resource::hasDisk)
        .map(ResourceUse::disk)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> disk(Resource resource) {
    DiskInfo disk = resource.getDisk();
    if (!disk.hasPersistence()) {
      return Checks.first(
          () -> require(!disk.hasVolume(), "Non-persistent volume not supported"),
          () -> require(disk.hasSource(), "DiskInfo is set but empty"));
    }
    return Checks.first(
        () ->
            require(
                !resource.hasRevocable(),
                "Persistent volumes cannot be created from revocable resources"),
        () ->
            require(
                resource.getReservationsCount() > 0,
                "Persistent volumes cannot be created from unreserved resources"),
        () -> require(disk.hasVolume(), "Expecting 'volume' to be set for persistent volume"),
        () ->
            require(
                !disk.getVolume().hasHostPath(),
                "Expecting 'host_path' to be unset for persistent volume"),
        () ->
            Ids.invalid(disk.getPersistence().getId())
                .map(reason -> "Invalid persistence ID for persistent volume: " + reason));
  }

  private static Optional<String> reservations(List<Resource> resources) {
    return resources.stream()
        .filter(Resource::hasRevocable)
        .filter(resource -> resource.getReservationsCount() > 0)
        .filter(
            resource ->
                resource.getReservations(resource.getReservationsCount() - 1).getType()
                    == ReservationInfo.Type.DYNAMIC)
        .findFirst()
        .map(
            resource ->
                "Dynamically reserved resource "
                    + Resources.of(resource)
                    + " cannot be created from revocable resources");
  }

  static Optional<String> uniquePersistenceIds(List<Resource> resources) {
    Set<List<String>> seen = new HashSet<>();
    for (Resource resource : resources) {
      if (resource.getDisk().hasPersistence() && resource.getReservationsCount() > 0) {
        String role = resource.getReservations(resource.getReservationsCount() - 1).getRole();
        String id = resource.getDisk().getPersistence().getId();
        if (!seen.add(List.of(role, id))) {
          return Optional.of("Persistence ID '" + id + "' of role '" + role + "' is not unique");
        }
      }
    }
    return Optional.empty();
  }

  /** All are allocated to one role; the offers' role is filled in by now. */
  static Optional<String> singleRole(List<Resource> resources) {
    SortedSet<String> roles = new TreeSet<>();
    resources.forEach(resource -> roles.add(resource.getAllocationInfo().getRole()));
    return require(
        roles.size() <= 1,
        "The resources have multiple allocation roles ('"
            + String.join("' and '", roles)
            + "') but only one allocation role is allowed");
  }

  static Optional<String> notMixed(List<Resource> resources) {
    Map<String, Boolean> revocable = new HashMap<>();
    for (Resource resource : resources) {
      Boolean before = revocable.putIfAbsent(resource.getName(), resource.hasRevocable());
      if (before != null && before != resource.hasRevocable()) {
        return Optional.of(
            "Cannot use both revocable and non-revocable '"
                + resource.getName()
                + "' at the same time");
      }
    }
    return Optional.empty();
  }

  /** No port and no item is used twice: then the whole has as much as its parts. */
  static Optional<String> disjoint(Resources task, Resources executor) {
    Resources whole = task.plus(executor);
    return require(
        whole.quantities().equals(task.quantities().plus(executor.quantities())),
        "The resources of the task and its executor overlap");
  }
}
