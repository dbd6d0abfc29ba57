package io.meseta.allocator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node of a {@link ClientTree}. Only the tree and the sorter that owns it touch its fields. */
final class ClientNode<T> {
  /** The name of the leaf that stands for a client which also has children. */
  static final String VIRTUAL = ".";

  /** What a node is. */
  enum Kind {
    /** Has children, is no client itself. */
    INTERNAL,
    ACTIVE_LEAF,
    /** A client that is not listed. */
    INACTIVE_LEAF
  }

  final String name;
  final String path;
  final @Nullable ClientNode<T> parent;
  final Map<String, ClientNode<T>> childrenByName = new HashMap<>(0);

  /** Internal nodes and active leaves, in the sorter's order unless {@link #unsorted}. */
  final List<ClientNode<T>> ordered = new ArrayList<>(0);

  Kind kind;
  @Nullable T client;
  double weight = 1.0;

  /** Own and descendants' holdings. */
  SharedTally held = new SharedTally();

  /** How often this node or a descendant was given something. */
  long allocations;

  /** As of the last time that this node was put in its place. */
  double share;

  boolean unsorted;

  /** This node or a descendant is unsorted. */
  boolean dirty;

  ClientNode(String name, @Nullable ClientNode<T> parent, Kind kind) {
    this.name = name;
    this.parent = parent;
    this.kind = kind;
    this.path = parent == null ? "" : parent.path.isEmpty() ? name : parent.path + "/" + name;
  }

  /** Makes the order of the children to be computed anew. */
  void markUnsorted() {
    unsorted = true;
    for (ClientNode<T> node = this; node != null && !node.dirty; node = node.parent) {
      node.dirty = true;
    }
  }
}
