package io.meseta.testing;

import io.meseta.schema.v1.Label;
import io.meseta.schema.v1.Labels;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.Resource.DiskInfo;
import io.meseta.schema.v1.Resource.ReservationInfo;
import io.meseta.schema.v1.ResourceProviderID;
import io.meseta.schema.v1.Value;
import io.meseta.schema.v1.Volume;
import java.util.List;

/**
 * Builds resource messages for tests: {@code scalar("disk", 64).reserved("r").volume("id", "p")}.
 */
public final class ResourceBuilder {
  private final Resource.Builder resource;

  private ResourceBuilder(Resource.Builder resource) {
    this.resource = resource;
  }

  public static ResourceBuilder scalar(String name, double value) {
    return new ResourceBuilder(
        Resource.newBuilder()
            .setName(name)
            .setType(Value.Type.SCALAR)
            .setScalar(Value.Scalar.newBuilder().setValue(value)));
  }

  /** Bounds as begin, end, begin, end, …, written as given. */
  public static ResourceBuilder ranges(String name, long... bounds) {
    Value.Ranges.Builder ranges = Value.Ranges.newBuilder();
    for (int i = 0; i < bounds.length; i += 2) {
      ranges.addRange(Value.Range.newBuilder().setBegin(bounds[i]).setEnd(bounds[i + 1]));
    }
    return new ResourceBuilder(
        Resource.newBuilder().setName(name).setType(Value.Type.RANGES).setRanges(ranges));
  }

  public static ResourceBuilder set(String name, String... items) {
    return new ResourceBuilder(
        Resource.newBuilder()
            .setName(name)
            .setType(Value.Type.SET)
            .setSet(Value.Set.newBuilder().addAllItem(List.of(items))));
  }

  public ResourceBuilder allocated(String role) {
    resource.setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole(role));
    return this;
  }

  /** A static reservation on top. */
  public ResourceBuilder reserved(String role) {
    return reservation(
        ReservationInfo.newBuilder().setType(ReservationInfo.Type.STATIC).setRole(role).build());
  }

  /** A dynamic reservation on top. */
  public ResourceBuilder dynamic(String role) {
    return reservation(
        ReservationInfo.newBuilder().setType(ReservationInfo.Type.DYNAMIC).setRole(role).build());
  }

  /** A dynamic reservation on top; labels as {@code key} or {@code key=value}. */
  public ResourceBuilder dynamic(String role, String principal, String... labels) {
    return reservation(dynamicReservation(role, principal, labels));
  }

  /** Labels as {@code key} or {@code key=value}; none leaves the field unset. */
  public static ReservationInfo dynamicReservation(
      String role, String principal, String... labels) {
    ReservationInfo.Builder reservation =
        ReservationInfo.newBuilder()
            .setType(ReservationInfo.Type.DYNAMIC)
            .setRole(role)
            .setPrincipal(principal);
    if (labels.length > 0) {
      reservation.setLabels(labels(labels));
    }
    return reservation.build();
  }

  public static Labels labels(String... labels) {
    Labels.Builder all = Labels.newBuilder();
    for (String label : labels) {
      int equals = label.indexOf('=');
      Label.Builder one = Label.newBuilder();
      if (equals < 0) {
        one.setKey(label);
      } else {
        one.setKey(label.substring(0, equals)).setValue(label.substring(equals + 1));
      }
      all.addLabels(one);
    }
    return all.build();
  }

  public ResourceBuilder reservation(ReservationInfo reservation) {
    resource.addReservations(reservation);
    return this;
  }

  /** A persistent volume with a mount point. */
  public ResourceBuilder volume(String id, String containerPath) {
    return persistence(id).path(containerPath);
  }

  public ResourceBuilder persistence(String id) {
    resource.getDiskBuilder().setPersistence(DiskInfo.Persistence.newBuilder().setId(id));
    return this;
  }

  /** A mount point without persistence. */
  public ResourceBuilder path(String containerPath) {
    resource
        .getDiskBuilder()
        .setVolume(Volume.newBuilder().setContainerPath(containerPath).setMode(Volume.Mode.RW));
    return this;
  }

  public ResourceBuilder hostPath(String hostPath, String containerPath) {
    path(containerPath);
    resource.getDiskBuilder().getVolumeBuilder().setHostPath(hostPath);
    return this;
  }

  public ResourceBuilder source(DiskInfo.Source source) {
    resource.getDiskBuilder().setSource(source);
    return this;
  }

  public ResourceBuilder source(DiskInfo.Source.Type type) {
    return source(DiskInfo.Source.newBuilder().setType(type).build());
  }

  public ResourceBuilder mountSource(String root) {
    return source(
        DiskInfo.Source.newBuilder()
            .setType(DiskInfo.Source.Type.MOUNT)
            .setMount(DiskInfo.Source.Mount.newBuilder().setRoot(root))
            .build());
  }

  public ResourceBuilder pathSource(String root) {
    return source(
        DiskInfo.Source.newBuilder()
            .setType(DiskInfo.Source.Type.PATH)
            .setPath(DiskInfo.Source.Path.newBuilder().setRoot(root))
            .build());
  }

  public ResourceBuilder revocable() {
    resource.setRevocable(Resource.RevocableInfo.getDefaultInstance());
    return this;
  }

  public ResourceBuilder shared() {
    resource.setShared(Resource.SharedInfo.getDefaultInstance());
    return this;
  }

  public ResourceBuilder provider(String id) {
    resource.setProviderId(ResourceProviderID.newBuilder().setValue(id));
    return this;
  }

  public Resource build() {
    return resource.build();
  }
}
