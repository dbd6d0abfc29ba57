package io.meseta.resources;

import io.meseta.schema.v1.Label;
import io.meseta.schema.v1.Labels;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.Resource.DiskInfo;
import io.meseta.schema.v1.Resource.ReservationInfo;
import io.meseta.schema.v1.Value;
import io.meseta.schema.v1.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The text form of resources: read as operators write it ({@code cpus:2;mem(role1):512}), printed
 * in upstream's notation, which users know from its error messages.
 */
public final class ResourceText {
  private ResourceText() {}

  /**
   * Reads {@code name[(role)]:value} joined by {@code ;} without checking validity. A role other
   * than {@code *} becomes a static reservation.
   *
   * @param defaultRole the role of entries that name none
   * @throws IllegalArgumentException with the reason
   */
  static List<Resource> parse(String text, String defaultRole) {
    List<Resource> resources = new ArrayList<>();
    for (String token : ValueText.tokens(text)) {
      resources.add(parseOne(token, defaultRole));
    }
    return resources;
  }

  private static Resource parseOne(String token, String defaultRole) {
    List<String> parts = ValueText.split(token, ':');
    if (parts.size() != 2) {
      throw new IllegalArgumentException(
          "Bad value for resources, missing or extra ':' in '" + token + "'");
    }
    String name = parts.get(0).strip();
    String role = defaultRole;
    int open = name.indexOf('(');
    int close = name.indexOf(')');
    if (open >= 0 || close >= 0) {
      if (open < 0 || close != name.length() - 1 || name.indexOf('(', open + 1) >= 0) {
        throw new IllegalArgumentException(
            "Bad value for resources, mismatched parentheses in '" + token + "'");
      }
      role = name.substring(open + 1, close).strip();
      name = name.substring(0, open).strip();
    }
    Resource.Builder resource = Resource.newBuilder().setName(name);
    Value value;
    try {
      value = ValueText.parse(parts.get(1));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Failed to parse resource '" + token + "': " + e.getMessage(), e);
    }
    resource.setType(value.getType());
    switch (value.getType()) {
      case SCALAR -> resource.setScalar(value.getScalar());
      case RANGES -> resource.setRanges(value.getRanges());
      case SET -> resource.setSet(value.getSet());
      case TEXT ->
          throw new IllegalArgumentException(
              "Bad type for resource '"
                  + token
                  + "': '"
                  + value.getText().getValue()
                  + "' is no number, ranges or set");
    }
    if (!role.equals(Roles.UNRESERVED)) {
      resource.addReservations(
          ReservationInfo.newBuilder().setType(ReservationInfo.Type.STATIC).setRole(role));
    }
    return resource.build();
  }

  /** Prints one resource, valid or not, for example {@code disk(reservations: [(STATIC,a)]):1}. */
  public static String print(Resource resource) {
    StringBuilder text = new StringBuilder(resource.getName());
    if (resource.hasAllocationInfo()) {
      text.append("(allocated: ").append(resource.getAllocationInfo().getRole()).append(')');
    }
    if (resource.getReservationsCount() > 0) {
      text.append("(reservations: [")
          .append(
              resource.getReservationsList().stream()
                  .map(ResourceText::print)
                  .collect(Collectors.joining(",")))
          .append("])");
    }
    if (resource.hasDisk()) {
      text.append('[').append(print(resource.getDisk())).append(']');
    }
    if (resource.hasRevocable()) {
      text.append("{REV}");
    }
    if (resource.hasShared()) {
      text.append("<SHARED>");
    }
    text.append(':');
    switch (resource.getType()) {
      case SCALAR -> text.append(Scalars.format(Scalars.toMillis(resource.getScalar().getValue())));
      case RANGES -> text.append(ValueText.printRaw(resource.getRanges()));
      case SET -> text.append(ValueText.print(resource.getSet()));
      case TEXT -> text.append("<TEXT>");
    }
    return text.toString();
  }

  /** Prints many, joined by {@code ; }; none as {@code {}}. */
  public static String print(List<Resource> resources) {
    return resources.isEmpty()
        ? "{}"
        : resources.stream().map(ResourceText::print).collect(Collectors.joining("; "));
  }

  private static String print(ReservationInfo reservation) {
    StringBuilder text =
        new StringBuilder("(")
            .append(reservation.getType())
            .append(',')
            .append(reservation.getRole());
    if (reservation.hasPrincipal()) {
      text.append(',').append(reservation.getPrincipal());
    }
    if (reservation.hasLabels()) {
      text.append(',').append(print(reservation.getLabels()));
    }
    return text.append(')').toString();
  }

  private static String print(Labels labels) {
    return labels.getLabelsList().stream()
        .map((Label label) -> label.getKey() + (label.hasValue() ? ": " + label.getValue() : ""))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String print(DiskInfo disk) {
    StringBuilder text = new StringBuilder();
    if (disk.hasSource()) {
      text.append(print(disk.getSource()));
    }
    if (disk.hasPersistence()) {
      text.append(text.isEmpty() ? "" : ",").append(disk.getPersistence().getId());
    }
    if (disk.hasVolume()) {
      text.append(':').append(print(disk.getVolume()));
    }
    return text.toString();
  }

  static String print(DiskInfo.Source source) {
    String type = source.getType().name();
    if (source.hasId() || source.hasProfile()) {
      return type
          + "("
          + source.getVendor()
          + ","
          + source.getId()
          + ","
          + source.getProfile()
          + ")";
    }
    String root =
        switch (source.getType()) {
          case MOUNT -> source.getMount().getRoot();
          case PATH -> source.getPath().getRoot();
          case BLOCK, RAW, UNKNOWN -> "";
        };
    return root.isEmpty() ? type : type + ":" + root;
  }

  private static String print(Volume volume) {
    if (!volume.hasHostPath()) {
      return volume.getContainerPath();
    }
    return volume.getHostPath()
        + ":"
        + volume.getContainerPath()
        + (volume.getMode() == Volume.Mode.RO ? ":ro" : ":rw");
  }
}
