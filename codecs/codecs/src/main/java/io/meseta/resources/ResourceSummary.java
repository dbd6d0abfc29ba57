package io.meseta.resources;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The short form of a bag in the JSON of the older endpoints: numbers for {@code cpus}, {@code
 * disk}, {@code gpus} and {@code mem} (0 if absent), then every other name; what is revocable is
 * listed apart as {@code NAME_revocable}.
 */
public sealed interface ResourceSummary {
  /** The member's name. */
  String name();

  /** A JSON number. */
  record Scalar(String name, double value) implements ResourceSummary {}

  /** A JSON string: ranges or a set as printed. */
  record Text(String name, String value) implements ResourceSummary {}

  /** The members for a bag, sorted by name. */
  static List<ResourceSummary> of(Resources resources) {
    TreeMap<String, ResourceSummary> members = new TreeMap<>();
    for (String always : List.of("cpus", "disk", "gpus", "mem")) {
      members.put(always, new Scalar(always, 0));
    }
    addAll(resources.nonRevocable(), "", members);
    addAll(resources.revocable(), "_revocable", members);
    return new ArrayList<>(members.values());
  }

  private static void addAll(
      Resources resources, String suffix, SortedMap<String, ResourceSummary> members) {
    resources
        .types()
        .forEach(
            (name, type) -> {
              String member = name + suffix;
              members.put(
                  member,
                  switch (type) {
                    case SCALAR ->
                        new Scalar(member, Scalars.toDouble(resources.scalarMillis(name)));
                    case RANGES -> new Text(member, resources.ranges(name).toString());
                    case SET ->
                        new Text(member, "{" + String.join(", ", resources.set(name)) + "}");
                    case TEXT -> throw new IllegalStateException("text resource " + name);
                  });
            });
  }
}
