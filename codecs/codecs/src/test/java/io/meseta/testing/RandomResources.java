package io.meseta.testing;

import io.meseta.resources.Resources;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.Resource.DiskInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Valid resources in post-refinement form from a seed: all types, reservations, disks, shared and
 * revocable ones, from a small vocabulary so that many of them merge or collide. The same seed
 * gives the same resources.
 */
public final class RandomResources {
  private static final String[] ROLES = {"a", "a/b", "a/b/c", "z"};

  private final Random random;

  private RandomResources(long seed) {
    this.random = new Random(seed);
  }

  public static RandomResources seeded(long seed) {
    return new RandomResources(seed);
  }

  /** A bag of up to {@code maxObjects} objects before merging; may be empty. */
  public Resources bag(int maxObjects) {
    return Resources.of(list(random.nextInt(maxObjects + 1)));
  }

  /** Exactly this many messages. */
  public List<Resource> list(int count) {
    List<Resource> resources = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      resources.add(next());
    }
    return resources;
  }

  /** A part of a bag, also parts of divisible objects; always contained in it. */
  public Resources partOf(Resources bag) {
    List<Resource> parts = new ArrayList<>();
    for (Resource object : bag) {
      switch (random.nextInt(3)) {
        case 0 -> parts.add(object);
        case 1 -> parts.add(piece(object));
        default -> {
          // Left out.
        }
      }
    }
    return Resources.of(parts);
  }

  /** The next message. */
  public Resource next() {
    ResourceBuilder builder =
        switch (random.nextInt(8)) {
          case 0 -> ResourceBuilder.ranges("ports", bounds());
          case 1 -> ResourceBuilder.set("zones", items());
          case 2, 3 -> disk();
          case 4 -> ResourceBuilder.scalar("gpus", 1 + random.nextInt(4));
          case 5 -> ResourceBuilder.scalar("mem", 1 + random.nextInt(4096));
          default -> ResourceBuilder.scalar("cpus", (1 + random.nextInt(16_000)) / 1000.0);
        };
    if (random.nextInt(4) == 0) {
      builder.allocated(ROLES[random.nextInt(ROLES.length)]);
    }
    if (random.nextInt(8) == 0) {
      builder.provider("p" + random.nextInt(2));
    }
    if (random.nextInt(2) == 0) {
      reserve(builder);
    } else if (random.nextInt(6) == 0) {
      builder.revocable();
    }
    return builder.build();
  }

  private void reserve(ResourceBuilder builder) {
    int depth = random.nextInt(4);
    for (int i = 0; i < depth; i++) {
      if (i == 0 && random.nextBoolean()) {
        builder.reserved(ROLES[i]);
      } else if (random.nextBoolean()) {
        builder.dynamic(ROLES[i], "principal" + random.nextInt(2));
      } else {
        builder.dynamic(ROLES[i], "principal", "k=" + random.nextInt(2), "flag");
      }
    }
  }

  private ResourceBuilder disk() {
    ResourceBuilder disk = ResourceBuilder.scalar("disk", 10 * (1 + random.nextInt(3)));
    switch (random.nextInt(6)) {
      case 0 -> disk.mountSource("/mnt" + random.nextInt(2));
      case 1 -> disk.pathSource("/path" + random.nextInt(2));
      case 2 -> disk.source(raw());
      case 3 -> disk.volume("id" + random.nextInt(3), "path");
      case 4 -> disk.volume("shared" + random.nextInt(2), "path").shared();
      default -> {
        // The root disk.
      }
    }
    return disk;
  }

  private DiskInfo.Source raw() {
    DiskInfo.Source.Builder raw =
        DiskInfo.Source.newBuilder().setType(DiskInfo.Source.Type.RAW).setProfile("fast");
    if (random.nextBoolean()) {
      raw.setId("id" + random.nextInt(2)).setVendor("vendor");
    }
    return raw.build();
  }

  /** Ordered ranges that do not overlap. */
  private long[] bounds() {
    long[] bounds = new long[2 * (1 + random.nextInt(4))];
    long at = 1000;
    for (int i = 0; i < bounds.length; i += 2) {
      bounds[i] = at + random.nextInt(20);
      bounds[i + 1] = bounds[i] + random.nextInt(20);
      at = bounds[i + 1] + 1;
    }
    return bounds;
  }

  private String[] items() {
    List<String> items = new ArrayList<>();
    for (String item : List.of("a", "b", "c", "d")) {
      if (random.nextBoolean()) {
        items.add(item);
      }
    }
    return items.toArray(String[]::new);
  }

  private Resource piece(Resource object) {
    boolean whole = object.hasDisk() || object.hasShared() || !object.hasScalar();
    if (whole || object.getScalar().getValue() < 0.002) {
      return object;
    }
    long millis = Math.round(object.getScalar().getValue() * 1000);
    Resource.Builder piece = object.toBuilder();
    piece.getScalarBuilder().setValue(random.nextLong(1, millis) / 1000.0);
    return piece.build();
  }
}
