package io.meseta.resources;

import io.meseta.schema.v1.ExecutorInfo;
import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.TaskInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The first look at an offer operation from the wire: whether its body is there and its resources
 * are valid. Validity comes before upgrading, since a contradiction between old and new form is
 * lost by it.
 */
public sealed interface OperationSyntax {
  /** The operation with all its resources in post-refinement form. */
  record Valid(Offer.Operation operation) implements OperationSyntax {}

  /** What is wrong, in upstream's words. */
  record Invalid(String reason) implements OperationSyntax {}

  static OperationSyntax check(Offer.Operation operation) {
    if (operation.getType() == Offer.Operation.Type.UNKNOWN) {
      return new Invalid("Unknown operation");
    }
    if (!hasBody(operation)) {
      return new Invalid(missing(operation.getType()));
    }
    for (List<Resource> resources : resourceLists(operation)) {
      Optional<String> reason = ResourceValidation.validate(resources);
      if (reason.isPresent()) {
        return new Invalid(reason.get());
      }
    }
    return new Valid(ReservationFormat.upgrade(operation));
  }

  private static boolean hasBody(Offer.Operation operation) {
    return switch (operation.getType()) {
      case UNKNOWN -> false;
      case LAUNCH -> operation.hasLaunch();
      case LAUNCH_GROUP -> operation.hasLaunchGroup();
      case RESERVE -> operation.hasReserve();
      case UNRESERVE -> operation.hasUnreserve();
      case CREATE -> operation.hasCreate();
      case DESTROY -> operation.hasDestroy();
      case GROW_VOLUME -> operation.hasGrowVolume();
      case SHRINK_VOLUME -> operation.hasShrinkVolume();
      case CREATE_DISK -> operation.hasCreateDisk();
      case DESTROY_DISK -> operation.hasDestroyDisk();
      case CREATE_VOLUME -> operation.hasCreateVolume();
      case DESTROY_VOLUME -> operation.hasDestroyVolume();
      case CREATE_BLOCK -> operation.hasCreateBlock();
      case DESTROY_BLOCK -> operation.hasDestroyBlock();
    };
  }

  /** Users search for these texts, so upstream's small inconsistencies are kept. */
  private static String missing(Offer.Operation.Type type) {
    String field = "the Offer.Operation." + type.name().toLowerCase(Locale.ROOT) + " field set";
    return switch (type) {
      case UNRESERVE -> "An UNRESERVE offer operation must have " + field + ".";
      case GROW_VOLUME -> "A GROW_VOLUME operation must have " + field;
      case SHRINK_VOLUME -> "A SHRINK_VOLUME offer operation must have " + field;
      case UNKNOWN,
          LAUNCH,
          LAUNCH_GROUP,
          RESERVE,
          CREATE,
          DESTROY,
          CREATE_DISK,
          DESTROY_DISK,
          CREATE_VOLUME,
          DESTROY_VOLUME,
          CREATE_BLOCK,
          DESTROY_BLOCK ->
          "A " + type + " offer operation must have " + field + ".";
    };
  }

  private static List<List<Resource>> resourceLists(Offer.Operation operation) {
    return switch (operation.getType()) {
      case LAUNCH -> ofTasks(operation.getLaunch().getTaskInfosList());
      case LAUNCH_GROUP -> {
        List<List<Resource>> lists = new ArrayList<>();
        lists.add(operation.getLaunchGroup().getExecutor().getResourcesList());
        lists.addAll(ofTasks(operation.getLaunchGroup().getTaskGroup().getTasksList()));
        yield lists;
      }
      case UNKNOWN,
          RESERVE,
          UNRESERVE,
          CREATE,
          DESTROY,
          GROW_VOLUME,
          SHRINK_VOLUME,
          CREATE_DISK,
          DESTROY_DISK,
          CREATE_VOLUME,
          DESTROY_VOLUME,
          CREATE_BLOCK,
          DESTROY_BLOCK ->
          List.of(OperationTarget.resources(operation));
    };
  }

  private static List<List<Resource>> ofTasks(List<TaskInfo> tasks) {
    List<List<Resource>> lists = new ArrayList<>();
    for (TaskInfo task : tasks) {
      lists.add(task.getResourcesList());
      ExecutorInfo executor = task.getExecutor();
      lists.add(executor.getResourcesList());
    }
    return lists;
  }
}
