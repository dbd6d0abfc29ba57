package io.meseta.master.core;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The immutable views of all entities (D-7). The master's core writes; {@link #snapshot()} is taken
 * on the core's thread and costs a few microseconds; what it returns may be read from any thread
 * for as long as anybody likes. Snapshots taken without a change between them are the same object.
 */
public final class Views {
  /** All views at one instant. */
  public static final class Snapshot {
    private final long epoch;
    private final long sequence;
    private final Map<View.Kind, ViewTable.Frozen> tables;

    private Snapshot(long epoch, long sequence, Map<View.Kind, ViewTable.Frozen> tables) {
      this.epoch = epoch;
      this.sequence = sequence;
      this.tables = tables;
    }

    /** The leader's term. */
    public long epoch() {
      return epoch;
    }

    /** The last change that it contains: who follows the feed after it misses nothing. */
    public long sequence() {
      return sequence;
    }

    /** How many views of this kind there are. */
    public int size(View.Kind kind) {
      return table(kind).size();
    }

    /** Hands over every view of the kind, in the order in which the slots were filled. */
    public void forEach(View.Kind kind, Consumer<? super View> reader) {
      table(kind).forEach(reader);
    }

    /**
     * How many chunks {@link #forEachOfChunk} can be asked for: long encodings go chunk by chunk
     * (D-4).
     */
    public int chunks(View.Kind kind) {
      return table(kind).chunks();
    }

    /** Hands over the views of one chunk, at most {@value ViewTable#CHUNK_SIZE}. */
    public void forEachOfChunk(View.Kind kind, int chunk, Consumer<? super View> reader) {
      table(kind).forEachOfChunk(chunk, reader);
    }

    private ViewTable.Frozen table(View.Kind kind) {
      return tables.getOrDefault(kind, ViewTable.Frozen.EMPTY);
    }
  }

  private final long epoch;
  private final Map<View.Kind, ViewTable> tables = new EnumMap<>(View.Kind.class);
  private long sequence;
  private Optional<Snapshot> current = Optional.empty();

  Views(long epoch) {
    this.epoch = epoch;
    for (View.Kind kind : View.Kind.values()) {
      tables.put(kind, new ViewTable());
    }
  }

  /** The views as they are now; must be called on the thread that owns the master. */
  public Snapshot snapshot() {
    if (current.isEmpty()) {
      Map<View.Kind, ViewTable.Frozen> frozen = new EnumMap<>(View.Kind.class);
      tables.forEach((kind, table) -> frozen.put(kind, table.freeze()));
      current = Optional.of(new Snapshot(epoch, sequence, frozen));
    }
    return current.get();
  }

  /** Enters a view, new or changed, and gives the change to publish. */
  Change put(View view) {
    boolean added = tableOf(view.kind()).put(view);
    return change(
        added ? Change.Kind.ADDED : Change.Kind.UPDATED, view.kind(), view.id(), Optional.of(view));
  }

  /** Takes a view out, if it is there, and gives the change to publish. */
  Optional<Change> remove(View.Kind kind, String id) {
    return tableOf(kind).remove(id)
        ? Optional.of(change(Change.Kind.REMOVED, kind, id, Optional.empty()))
        : Optional.empty();
  }

  private Change change(Change.Kind kind, View.Kind entity, String id, Optional<View> view) {
    current = Optional.empty();
    sequence++;
    return new Change(epoch, sequence, kind, entity, id, view);
  }

  private ViewTable tableOf(View.Kind kind) {
    ViewTable table = tables.get(kind);
    if (table == null) {
      throw new IllegalStateException("no table of " + kind);
    }
    return table;
  }
}
