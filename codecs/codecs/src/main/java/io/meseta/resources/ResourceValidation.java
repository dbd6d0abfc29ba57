package io.meseta.resources;

import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.Resource.DiskInfo;
import io.meseta.schema.v1.Resource.ReservationInfo;
import io.meseta.schema.v1.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The validity of resources as they come from outside, in any of the three reservation formats.
 * Every check answers the reason, in upstream's words, or nothing.
 */
public final class ResourceValidation {
  private ResourceValidation() {}

  /** Checks one resource. */
  public static Optional<String> validate(Resource resource) {
    if (resource.getName().isEmpty()) {
      return Optional.of("Empty resource name");
    }
    return validateValue(resource)
        .or(() -> validateDisk(resource))
        .or(() -> ReservationValidation.validate(resource))
        .or(() -> validateShared(resource));
  }

  /** Checks each; the reason names the first offending resource. */
  public static Optional<String> validate(List<Resource> resources) {
    for (Resource resource : resources) {
      Optional<String> reason = validate(resource);
      if (reason.isPresent()) {
        return Optional.of(
            "Resource '" + ResourceText.print(resource) + "' is invalid: " + reason.get());
      }
    }
    return Optional.empty();
  }

  /**
   * What an operator may not configure on an agent: volumes, revocable resources, dynamic
   * reservations, two types under one name.
   */
  public static Optional<String> validateConfigured(List<Resource> resources) {
    Map<String, Value.Type> types = new HashMap<>();
    for (Resource resource : resources) {
      String what = "'" + ResourceText.print(resource) + "'";
      if (resource.getDisk().hasPersistence()) {
        return Optional.of("Persistent volumes cannot be specified at the command line: " + what);
      }
      if (resource.hasRevocable()) {
        return Optional.of("Revocable resources cannot be specified at the command line: " + what);
      }
      for (ReservationInfo reservation : resource.getReservationsList()) {
        if (reservation.getType() == ReservationInfo.Type.DYNAMIC) {
          return Optional.of(
              "Dynamic reservations cannot be specified at the command line: " + what);
        }
      }
      Value.Type known = types.putIfAbsent(resource.getName(), resource.getType());
      if (known != null && known != resource.getType()) {
        return Optional.of(
            "Resources with the same name ('"
                + resource.getName()
                + "') but different types are not allowed");
      }
    }
    return Optional.empty();
  }

  /** {@code gpus} come whole only. */
  public static Optional<String> validateGpus(List<Resource> resources) {
    for (Resource resource : resources) {
      if (resource.getName().equals("gpus")
          && Scalars.toMillis(resource.getScalar().getValue()) % 1000 != 0) {
        return Optional.of(
            "Invalid 'gpus' resource: The 'gpus' resource must be an unsigned integer");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> validateValue(Resource resource) {
    return switch (resource.getType()) {
      case SCALAR -> validateScalar(resource);
      case RANGES -> validateRanges(resource);
      case SET -> validateSet(resource);
      case TEXT -> Optional.of("Unsupported resource type");
    };
  }

  private static Optional<String> validateScalar(Resource resource) {
    if (!resource.hasScalar() || resource.hasRanges() || resource.hasSet()) {
      return Optional.of("Invalid scalar resource");
    }
    double value = resource.getScalar().getValue();
    if (value > Scalars.LARGEST && !Double.isInfinite(value)) {
      return Optional.of("Invalid scalar resource: value > " + Scalars.LARGEST);
    }
    // A value that is not zero but rounds to it is a mistake, not an empty resource.
    if (value != 0 && Scalars.toMillis(value) <= 0) {
      return Optional.of("Invalid scalar resource: value <= 0");
    }
    return Optional.empty();
  }

  private static Optional<String> validateRanges(Resource resource) {
    if (!resource.hasRanges() || resource.hasScalar() || resource.hasSet()) {
      return Optional.of("Invalid ranges resource");
    }
    for (Value.Range range : resource.getRanges().getRangeList()) {
      if (Long.compareUnsigned(range.getBegin(), range.getEnd()) > 0) {
        return Optional.of("Invalid ranges resource: begin > end");
      }
    }
    return Ranges.hasOverlap(resource.getRanges())
        ? Optional.of("Invalid ranges resource: overlapping ranges")
        : Optional.empty();
  }

  private static Optional<String> validateSet(Resource resource) {
    if (!resource.hasSet() || resource.hasScalar() || resource.hasRanges()) {
      return Optional.of("Invalid set resource");
    }
    List<String> items = resource.getSet().getItemList();
    if (new HashSet<>(items).size() != items.size()) {
      return Optional.of("Invalid set resource: duplicated elements");
    }
    return Optional.empty();
  }

  private static Optional<String> validateDisk(Resource resource) {
    if (!resource.hasDisk()) {
      return Optional.empty();
    }
    if (!resource.getName().equals("disk")) {
      return Optional.of("DiskInfo should not be set for " + resource.getName() + " resource");
    }
    if (!resource.getDisk().hasSource()) {
      return Optional.empty();
    }
    DiskInfo.Source source = resource.getDisk().getSource();
    return switch (source.getType()) {
      case PATH, MOUNT -> Optional.empty();
      case BLOCK, RAW -> {
        if (source.hasMount()) {
          yield Optional.of("Mount should not be set for " + source.getType() + " disk source");
        }
        if (source.hasPath()) {
          yield Optional.of("Path should not be set for " + source.getType() + " disk source");
        }
        yield Optional.empty();
      }
      case UNKNOWN ->
          Optional.of("Unsupported 'DiskInfo.Source.Type' in '" + ResourceText.print(source) + "'");
    };
  }

  private static Optional<String> validateShared(Resource resource) {
    if (!resource.hasShared()) {
      return Optional.empty();
    }
    if (!resource.getName().equals("disk")) {
      return Optional.of("Resource " + resource.getName() + " cannot be shared");
    }
    if (!resource.getDisk().hasPersistence()) {
      return Optional.of("Only persistent volumes can be shared");
    }
    return Optional.empty();
  }
}
