package io.meseta.resources;

import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.Resource.DiskInfo;
import io.meseta.schema.v1.Value;
import java.util.ArrayList;
import java.util.List;

/** What an offer operation does to resources, as conversions. */
public sealed interface OperationConversions {
  /** Steps to apply in order. */
  record Known(List<ResourceConversion> steps) implements OperationConversions {}

  /** The operation does not convert resources, or not in a way known beforehand. */
  record Refused(String reason) implements OperationConversions {}

  /**
   * The conversions of an operation whose resources are in post-refinement form.
   *
   * <p>Launches convert nothing, and what a disk becomes is known only once its provider has
   * answered; both are refused, as is a resource that is invalid.
   */
  static OperationConversions of(Offer.Operation operation) {
    try {
      return switch (operation.getType()) {
        case RESERVE -> reserve(operation.getReserve());
        case UNRESERVE -> unreserve(operation.getUnreserve());
        case CREATE -> create(operation.getCreate());
        case DESTROY -> destroy(operation.getDestroy());
        case GROW_VOLUME -> grow(operation.getGrowVolume());
        case SHRINK_VOLUME -> shrink(operation.getShrinkVolume());
        case UNKNOWN -> new Refused("Unknown operation");
        case LAUNCH,
            LAUNCH_GROUP,
            CREATE_DISK,
            DESTROY_DISK,
            CREATE_VOLUME,
            DESTROY_VOLUME,
            CREATE_BLOCK,
            DESTROY_BLOCK ->
            new Refused("Operation not supported");
      };
    } catch (IllegalArgumentException e) {
      return new Refused(e.getMessage() == null ? "invalid resource" : e.getMessage());
    }
  }

  private static OperationConversions reserve(Offer.Operation.Reserve reserve) {
    Resources reserved = Resources.of(reserve.getResourcesList());
    Resources consumed =
        reserve.getSourceCount() > 0
            ? Resources.of(reserve.getSourceList())
            : reserved.popReservation();
    if (!consumed.toUnreserved().equals(reserved.toUnreserved())) {
      return new Refused(
          "'source' "
              + consumed
              + " and 'resources' "
              + reserved
              + " differ in more than"
              + " reservations");
    }
    return new Known(List.of(new ResourceConversion(consumed, reserved)));
  }

  private static OperationConversions unreserve(Offer.Operation.Unreserve unreserve) {
    List<ResourceConversion> steps = new ArrayList<>();
    for (Resource each : unreserve.getResourcesList()) {
      Resources reserved = Resources.of(List.of(each));
      steps.add(new ResourceConversion(reserved, reserved.popReservation()));
    }
    return new Known(steps);
  }

  private static OperationConversions create(Offer.Operation.Create create) {
    List<ResourceConversion> steps = new ArrayList<>();
    for (Resource volume : create.getVolumesList()) {
      steps.add(
          new ResourceConversion(Resources.of(volumeless(volume)), Resources.of(List.of(volume))));
    }
    return new Known(steps);
  }

  private static OperationConversions destroy(Offer.Operation.Destroy destroy) {
    List<ResourceConversion> steps = new ArrayList<>();
    for (Resource volume : destroy.getVolumesList()) {
      Resources whole = Resources.of(List.of(volume));
      steps.add(new ResourceConversion(whole, Resources.of(volumeless(volume)), whole));
    }
    return new Known(steps);
  }

  private static OperationConversions grow(Offer.Operation.GrowVolume grow) {
    Resource volume = grow.getVolume();
    if (volume.hasProviderId()) {
      return new Refused("Operation not supported for resource provider");
    }
    Resources consumed = Resources.of(List.of(volume, grow.getAddition()));
    long size =
        Scalars.add(
            Scalars.toMillis(volume.getScalar().getValue()),
            Scalars.toMillis(grow.getAddition().getScalar().getValue()));
    return new Known(
        List.of(new ResourceConversion(consumed, Resources.of(List.of(sized(volume, size))))));
  }

  private static OperationConversions shrink(Offer.Operation.ShrinkVolume shrink) {
    Resource volume = shrink.getVolume();
    if (volume.hasProviderId()) {
      return new Refused("Operation not supported for resource provider");
    }
    long freed = Scalars.toMillis(shrink.getSubtract().getValue());
    long rest = Scalars.toMillis(volume.getScalar().getValue()) - freed;
    if (freed <= 0 || rest <= 0) {
      return new Refused(
          "Cannot take "
              + Scalars.format(freed)
              + " from "
              + ResourceText.print(volume)
              + ": both parts must stay positive");
    }
    Resources converted =
        Resources.of(List.of(sized(volume, rest)))
            .plus(Resources.of(volumeless(sized(volume, freed))));
    return new Known(List.of(new ResourceConversion(Resources.of(List.of(volume)), converted)));
  }

  /** The disk space that a volume is made of. */
  private static List<Resource> volumeless(Resource volume) {
    Resource.Builder plain = volume.toBuilder().clearShared();
    if (volume.getDisk().hasSource()) {
      plain.setDisk(DiskInfo.newBuilder().setSource(volume.getDisk().getSource()));
    } else {
      plain.clearDisk();
    }
    return List.of(plain.build());
  }

  private static Resource sized(Resource volume, long millis) {
    return volume.toBuilder()
        .setScalar(Value.Scalar.newBuilder().setValue(Scalars.toDouble(millis)))
        .build();
  }
}
