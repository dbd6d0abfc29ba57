package io.meseta.resources;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.Resource.ReservationInfo;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The three wire forms of a reservation, and the walk that converts all resources inside a message.
 *
 * <ul>
 *   <li>post-refinement: the stack {@code reservations}; the only form inside Meseta;
 *   <li>pre-refinement: {@code role} and {@code reservation}, for peers without the capability
 *       RESERVATION_REFINEMENT; cannot express a refined reservation;
 *   <li>endpoint: both at once, so that old and new readers of HTTP endpoints agree.
 * </ul>
 *
 * <p>Resources are expected to be valid. Thread-safe.
 */
public final class ReservationFormat {
  private static final String REFINED =
      "Cannot downgrade resources containing refined reservations";

  private static final Map<String, Boolean> CARRIES = new ConcurrentHashMap<>();

  private ReservationFormat() {}

  /**
   * A message in pre-refinement form as far as possible.
   *
   * @param error set if some resources are refined; these stay in post-refinement form
   */
  public record Downgraded<M extends Message>(M message, Optional<String> error) {}

  /** To post-refinement form, from any form; repeating it changes nothing. */
  public static Resource upgrade(Resource resource) {
    if (!OldForm.isUsed(resource)) {
      return resource;
    }
    Resource.Builder upgraded = OldForm.clear(resource.toBuilder());
    String role = OldForm.role(resource);
    if (resource.getReservationsCount() == 0 && !role.equals(Roles.UNRESERVED)) {
      ReservationInfo.Builder entry = ReservationInfo.newBuilder().setRole(role);
      if (resource.hasReservation()) {
        entry.setType(ReservationInfo.Type.DYNAMIC);
        if (resource.getReservation().hasPrincipal()) {
          entry.setPrincipal(resource.getReservation().getPrincipal());
        }
        if (resource.getReservation().hasLabels()) {
          entry.setLabels(resource.getReservation().getLabels());
        }
      } else {
        entry.setType(ReservationInfo.Type.STATIC);
      }
      upgraded.addReservations(entry);
    }
    return upgraded.build();
  }

  /**
   * Upgrades every resource anywhere in a message; the same instance if there was nothing to do.
   */
  public static <M extends Message> M upgrade(M message) {
    return walk(message, ReservationFormat::upgrade);
  }

  public static List<Resource> upgrade(List<Resource> resources) {
    return resources.stream().map(each -> upgrade(each)).toList();
  }

  /** To pre-refinement form; empty if the reservation is refined. */
  public static Optional<Resource> downgrade(Resource resource) {
    if (resource.getReservationsCount() > 1) {
      return Optional.empty();
    }
    return Optional.of(withOldForm(resource).clearReservations().build());
  }

  /** Downgrades every resource anywhere in a message. */
  public static <M extends Message> Downgraded<M> downgrade(M message) {
    boolean[] refined = new boolean[1];
    M downgraded =
        walk(
            message,
            resource -> {
              Optional<Resource> old = downgrade(resource);
              refined[0] |= old.isEmpty();
              return old.orElse(resource);
            });
    return new Downgraded<>(downgraded, refined[0] ? Optional.of(REFINED) : Optional.empty());
  }

  /** From post-refinement to endpoint form: both forms, or only the stack if refined. */
  public static Resource toEndpoint(Resource resource) {
    return resource.getReservationsCount() > 1 ? resource : withOldForm(resource).build();
  }

  /** Brings every resource anywhere in a message to endpoint form. */
  public static <M extends Message> M toEndpoint(M message) {
    return walk(message, ReservationFormat::toEndpoint);
  }

  private static Resource.Builder withOldForm(Resource resource) {
    Resource.Builder result = resource.toBuilder();
    if (resource.getReservationsCount() == 0) {
      return OldForm.withRole(result, Roles.UNRESERVED);
    }
    ReservationInfo entry = resource.getReservations(0);
    OldForm.withRole(result, entry.getRole()).clearReservation();
    if (entry.getType() == ReservationInfo.Type.DYNAMIC) {
      result.setReservation(entry.toBuilder().clearType().clearRole());
    }
    return result;
  }

  /** Rebuilds only the parts of a message in which a resource changed. */
  @SuppressWarnings("unchecked") // a message's own builder builds its own type
  private static <M extends Message> M walk(M message, UnaryOperator<Resource> change) {
    if (message instanceof Resource resource) {
      return (M) change.apply(resource);
    }
    if (!carriesResources(message.getDescriptorForType())) {
      return message;
    }
    Message.Builder builder = null;
    for (Map.Entry<FieldDescriptor, Object> set : message.getAllFields().entrySet()) {
      FieldDescriptor field = set.getKey();
      if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE
          || !carriesResources(field.getMessageType())) {
        continue;
      }
      if (field.isRepeated()) {
        List<?> elements = (List<?>) set.getValue();
        for (int i = 0; i < elements.size(); i++) {
          Message before = (Message) elements.get(i);
          Message after = walk(before, change);
          if (!after.equals(before)) {
            builder = builder == null ? message.toBuilder() : builder;
            builder.setRepeatedField(field, i, after);
          }
        }
      } else {
        Message before = (Message) set.getValue();
        Message after = walk(before, change);
        if (!after.equals(before)) {
          builder = builder == null ? message.toBuilder() : builder;
          builder.setField(field, after);
        }
      }
    }
    return builder == null ? message : (M) builder.build();
  }

  /** Whether a message of this type can have a resource anywhere inside. */
  static boolean carriesResources(Descriptor type) {
    @Nullable Boolean known = CARRIES.get(type.getFullName());
    if (known != null) {
      return known;
    }
    boolean carries = search(type, new HashSet<>());
    CARRIES.put(type.getFullName(), carries);
    return carries;
  }

  private static boolean search(Descriptor type, Set<String> visited) {
    if (type.getFullName().equals(Resource.getDescriptor().getFullName())) {
      return true;
    }
    if (!visited.add(type.getFullName())) {
      return false;
    }
    for (FieldDescriptor field : type.getFields()) {
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
          && search(field.getMessageType(), visited)) {
        return true;
      }
    }
    return false;
  }
}
