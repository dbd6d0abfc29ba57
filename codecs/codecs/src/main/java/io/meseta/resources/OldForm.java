package io.meseta.resources;

import io.meseta.schema.v1.Resource;

/**
 * Access to {@code Resource.role}, deprecated since reservations form a stack but still written by
 * old clients and read by old tools.
 */
@SuppressWarnings("deprecation") // the one place that must touch the deprecated field
final class OldForm {
  private OldForm() {}

  static boolean hasRole(Resource resource) {
    return resource.hasRole();
  }

  /** The role, {@code *} if unset. */
  static String role(Resource resource) {
    return resource.getRole();
  }

  static Resource.Builder withRole(Resource.Builder resource, String role) {
    return resource.setRole(role);
  }

  /** Whether a field of the old form is set. */
  static boolean isUsed(Resource resource) {
    return resource.hasRole() || resource.hasReservation();
  }

  static Resource.Builder clear(Resource.Builder resource) {
    return resource.clearRole().clearReservation();
  }
}
