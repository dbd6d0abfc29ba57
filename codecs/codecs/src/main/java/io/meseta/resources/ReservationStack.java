package io.meseta.resources;

import io.meseta.schema.v1.Label;
import io.meseta.schema.v1.Labels;
import io.meseta.schema.v1.Resource.ReservationInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reservations of one resource, oldest first; the last one names the current owner. Two stacks
 * are equal if they agree entry by entry in type, role, principal and labels (without order).
 */
final class ReservationStack {
  static final ReservationStack NONE = new ReservationStack(List.of());

  private final List<ReservationInfo> entries;

  /** The same with labels in a fixed order; what equality looks at. */
  private final List<ReservationInfo> canonical;

  private final int hash;

  private ReservationStack(List<ReservationInfo> entries) {
    this.entries = entries;
    this.canonical = canonical(entries);
    this.hash = hash(canonical);
  }

  static ReservationStack of(List<ReservationInfo> entries) {
    return entries.isEmpty() ? NONE : new ReservationStack(List.copyOf(entries));
  }

  List<ReservationInfo> entries() {
    return entries;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  int depth() {
    return entries.size();
  }

  /** The last entry; only of a stack that is not empty. */
  ReservationInfo top() {
    return entries.getLast();
  }

  /** The current owner; only of a stack that is not empty. */
  String role() {
    return top().getRole();
  }

  ReservationStack push(ReservationInfo reservation) {
    List<ReservationInfo> longer = new ArrayList<>(entries);
    longer.add(reservation);
    return of(longer);
  }

  ReservationStack pop() {
    return of(entries.subList(0, entries.size() - 1));
  }

  /** The entries that both stacks start with. */
  ReservationStack commonPrefix(ReservationStack that) {
    int shared = 0;
    while (shared < Math.min(depth(), that.depth())
        && canonical.get(shared).equals(that.canonical.get(shared))) {
      shared++;
    }
    return of(entries.subList(0, shared));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof ReservationStack that
            && hash == that.hash
            && canonical.equals(that.canonical));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  private static List<ReservationInfo> canonical(List<ReservationInfo> entries) {
    for (ReservationInfo entry : entries) {
      if (entry.getLabels().getLabelsCount() > 1) {
        return entries.stream()
            .map(
                e ->
                    e.hasLabels()
                        ? e.toBuilder().setLabels(sorted(e.getLabels())).build()
                        : e)
            .toList();
      }
    }
    return entries;
  }

  /** Labels in a fixed order, since their order means nothing. */
  static Labels sorted(Labels labels) {
    if (labels.getLabelsCount() < 2) {
      return labels;
    }
    List<Label> list = new ArrayList<>(labels.getLabelsList());
    list.sort(
        Comparator.comparing(Label::getKey)
            .thenComparing(Label::hasValue)
            .thenComparing(Label::getValue));
    return Labels.newBuilder().addAllLabels(list).build();
  }

  /** From texts and numbers only, so that the order of hash tables repeats between runs. */
  private static int hash(List<ReservationInfo> entries) {
    int hash = 1;
    for (ReservationInfo entry : entries) {
      hash = 31 * hash + entry.getType().getNumber();
      hash = 31 * hash + entry.getRole().hashCode();
      hash = 31 * hash + entry.getPrincipal().hashCode();
      for (Label label : entry.getLabels().getLabelsList()) {
        hash = 31 * hash + label.getKey().hashCode();
        hash = 31 * hash + label.getValue().hashCode();
      }
    }
    return hash;
  }
}
