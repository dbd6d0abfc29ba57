package io.meseta.master.core;

import io.meseta.kernel.Ids;
import io.meseta.resources.Roles;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.FrameworkInfo.Capability;
import io.meseta.schema.v1.OfferFilters;
import io.meseta.schema.v1.Value;
import io.meseta.schema.v1.scheduler.OfferConstraints;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a framework may say of itself (C-11, V-1 to V-8); the first failure counts, in upstream's
 * order and words.
 */
final class FrameworkValidation {
  private FrameworkValidation() {}

  /** Checks that need nothing but the info. */
  static Optional<String> info(FrameworkInfo info) {
    return roles(info)
        .or(() -> id(info))
        .or(() -> offerFilters(info))
        .or(() -> FailoverTimeout.invalid(info));
  }

  /** The rest of what SUBSCRIBE and UPDATE_FRAMEWORK refuse. */
  static Optional<String> subscription(
      FrameworkInfo info,
      List<String> suppressed,
      OfferConstraints constraints,
      MasterOptions options) {
    Set<String> roles = FrameworkBook.rolesOf(info);
    return whitelist(roles, options)
        .or(() -> root(info, options))
        .or(() -> suppressedRoles(roles, suppressed))
        .or(() -> constraints(constraints));
  }

  @SuppressWarnings("deprecation") // the field of frameworks without MULTI_ROLE
  private static Optional<String> roles(FrameworkInfo info) {
    boolean multiRole =
        info.getCapabilitiesList().stream()
            .anyMatch(c -> c.getType() == Capability.Type.MULTI_ROLE);
    if (!multiRole) {
      if (info.getRolesCount() > 0) {
        return Optional.of(
            "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable");
      }
      return Roles.validate(info.getRole())
          .map(reason -> "'FrameworkInfo.role' is not a valid role: " + reason);
    }
    if (info.hasRole()) {
      return Optional.of(
          "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable");
    }
    Set<String> seen = new LinkedHashSet<>();
    Set<String> twice = new TreeSet<>();
    for (String role : info.getRolesList()) {
      if (!seen.add(role)) {
        twice.add(role);
      }
    }
    if (!twice.isEmpty()) {
      return Optional.of("'FrameworkInfo.roles' contains duplicate items: " + braces(twice));
    }
    return seen.stream()
        .map(Roles::validate)
        .flatMap(Optional::stream)
        .findFirst()
        .map(reason -> "'FrameworkInfo.roles' contains invalid role: " + reason);
  }

  /** An empty id asks for a new one. */
  private static Optional<String> id(FrameworkInfo info) {
    String id = info.getId().getValue();
    return id.isEmpty() ? Optional.empty() : Ids.invalid(id);
  }

  private static Optional<String> offerFilters(FrameworkInfo info) {
    return info.getOfferFiltersMap().values().stream()
        .map(FrameworkValidation::offerFilters)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> offerFilters(OfferFilters filters) {
    for (OfferFilters.ResourceQuantities quantities :
        filters.getMinAllocatableResources().getQuantitiesList()) {
      if (quantities.getQuantitiesCount() == 0) {
        return Optional.of("Resource quantities must contain at least one quantity");
      }
      for (Map.Entry<String, Value.Scalar> quantity : quantities.getQuantitiesMap().entrySet()) {
        Optional<String> reason = quantity(quantity.getValue().getValue());
        if (reason.isPresent()) {
          return Optional.of(
              "Invalid resource quantity for '" + quantity.getKey() + "': " + reason.get());
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> quantity(double value) {
    if (Double.isNaN(value)) {
      return Optional.of("NaN not supported");
    }
    if (Double.isInfinite(value)) {
      return Optional.of("Infinite values not supported");
    }
    if (value != 0 && Math.abs(value) < Double.MIN_NORMAL) {
      return Optional.of("Subnormal values not supported");
    }
    return value < 0 ? Optional.of("Negative values not supported") : Optional.empty();
  }

  private static Optional<String> whitelist(Set<String> roles, MasterOptions options) {
    if (options.roles().isEmpty()) {
      return Optional.empty();
    }
    List<String> missing =
        roles.stream()
            .filter(role -> !role.equals(Roles.UNRESERVED) && !options.roles().get().contains(role))
            .toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of("Roles " + braces(missing) + " are not present in master's --roles");
  }

  private static Optional<String> root(FrameworkInfo info, MasterOptions options) {
    return info.getUser().equals("root") && !options.rootSubmissions()
        ? Optional.of("User 'root' is not allowed to run frameworks without --root_submissions set")
        : Optional.empty();
  }

  private static Optional<String> suppressedRoles(Set<String> roles, List<String> suppressed) {
    Set<String> foreign = new TreeSet<>(suppressed);
    foreign.removeAll(roles);
    return foreign.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Suppressed roles " + braces(foreign) + " are not contained in the set of roles");
  }

  /** Constraints that would not be kept must not be accepted. */
  private static Optional<String> constraints(OfferConstraints constraints) {
    return constraints.getRoleConstraintsCount() == 0
        ? Optional.empty()
        : Optional.of(
            "Offer constraints are not valid: this master does not support offer constraints;"
                + " subscribe without 'offer_constraints' and decline what does not fit");
  }

  /** The list form of upstream's messages. */
  static String braces(Collection<String> items) {
    return "{ " + String.join(", ", items) + " }";
  }
}
