package io.meseta.allocator;

import java.util.List;

/**
 * Decides who is served first: roles among each other, and frameworks within one role.
 *
 * <p>Clients are named by paths ({@code a/b} competes inside {@code a}); new ones are inactive and
 * not listed, but what they hold still weighs on their ancestors. Unknown paths are
 * programming errors.
 *
 * @param <T> what is sorted
 */
interface Sorter<T> {
  /** A new client, inactive and holding nothing. */
  void add(String path, T client);

  /** Forgets the client and what it holds. */
  void remove(String path);

  void activate(String path);

  void deactivate(String path);

  /** The weight with which a node competes with its siblings; may precede the client. */
  void setWeight(String path, double weight);

  /** The client got something: counts as one allocation. */
  void allocated(String path, Footprint footprint);

  void unallocated(String path, Footprint footprint);

  /** What the client holds has changed its form, for example by a reservation; not counted. */
  void updated(String path, Footprint before, Footprint after);

  boolean contains(String path);

  /** How many clients there are, inactive ones too. */
  int count();

  /** The active clients, who deserves most first. The list is not changed by later calls. */
  List<T> sort();
}
