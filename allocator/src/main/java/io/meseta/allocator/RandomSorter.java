package io.meseta.allocator;

import io.meseta.allocator.ClientNode.Kind;
import io.meseta.kernel.Rng;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A new weighted random order at every call, blind to what clients hold. The chance of a
 * client is the product, over its path, of a node's weight in those of its active siblings.
 */
final class RandomSorter<T> implements Sorter<T> {
  private record Chance<T>(T client, double weight) {}

  private record Drawn<T>(T client, double key) {}

  private final ClientTree<T> tree;
  private final Rng rng;
  private List<Chance<T>> chances = List.of();
  private boolean chancesKnown;

  RandomSorter(Rng rng, boolean hierarchical) {
    this.rng = rng;
    this.tree = new ClientTree<>(hierarchical);
  }

  @Override
  public void add(String path, T client) {
    tree.add(path, client);
    chancesKnown = false;
  }

  @Override
  public void remove(String path) {
    tree.remove(path);
    chancesKnown = false;
  }

  @Override
  public void activate(String path) {
    tree.activate(path);
    chancesKnown = false;
  }

  @Override
  public void deactivate(String path) {
    tree.deactivate(path);
    chancesKnown = false;
  }

  @Override
  public void setWeight(String path, double weight) {
    tree.setWeight(path, weight);
    chancesKnown = false;
  }

  @Override
  public void allocated(String path, Footprint footprint) {}

  @Override
  public void unallocated(String path, Footprint footprint) {}

  @Override
  public void updated(String path, Footprint before, Footprint after) {}

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
    if (!chancesKnown) {
      chances = new ArrayList<>();
      collect(tree.root(), 1.0, activeBelow(tree.root(), new HashMap<>()));
      chancesKnown = true;
    }
    List<Drawn<T>> drawn = new ArrayList<>(chances.size());
    for (Chance<T> chance : chances) {
      // u^(1/w), largest first, as its logarithm so that small weights do not underflow.
      drawn.add(new Drawn<>(chance.client, Math.log(1 - rng.nextDouble()) / chance.weight));
    }
    drawn.sort(Comparator.comparingDouble((Drawn<T> d) -> d.key).reversed());
    List<T> clients = new ArrayList<>(drawn.size());
    drawn.forEach(d -> clients.add(d.client));
    return clients;
  }

  private Map<ClientNode<T>, Boolean> activeBelow(
      ClientNode<T> node, Map<ClientNode<T>, Boolean> into) {
    boolean active = node.kind == Kind.ACTIVE_LEAF;
    for (ClientNode<T> child : node.ordered) {
      activeBelow(child, into);
      active |= into.getOrDefault(child, false);
    }
    into.put(node, active);
    return into;
  }

  private void collect(ClientNode<T> node, double chance, Map<ClientNode<T>, Boolean> active) {
    if (node.client != null) {
      chances.add(new Chance<>(node.client, chance));
      return;
    }
    double sum = 0;
    for (ClientNode<T> child : node.ordered) {
      sum += active.getOrDefault(child, false) ? child.weight : 0;
    }
    for (ClientNode<T> child : node.ordered) {
      if (active.getOrDefault(child, false)) {
        collect(child, chance * child.weight / sum, active);
      }
    }
  }
}
