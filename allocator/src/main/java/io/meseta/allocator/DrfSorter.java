package io.meseta.allocator;

import io.meseta.allocator.ClientNode.Kind;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Dominant resource fairness over a tree of clients: at every level the node with the smallest
 * (dominant share ÷ weight, number of allocations, path) comes first (A-110 … A-117).
 *
 * <p>A change of one client's holdings moves only the nodes on its path. Everything else marks the
 * level unsorted, and {@link #sort} orders only such levels; a change of the cluster's total makes
 * all shares new.
 */
final class DrfSorter<T> implements Sorter<T> {
  private static final Comparator<String> BYTE_WISE = DrfSorter::compareCodePoints;

  private final ClientTree<T> tree;
  private final ClusterTotals totals;
  private final Comparator<ClientNode<T>> order =
      (a, b) -> {
        int byShare = Double.compare(a.share, b.share);
        if (byShare != 0) {
          return byShare;
        }
        int byCount = Long.compare(a.allocations, b.allocations);
        return byCount != 0 ? byCount : BYTE_WISE.compare(a.name, b.name);
      };
  private long sortedAtVersion = -1;

  DrfSorter(ClusterTotals totals, boolean hierarchical) {
    this.totals = totals;
    this.tree = new ClientTree<>(hierarchical);
  }

  @Override
  public void add(String path, T client) {
    tree.add(path, client);
  }

  @Override
  public void remove(String path) {
    tree.remove(path);
  }

  @Override
  public void activate(String path) {
    tree.activate(path);
  }

  @Override
  public void deactivate(String path) {
    tree.deactivate(path);
  }

  @Override
  public void setWeight(String path, double weight) {
    tree.setWeight(path, weight);
  }

  @Override
  public void allocated(String path, Footprint footprint) {
    change(
        path,
        node -> {
          node.held.add(footprint);
          node.allocations++;
        });
  }

  @Override
  public void unallocated(String path, Footprint footprint) {
    change(path, node -> node.held.subtract(footprint));
  }

  @Override
  public void updated(String path, Footprint before, Footprint after) {
    change(
        path,
        node -> {
          node.held.subtract(before);
          node.held.add(after);
        });
  }

  @Override
  public boolean contains(String path) {
    return tree.contains(path);
  }

  @Override
  public int count() {
    return tree.count();
  }

  @Override
  public List<T> sort() {
    boolean all = sortedAtVersion != totals.version();
    if (all || tree.root().dirty) {
      resort(tree.root(), all);
      sortedAtVersion = totals.version();
      tree.orderChanged();
    }
    return tree.list();
  }

  /** The share of the client's own leaf, descendants' holdings not included. */
  double share(String path) {
    return shareOf(tree.leaf(path));
  }

  /** What all clients hold together. */
  Quantities held() {
    return tree.root().held.sum();
  }

  private interface Change<T> {
    void applyTo(ClientNode<T> node);
  }

  private void change(String path, Change<T> change) {
    boolean current = sortedAtVersion == totals.version();
    ClientNode<T> node = tree.leaf(path);
    for (ClientNode<T> parent = node.parent; parent != null; parent = parent.parent) {
      if (current && !parent.unsorted && node.kind != Kind.INACTIVE_LEAF) {
        reposition(node, parent.ordered, change);
      } else {
        change.applyTo(node);
      }
      node = parent;
    }
    change.applyTo(node);
    tree.orderChanged();
  }

  /** Siblings are in order; puts the one that changes where it now belongs. */
  private void reposition(ClientNode<T> node, List<ClientNode<T>> siblings, Change<T> change) {
    int from = indexIn(siblings, node);
    change.applyTo(node);
    node.share = shareOf(node);
    boolean stays =
        (from == 0 || order.compare(siblings.get(from - 1), node) < 0)
            && (from == siblings.size() - 1 || order.compare(node, siblings.get(from + 1)) < 0);
    if (!stays) {
      siblings.remove(from);
      siblings.add(-indexOf(siblings, node) - 1, node);
    }
  }

  private int indexIn(List<ClientNode<T>> siblings, ClientNode<T> node) {
    int index = indexOf(siblings, node);
    if (index < 0) {
      throw new IllegalStateException("order lost at " + node.path);
    }
    return index;
  }

  private int indexOf(List<ClientNode<T>> siblings, ClientNode<T> node) {
    return Collections.binarySearch(siblings, node, order);
  }

  private void resort(ClientNode<T> node, boolean all) {
    boolean sharesOld = all || node.unsorted;
    for (ClientNode<T> child : node.ordered) {
      if (sharesOld) {
        child.share = shareOf(child);
      }
      if (child.kind == Kind.INTERNAL && (all || child.dirty)) {
        resort(child, all);
      }
    }
    if (sharesOld) {
      node.ordered.sort(order);
    }
    node.unsorted = false;
    node.dirty = false;
  }

  private double shareOf(ClientNode<T> node) {
    return totals.dominantShare(node.held.sum()) / node.weight;
  }

  /** The order of UTF-8 bytes, which is that of code points and not of UTF-16 units. */
  private static int compareCodePoints(String a, String b) {
    int end = Math.min(a.length(), b.length());
    for (int i = 0; i < end; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean surrogateX = Character.isSurrogate(x);
        return surrogateX == Character.isSurrogate(y) ? x - y : surrogateX ? 1 : -1;
      }
    }
    return a.length() - b.length();
  }
}
