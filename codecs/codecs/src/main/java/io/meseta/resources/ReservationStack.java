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

  /**
   * Everything that identifies the stack as one text; comparing texts is several times faster than
   * comparing messages. Its hash repeats between runs.
   */
  private final String key;

  private ReservationStack(List<ReservationInfo> entries) {
    this.entries = entries;
    StringBuilder text = new StringBuilder();
    entries.forEach(entry -> appendKey(entry, text));
    this.key = text.toString();
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
        && key(entries.get(shared)).equals(key(that.entries.get(shared)))) {
      shared++;
    }
    return of(entries.subList(0, shared));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof ReservationStack that && key.equals(that.key));
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  private static String key(ReservationInfo entry) {
    StringBuilder text = new StringBuilder();
    appendKey(entry, text);
    return text.toString();
  }

  private static void appendKey(ReservationInfo entry, StringBuilder text) {
    text.append(entry.getType().getNumber());
    appendPart(entry.getRole(), text);
    if (entry.hasPrincipal()) {
      appendPart(entry.getPrincipal(), text.append('p'));
    }
    if (entry.hasLabels()) {
      text.append('l');
      for (Label label : sorted(entry.getLabels()).getLabelsList()) {
        appendPart(label.getKey(), text.append('k'));
        if (label.hasValue()) {
          appendPart(label.getValue(), text.append('v'));
        }
      }
    }
    text.append(';');
  }

  /** With its length in front, so that no part can be mistaken for two. */
  private static void appendPart(String part, StringBuilder text) {
    text.append(part.length()).append(':').append(part);
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
}
