package io.meseta.log.registry;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sorted map whose changed copies share all but a path with the original, so that a
 * change of a large registry costs microseconds and old views stay valid (REG-11). A balanced (AVL)
 * tree; iterates over the values in the order of the keys.
 */
public final class PersistentMap<V> implements Iterable<V> {
  private record Node<V>(
      String key, V value, @Nullable Node<V> left, @Nullable Node<V> right, int height, int size) {}

  private static final PersistentMap<?> EMPTY = new PersistentMap<>(null);

  private final @Nullable Node<V> root;

  private PersistentMap(@Nullable Node<V> root) {
    this.root = root;
  }

  // An empty map holds no value, so it is one of every type.
  @SuppressWarnings("unchecked")
  public static <V> PersistentMap<V> empty() {
    return (PersistentMap<V>) EMPTY;
  }

  public int size() {
    return size(root);
  }

  public boolean contains(String key) {
    return get(key).isPresent();
  }

  public Optional<V> get(String key) {
    Node<V> node = root;
    while (node != null) {
      int order = key.compareTo(node.key);
      if (order == 0) {
        return Optional.of(node.value);
      }
      node = order < 0 ? node.left : node.right;
    }
    return Optional.empty();
  }

  /** A map that has {@code value} at {@code key}. */
  public PersistentMap<V> put(String key, V value) {
    return new PersistentMap<>(put(root, key, value));
  }

  /** A map without {@code key}; this one if it has none. */
  public PersistentMap<V> remove(String key) {
    return contains(key) ? new PersistentMap<>(remove(root, key)) : this;
  }

  private static <V> Node<V> put(@Nullable Node<V> node, String key, V value) {
    if (node == null) {
      return node(key, value, null, null);
    }
    int order = key.compareTo(node.key);
    if (order == 0) {
      return node(key, value, node.left, node.right);
    }
    return order < 0
        ? balanced(node, put(node.left, key, value), node.right)
        : balanced(node, node.left, put(node.right, key, value));
  }

  private static <V> @Nullable Node<V> remove(@Nullable Node<V> node, String key) {
    if (node == null) {
      return null;
    }
    int order = key.compareTo(node.key);
    if (order < 0) {
      return balanced(node, remove(node.left, key), node.right);
    }
    if (order > 0) {
      return balanced(node, node.left, remove(node.right, key));
    }
    if (node.left == null || node.right == null) {
      return node.left == null ? node.right : node.left;
    }
    Node<V> next = node.right;
    while (next.left != null) {
      next = next.left;
    }
    return balanced(next, node.left, remove(node.right, next.key));
  }

  /** A node with the entry of {@code of} over two trees whose heights differ by at most two. */
  private static <V> Node<V> balanced(Node<V> of, @Nullable Node<V> left, @Nullable Node<V> right) {
    int tilt = height(left) - height(right);
    if (left != null && tilt > 1) {
      Node<V> inner = left.right;
      return inner == null || height(left.left) >= height(inner)
          ? over(left, left.left, over(of, left.right, right))
          : over(inner, over(left, left.left, inner.left), over(of, inner.right, right));
    }
    if (right != null && tilt < -1) {
      Node<V> inner = right.left;
      return inner == null || height(right.right) >= height(inner)
          ? over(right, over(of, left, right.left), right.right)
          : over(inner, over(of, left, inner.left), over(right, inner.right, right.right));
    }
    return over(of, left, right);
  }

  private static <V> Node<V> over(Node<V> of, @Nullable Node<V> left, @Nullable Node<V> right) {
    return node(of.key, of.value, left, right);
  }

  private static <V> Node<V> node(
      String key, V value, @Nullable Node<V> left, @Nullable Node<V> right) {
    return new Node<>(
        key,
        value,
        left,
        right,
        1 + Math.max(height(left), height(right)),
        1 + size(left) + size(right));
  }

  private static int height(@Nullable Node<?> node) {
    return node == null ? 0 : node.height;
  }

  private static int size(@Nullable Node<?> node) {
    return node == null ? 0 : node.size;
  }

  /** Levels of the tree, for the test of its balance. */
  int height() {
    return height(root);
  }

  @Override
  public Iterator<V> iterator() {
    return new Ascending<>(root);
  }

  private static final class Ascending<V> implements Iterator<V> {
    private final Deque<Node<V>> path = new ArrayDeque<>();

    Ascending(@Nullable Node<V> root) {
      descend(root);
    }

    private void descend(@Nullable Node<V> from) {
      for (Node<V> node = from; node != null; node = node.left) {
        path.push(node);
      }
    }

    @Override
    public boolean hasNext() {
      return !path.isEmpty();
    }

    @Override
    public V next() {
      if (path.isEmpty()) {
        throw new NoSuchElementException();
      }
      Node<V> node = path.pop();
      descend(node.right);
      return node.value;
    }
  }
}
