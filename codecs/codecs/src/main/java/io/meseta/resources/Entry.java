package io.meseta.resources;

import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.Resource.DiskInfo;
import io.meseta.schema.v1.ResourceProviderID;
import org.jspecify.annotations.Nullable;

/**
 * One object of a bag.
 *
 * @param disk the disk information as given, with mount point and principal, which do not identify
 * @param count how many consumers hold a shared object; 1 for all others
 */
record Entry(Identity identity, Amount amount, @Nullable DiskInfo disk, int count) {
  /** Reads a valid resource. */
  static Entry of(Resource message) {
    return new Entry(
        Identity.of(message), Amount.of(message), message.hasDisk() ? message.getDisk() : null, 1);
  }

  boolean isEmpty() {
    return amount.isEmpty();
  }

  /** Equal in identity and amount, whatever the count. */
  boolean isSame(Entry that) {
    return identity.equals(that.identity) && amount.equals(that.amount);
  }

  Entry withAmount(Amount other) {
    return new Entry(identity, other, disk, count);
  }

  Entry withCount(int other) {
    return new Entry(identity, amount, disk, other);
  }

  Entry withIdentity(Identity other) {
    return other.equals(identity) ? this : new Entry(other, amount, disk, count);
  }

  Entry withStack(ReservationStack stack) {
    return withIdentity(identity.withStack(stack));
  }

  /** Whether one entry holds all of another one. */
  boolean contains(Entry that) {
    if (!identity.equals(that.identity)) {
      return false;
    }
    return identity.isIndivisible()
        ? amount.equals(that.amount) && count >= that.count
        : amount.contains(that.amount);
  }

  Resource toProto() {
    Resource.Builder message = Resource.newBuilder().setName(identity.name());
    amount.writeTo(message);
    if (identity.allocationRole() != null) {
      message.setAllocationInfo(
          Resource.AllocationInfo.newBuilder().setRole(identity.allocationRole()));
    }
    message.addAllReservations(identity.stack().entries());
    if (disk != null) {
      message.setDisk(disk);
    }
    if (identity.isRevocable()) {
      message.setRevocable(Resource.RevocableInfo.getDefaultInstance());
    }
    if (identity.isShared()) {
      message.setShared(Resource.SharedInfo.getDefaultInstance());
    }
    if (identity.provider() != null) {
      message.setProviderId(ResourceProviderID.newBuilder().setValue(identity.provider()));
    }
    return message.build();
  }

  @Override
  public String toString() {
    String text = ResourceText.print(toProto());
    return identity.isShared() ? text + "<" + count + ">" : text;
  }
}
