package io.meseta.resources;

import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.ResourceProviderID;
import java.util.ArrayList;
import java.util.List;

/** Who carries out an offer operation: the owner of its resources. */
public sealed interface OperationTarget {
  /** The agent's own resources. */
  record Agent() implements OperationTarget {}

  record Provider(ResourceProviderID id) implements OperationTarget {}

  /** Resources of several owners, none at all, or an operation without resources. */
  record Invalid(String reason) implements OperationTarget {}

  /** Finds the owner of all resources that the body of an operation names. */
  static OperationTarget of(Offer.Operation operation) {
    List<Resource> resources = resources(operation);
    if (resources.isEmpty()) {
      return new Invalid("Operation contains no resources");
    }
    ResourceProviderID first = resources.getFirst().getProviderId();
    boolean provided = resources.getFirst().hasProviderId();
    for (Resource resource : resources) {
      if (resource.hasProviderId() != provided || !resource.getProviderId().equals(first)) {
        return new Invalid("Resources are from multiple resource providers");
      }
    }
    return provided ? new Provider(first) : new Agent();
  }

  /**
   * Whether the outcome of this type is known beforehand, so that the master applies it at once.
   */
  static boolean isSpeculative(Offer.Operation.Type type) {
    return switch (type) {
      case RESERVE, UNRESERVE, CREATE, DESTROY, GROW_VOLUME, SHRINK_VOLUME -> true;
      case UNKNOWN,
          LAUNCH,
          LAUNCH_GROUP,
          CREATE_DISK,
          DESTROY_DISK,
          CREATE_VOLUME,
          DESTROY_VOLUME,
          CREATE_BLOCK,
          DESTROY_BLOCK ->
          false;
    };
  }

  /** The resources that the body of an operation names; none for launches. */
  static List<Resource> resources(Offer.Operation operation) {
    return switch (operation.getType()) {
      case RESERVE -> {
        List<Resource> all = new ArrayList<>(operation.getReserve().getSourceList());
        all.addAll(operation.getReserve().getResourcesList());
        yield all;
      }
      case UNRESERVE -> operation.getUnreserve().getResourcesList();
      case CREATE -> operation.getCreate().getVolumesList();
      case DESTROY -> operation.getDestroy().getVolumesList();
      case GROW_VOLUME ->
          operation.hasGrowVolume()
              ? List.of(
                  operation.getGrowVolume().getVolume(), operation.getGrowVolume().getAddition())
              : List.of();
      case SHRINK_VOLUME ->
          operation.hasShrinkVolume()
              ? List.of(operation.getShrinkVolume().getVolume())
              : List.of();
      case CREATE_DISK ->
          operation.hasCreateDisk() ? List.of(operation.getCreateDisk().getSource()) : List.of();
      case DESTROY_DISK ->
          operation.hasDestroyDisk() ? List.of(operation.getDestroyDisk().getSource()) : List.of();
      case CREATE_VOLUME ->
          operation.hasCreateVolume()
              ? List.of(operation.getCreateVolume().getSource())
              : List.of();
      case DESTROY_VOLUME ->
          operation.hasDestroyVolume()
              ? List.of(operation.getDestroyVolume().getVolume())
              : List.of();
      case CREATE_BLOCK ->
          operation.hasCreateBlock() ? List.of(operation.getCreateBlock().getSource()) : List.of();
      case DESTROY_BLOCK ->
          operation.hasDestroyBlock() ? List.of(operation.getDestroyBlock().getBlock()) : List.of();
      case UNKNOWN, LAUNCH, LAUNCH_GROUP -> List.of();
    };
  }
}
