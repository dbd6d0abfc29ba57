package io.meseta.resources;

import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.Resource.DiskInfo;
import io.meseta.schema.v1.Value;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What makes two resources "the same thing": everything but the amount, the mount point of a volume
 * and the principal that created it. The hash is computed once.
 */
final class Identity {
  /** The names that nearly every resource has, so that their plain identities are shared. */
  private static final Map<String, Identity> PLAIN =
      Map.of(
          "cpus", plain("cpus", Value.Type.SCALAR),
          "mem", plain("mem", Value.Type.SCALAR),
          "disk", plain("disk", Value.Type.SCALAR),
          "gpus", plain("gpus", Value.Type.SCALAR),
          "ports", plain("ports", Value.Type.RANGES));

  private final String name;
  private final Value.Type type;
  private final @Nullable String allocationRole;
  private final ReservationStack stack;
  private final @Nullable DiskInfo disk;
  private final boolean revocable;
  private final boolean shared;
  private final @Nullable String provider;
  private final boolean indivisible;
  private final int hash;

  private Identity(
      String name,
      Value.Type type,
      @Nullable String allocationRole,
      ReservationStack stack,
      @Nullable DiskInfo disk,
      boolean revocable,
      boolean shared,
      @Nullable String provider) {
    this.name = name;
    this.type = type;
    this.allocationRole = allocationRole;
    this.stack = stack;
    this.disk = disk;
    this.revocable = revocable;
    this.shared = shared;
    this.provider = provider;
    this.indivisible = shared || isIndivisible(disk);
    this.hash = computeHash();
  }

  static Identity of(Resource message) {
    boolean plain =
        !message.hasAllocationInfo()
            && message.getReservationsCount() == 0
            && !message.hasDisk()
            && !message.hasRevocable()
            && !message.hasShared()
            && !message.hasProviderId();
    if (plain) {
      Identity known = PLAIN.get(message.getName());
      if (known != null && known.type == message.getType()) {
        return known;
      }
    }
    return new Identity(
        message.getName(),
        message.getType(),
        message.getAllocationInfo().hasRole() ? message.getAllocationInfo().getRole() : null,
        ReservationStack.of(message.getReservationsList()),
        message.hasDisk() ? identityOf(message.getDisk()) : null,
        message.hasRevocable(),
        message.hasShared(),
        message.hasProviderId() ? message.getProviderId().getValue() : null);
  }

  static Identity plain(String name, Value.Type type) {
    return new Identity(name, type, null, ReservationStack.NONE, null, false, false, null);
  }

  String name() {
    return name;
  }

  Value.Type type() {
    return type;
  }

  @Nullable String allocationRole() {
    return allocationRole;
  }

  ReservationStack stack() {
    return stack;
  }

  /** The identifying part of the disk information; null for anything but a special disk. */
  @Nullable DiskInfo disk() {
    return disk;
  }

  boolean isRevocable() {
    return revocable;
  }

  boolean isShared() {
    return shared;
  }

  @Nullable String provider() {
    return provider;
  }

  boolean isPersistent() {
    return disk != null && disk.hasPersistence();
  }

  /** Whether two of these never become one, and one never becomes two. */
  boolean isIndivisible() {
    return indivisible;
  }

  boolean isReservedTo(String role) {
    return !stack.isEmpty() && stack.role().equals(role);
  }

  /** Unreserved, reserved to the role, or to one of its ancestors. */
  boolean isAllocatableTo(String role) {
    return stack.isEmpty() || Roles.isAtOrBelow(role, stack.role());
  }

  Identity withAllocation(@Nullable String role) {
    return Objects.equals(role, allocationRole)
        ? this
        : new Identity(name, type, role, stack, disk, revocable, shared, provider);
  }

  Identity withStack(ReservationStack other) {
    return other.equals(stack)
        ? this
        : new Identity(name, type, allocationRole, other, disk, revocable, shared, provider);
  }

  private static boolean isIndivisible(@Nullable DiskInfo disk) {
    if (disk == null) {
      return false;
    }
    if (disk.hasPersistence()) {
      return true;
    }
    if (!disk.hasSource()) {
      return false;
    }
    return switch (disk.getSource().getType()) {
      case MOUNT, BLOCK -> true;
      case RAW -> disk.getSource().hasId();
      case PATH, UNKNOWN -> false;
    };
  }

  private static DiskInfo identityOf(DiskInfo disk) {
    DiskInfo.Builder identity = DiskInfo.newBuilder();
    if (disk.hasPersistence()) {
      identity.setPersistence(
          DiskInfo.Persistence.newBuilder().setId(disk.getPersistence().getId()));
    }
    if (disk.hasSource()) {
      DiskInfo.Source source = disk.getSource();
      identity.setSource(
          source.hasMetadata()
              ? source.toBuilder()
                  .setMetadata(ReservationStack.sorted(source.getMetadata()))
                  .build()
              : source);
    }
    return identity.build();
  }

  private int computeHash() {
    int result = name.hashCode();
    result = 31 * result + type.getNumber();
    result = 31 * result + Objects.hashCode(allocationRole);
    result = 31 * result + stack.hashCode();
    result = 31 * result + Objects.hashCode(provider);
    result = 31 * result + (revocable ? 1 : 0);
    result = 31 * result + (shared ? 2 : 0);
    if (disk != null) {
      result = 31 * result + disk.getPersistence().getId().hashCode();
      result = 31 * result + disk.getSource().getId().hashCode();
      result = 31 * result + disk.getSource().getType().getNumber();
      result = 31 * result + disk.getSource().getMount().getRoot().hashCode();
    }
    return result;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Identity that
            && hash == that.hash
            && name.equals(that.name)
            && type == that.type
            && revocable == that.revocable
            && shared == that.shared
            && Objects.equals(allocationRole, that.allocationRole)
            && Objects.equals(provider, that.provider)
            && stack.equals(that.stack)
            && Objects.equals(disk, that.disk));
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
