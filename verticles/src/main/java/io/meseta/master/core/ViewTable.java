package io.meseta.master.core;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Views of one kind in chunks that are copied when they are written after having been frozen: a
 * snapshot copies pointers to chunks, a write copies at most one chunk per snapshot. Free slots are
 * used again, lowest chunk first, so that the table does not grow by churn.
 */
final class ViewTable {
  static final int CHUNK_SIZE = 1024;

  /** The chunks at one instant; safe to read from any thread. */
  static final class Frozen {
    static final Frozen EMPTY = new Frozen(new View[0][], 0);

    private final @Nullable View[][] chunks;
    private final int size;

    private Frozen(@Nullable View[][] chunks, int size) {
      this.chunks = chunks;
      this.size = size;
    }

    int size() {
      return size;
    }

    int chunks() {
      return chunks.length;
    }

    void forEach(Consumer<? super View> reader) {
      for (int chunk = 0; chunk < chunks.length; chunk++) {
        forEachOfChunk(chunk, reader);
      }
    }

    void forEachOfChunk(int chunk, Consumer<? super View> reader) {
      for (View view : chunks[chunk]) {
        if (view != null) {
          reader.accept(view);
        }
      }
    }
  }

  private final List<@Nullable View[]> chunks = new ArrayList<>();

  /** Chunks that a snapshot shares. */
  private final BitSet shared = new BitSet();

  private final BitSet used = new BitSet();
  private final Map<String, Integer> slots = new HashMap<>();

  /** Enters a view; true if its id is new. */
  boolean put(View view) {
    Integer known = slots.get(view.id());
    int slot = known == null ? used.nextClearBit(0) : known;
    if (known == null) {
      slots.put(view.id(), slot);
      used.set(slot);
    }
    writable(slot / CHUNK_SIZE)[slot % CHUNK_SIZE] = view;
    return known == null;
  }

  boolean remove(String id) {
    Integer slot = slots.remove(id);
    if (slot == null) {
      return false;
    }
    used.clear(slot);
    writable(slot / CHUNK_SIZE)[slot % CHUNK_SIZE] = null;
    return true;
  }

  Frozen freeze() {
    shared.set(0, chunks.size());
    return new Frozen(chunks.toArray(new View[0][]), slots.size());
  }

  private @Nullable View[] writable(int chunk) {
    while (chunks.size() <= chunk) {
      chunks.add(new View[CHUNK_SIZE]);
    }
    if (shared.get(chunk)) {
      chunks.set(chunk, chunks.get(chunk).clone());
      shared.clear(chunk);
    }
    return chunks.get(chunk);
  }
}
