package io.meseta.allocator;

import io.meseta.resources.Resources;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.Resource.DiskInfo;
import io.meseta.schema.v1.Resource.ReservationInfo;
import io.meseta.schema.v1.Value;
import io.meseta.schema.v1.Volume;
import java.util.ArrayList;
import java.util.List;

/** Resources that have no text form. */
final class Volumes {
  private Volumes() {}

  static Resource persistent(String role, String id, double megabytes) {
    return volume(role, id, megabytes).build();
  }

  static Resource shared(String role, String id, double megabytes) {
    return volume(role, id, megabytes).setShared(Resource.SharedInfo.getDefaultInstance()).build();
  }

  static Resources revocable(Resources resources) {
    List<Resource> marked = new ArrayList<>();
    for (Resource resource : resources) {
      marked.add(
          resource.toBuilder().setRevocable(Resource.RevocableInfo.getDefaultInstance()).build());
    }
    return Resources.of(marked);
  }

  /** Dynamic reservations on top of each other. */
  static Resources reserved(Resources resources, String... roles) {
    Resources reserved = resources;
    for (String role : roles) {
      reserved =
          reserved.pushReservation(
              ReservationInfo.newBuilder()
                  .setType(ReservationInfo.Type.DYNAMIC)
                  .setRole(role)
                  .build());
    }
    return reserved;
  }

  private static Resource.Builder volume(String role, String id, double megabytes) {
    Resource.Builder volume =
        Resource.newBuilder()
            .setName("disk")
            .setType(Value.Type.SCALAR)
            .setScalar(Value.Scalar.newBuilder().setValue(megabytes))
            .setDisk(
                DiskInfo.newBuilder()
                    .setPersistence(DiskInfo.Persistence.newBuilder().setId(id))
                    .setVolume(Volume.newBuilder().setContainerPath("p").setMode(Volume.Mode.RW)));
    if (!role.equals("*")) {
      volume.addReservations(
          ReservationInfo.newBuilder().setType(ReservationInfo.Type.STATIC).setRole(role));
    }
    return volume;
  }
}
