package io.meseta.allocator;

import io.meseta.allocator.ClientNode.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The clients of a sorter as a tree along their paths. A client that gets children becomes
 * internal and competes with them through a virtual leaf; when its last child goes it becomes a
 * leaf again. Internal nodes without clients do not exist.
 */
final class ClientTree<T> {
  private final boolean hierarchical;
  private final ClientNode<T> root = new ClientNode<>("", null, Kind.INTERNAL);
  private final Map<String, ClientNode<T>> leaves = new HashMap<>();
  private final Map<String, Double> weights = new HashMap<>();
  private @Nullable List<T> listed = List.of();

  /**
   * @param hierarchical false if a slash in a name means nothing
   */
  ClientTree(boolean hierarchical) {
    this.hierarchical = hierarchical;
  }

  ClientNode<T> root() {
    return root;
  }

  boolean contains(String path) {
    return leaves.containsKey(path);
  }

  int count() {
    return leaves.size();
  }

  /** The leaf of a client; its virtual leaf if it has children. */
  ClientNode<T> leaf(String path) {
    ClientNode<T> leaf = leaves.get(path);
    if (leaf == null) {
      throw new IllegalArgumentException("no client " + path);
    }
    return leaf;
  }

  void add(String path, T client) {
    if (leaves.containsKey(path)) {
      throw new IllegalArgumentException("client " + path + " exists");
    }
    ClientNode<T> node = root;
    for (String name : hierarchical ? path.split("/", -1) : new String[] {path}) {
      if (node.kind != Kind.INTERNAL) {
        splitOffVirtualLeaf(node);
      }
      ClientNode<T> child = node.childrenByName.get(name);
      node = child != null ? child : newChild(node, name, Kind.INTERNAL);
    }
    if (node.childrenByName.isEmpty()) {
      become(node, Kind.INACTIVE_LEAF);
    } else {
      node = newChild(node, ClientNode.VIRTUAL, Kind.INACTIVE_LEAF);
    }
    node.client = client;
    leaves.put(path, node);
    listed = null;
  }

  /** What the client holds leaves its ancestors with it. */
  void remove(String path) {
    ClientNode<T> leaf = leaf(path);
    leaves.remove(path);
    listed = null;
    for (ClientNode<T> node = leaf.parent; node != null; node = node.parent) {
      node.held.subtract(leaf.held);
      if (node.parent != null) {
        node.parent.markUnsorted();
      }
    }
    ClientNode<T> node = leaf;
    while (node.parent != null && node.childrenByName.isEmpty()) {
      node.parent.childrenByName.remove(node.name);
      node.parent.ordered.remove(node);
      node = node.parent;
    }
    if (node != root && node.childrenByName.size() == 1) {
      ClientNode<T> virtual = node.childrenByName.get(ClientNode.VIRTUAL);
      if (virtual != null) {
        collapse(node, virtual);
      }
    }
  }

  void activate(String path) {
    become(leaf(path), Kind.ACTIVE_LEAF);
  }

  void deactivate(String path) {
    become(leaf(path), Kind.INACTIVE_LEAF);
  }

  void setWeight(String path, double weight) {
    weights.put(path, weight);
    ClientNode<T> node = root;
    for (String name : hierarchical ? path.split("/", -1) : new String[] {path}) {
      node = node.childrenByName.get(name);
      if (node == null) {
        return;
      }
    }
    node.weight = weight;
    if (node.parent != null) {
      node.parent.markUnsorted();
    }
    listed = null;
  }

  /** The order may have changed: {@link #list} looks again. */
  void orderChanged() {
    listed = null;
  }

  /** The active clients in pre-order of the present order. */
  List<T> list() {
    if (listed == null) {
      ArrayList<T> clients = new ArrayList<>(leaves.size());
      collect(root, clients);
      listed = clients;
    }
    return listed;
  }

  private void collect(ClientNode<T> node, List<T> into) {
    for (ClientNode<T> child : node.ordered) {
      if (child.client != null) {
        into.add(child.client);
      } else {
        collect(child, into);
      }
    }
  }

  private ClientNode<T> newChild(ClientNode<T> parent, String name, Kind kind) {
    ClientNode<T> child = new ClientNode<>(name, parent, kind);
    if (!name.equals(ClientNode.VIRTUAL)) {
      child.weight = weights.getOrDefault(child.path, 1.0);
    }
    parent.childrenByName.put(name, child);
    if (kind != Kind.INACTIVE_LEAF) {
      parent.ordered.add(child);
      parent.markUnsorted();
    }
    return child;
  }

  private void splitOffVirtualLeaf(ClientNode<T> node) {
    ClientNode<T> virtual = newChild(node, ClientNode.VIRTUAL, node.kind);
    virtual.client = node.client;
    virtual.held = node.held.copy();
    virtual.allocations = node.allocations;
    leaves.put(node.path, virtual);
    node.client = null;
    become(node, Kind.INTERNAL);
  }

  private void collapse(ClientNode<T> node, ClientNode<T> virtual) {
    node.childrenByName.clear();
    node.ordered.clear();
    node.unsorted = false;
    node.dirty = false;
    node.client = virtual.client;
    leaves.put(node.path, node);
    become(node, virtual.kind);
  }

  private void become(ClientNode<T> node, Kind kind) {
    if (node.kind == kind || node.parent == null) {
      return;
    }
    boolean wasOrdered = node.kind != Kind.INACTIVE_LEAF;
    boolean isOrdered = kind != Kind.INACTIVE_LEAF;
    node.kind = kind;
    if (wasOrdered && !isOrdered) {
      node.parent.ordered.remove(node);
    } else if (!wasOrdered && isOrdered) {
      node.parent.ordered.add(node);
      node.parent.markUnsorted();
    }
    listed = null;
  }
}
