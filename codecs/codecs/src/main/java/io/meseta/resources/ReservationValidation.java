package io.meseta.resources;

import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.Resource.ReservationInfo;
import java.util.List;
import java.util.Optional;

/** The validity of the reservation fields of one resource, old form, new form and both at once. */
final class ReservationValidation {
  private ReservationValidation() {}

  static Optional<String> validate(Resource resource) {
    List<ReservationInfo> stack = resource.getReservationsList();
    if (stack.isEmpty()) {
      return validateOldForm(resource);
    }
    return validateStack(stack).or(() -> validateBothForms(resource, stack));
  }

  private static Optional<String> validateOldForm(Resource resource) {
    Optional<String> role = Roles.validate(OldForm.role(resource));
    if (role.isPresent() || !resource.hasReservation()) {
      return role;
    }
    if (resource.getReservation().hasType()) {
      return Optional.of(
          "'Resource.ReservationInfo.type' must not be set for the 'Resource.reservation' field");
    }
    if (resource.getReservation().hasRole()) {
      return Optional.of(
          "'Resource.ReservationInfo.role' must not be set for the 'Resource.reservation' field");
    }
    if (OldForm.role(resource).equals(Roles.UNRESERVED)) {
      return Optional.of("Invalid reservation: role \"*\" cannot be dynamically reserved");
    }
    return Optional.empty();
  }

  static Optional<String> validateStack(List<ReservationInfo> stack) {
    for (ReservationInfo entry : stack) {
      if (!entry.hasType()) {
        return Optional.of(
            "Invalid reservation: 'Resource.ReservationInfo.type' field must be set.");
      }
      if (!entry.hasRole()) {
        return Optional.of(
            "Invalid reservation: 'Resource.ReservationInfo.role' field must be set.");
      }
      Optional<String> role = Roles.validate(entry.getRole());
      if (role.isPresent()) {
        return role;
      }
      if (entry.getRole().equals(Roles.UNRESERVED)) {
        return Optional.of("Invalid reservation: role \"*\" cannot be reserved");
      }
      if (entry.getType() == ReservationInfo.Type.UNKNOWN) {
        return Optional.of("Unsupported 'Resource.ReservationInfo.Type'");
      }
    }
    for (int i = 1; i < stack.size(); i++) {
      if (stack.get(i).getType() == ReservationInfo.Type.STATIC) {
        return Optional.of("Invalid refined reservation: A refined reservation cannot be STATIC");
      }
      String role = stack.get(i).getRole();
      String parent = stack.get(i - 1).getRole();
      if (!Roles.isBelow(role, parent)) {
        return Optional.of(
            "Invalid refined reservation: role '"
                + role
                + "' is not a refinement of '"
                + parent
                + "'");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> validateBothForms(
      Resource resource, List<ReservationInfo> stack) {
    if (stack.size() > 1) {
      if (OldForm.isUsed(resource)) {
        String field = OldForm.hasRole(resource) ? "role" : "reservation";
        return invalidFormat(
            "'Resource."
                + field
                + "' must not be set if there is more than one reservation in"
                + " 'Resource.reservations'");
      }
      return Optional.empty();
    }
    ReservationInfo entry = stack.getFirst();
    if (OldForm.hasRole(resource) && !OldForm.role(resource).equals(entry.getRole())) {
      return invalidFormat(mismatch("role", "role", OldForm.role(resource), entry.getRole()));
    }
    if (entry.getType() == ReservationInfo.Type.STATIC) {
      return resource.hasReservation()
          ? invalidFormat(
              "'Resource.reservation' must not be set if the single reservation in"
                  + " 'Resource.reservations' is STATIC")
          : Optional.empty();
    }
    if (OldForm.hasRole(resource) != resource.hasReservation()) {
      return invalidFormat(
          "'Resource.role' and 'Resource.reservation' must either be both set or both not set if"
              + " the single reservation in 'Resource.reservations' is DYNAMIC");
    }
    return resource.hasReservation()
        ? validateSame(resource.getReservation(), entry)
        : Optional.empty();
  }

  private static Optional<String> validateSame(ReservationInfo old, ReservationInfo entry) {
    if (old.hasPrincipal() != entry.hasPrincipal()
        || !old.getPrincipal().equals(entry.getPrincipal())) {
      return invalidFormat(
          mismatch("reservation.principal", "principal", old.getPrincipal(), entry.getPrincipal()));
    }
    if (old.hasLabels() != entry.hasLabels()
        || !ReservationStack.sorted(old.getLabels())
            .equals(ReservationStack.sorted(entry.getLabels()))) {
      return invalidFormat(
          "'Resource.reservation.labels' field does not match the labels in"
              + " 'Resource.reservations'");
    }
    return Optional.empty();
  }

  private static String mismatch(String field, String what, String old, String current) {
    return "'Resource."
        + field
        + "' field with '"
        + old
        + "' does not match the "
        + what
        + " '"
        + current
        + "' in 'Resource.reservations'";
  }

  private static Optional<String> invalidFormat(String reason) {
    return Optional.of("Invalid resource format: " + reason);
  }
}
