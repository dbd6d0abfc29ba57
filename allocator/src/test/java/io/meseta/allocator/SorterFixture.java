package io.meseta.allocator;

import io.meseta.resources.Resources;
import io.meseta.schema.v1.Resource;
import java.util.Set;

/** A DRF sorter of strings with a cluster total, in the words of the sorter scenarios. */
final class SorterFixture {
  static final String AGENT = "agent";

  final ResourceNames names = new ResourceNames();
  final Footprints footprints = new Footprints(names);
  final ClusterTotals totals;
  final DrfSorter<String> sorter;

  SorterFixture() {
    this(Set.of());
  }

  SorterFixture(Set<String> excluded) {
    totals = new ClusterTotals(names, excluded);
    sorter = new DrfSorter<>(totals, true);
  }

  static SorterFixture withTotal(String total) {
    SorterFixture fixture = new SorterFixture();
    fixture.total(total);
    return fixture;
  }

  /** {@code amount} cpus and as many mem. */
  static String both(double amount) {
    return amounts(amount, amount);
  }

  static String amounts(double cpus, double mem) {
    return "cpus:" + cpus + ";mem:" + mem;
  }

  void total(String resources) {
    total(Resources.parse(resources));
  }

  void total(Resources resources) {
    totals.add(footprints.of(AGENT, resources));
  }

  void removeTotal(String resources) {
    totals.subtract(footprints.of(AGENT, Resources.parse(resources)));
  }

  void add(String client) {
    sorter.add(client, client);
    sorter.activate(client);
  }

  void add(String client, String resources) {
    add(client);
    give(client, resources);
  }

  void add(String client, Resources resources) {
    add(client);
    give(client, resources);
  }

  void give(String client, String resources) {
    give(client, Resources.parse(resources));
  }

  void give(String client, Resources resources) {
    sorter.allocated(client, footprints.of(AGENT, resources));
  }

  void take(String client, String resources) {
    take(client, Resources.parse(resources));
  }

  void take(String client, Resources resources) {
    sorter.unallocated(client, footprints.of(AGENT, resources));
  }

  void update(String client, String before, String after) {
    sorter.updated(
        client,
        footprints.of(AGENT, Resources.parse(before)),
        footprints.of(AGENT, Resources.parse(after)));
  }

  String order() {
    return String.join(",", sorter.sort());
  }

  /** A shared persistent volume of role1. */
  static Resources sharedVolume(String id, double megabytes) {
    return Resources.of(Volumes.shared("role1", id, megabytes));
  }

  static Resource revocableCpus(double cpus) {
    return Volumes.revocable(Resources.parse("cpus:" + cpus)).iterator().next();
  }
}
