package io.meseta.resources;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds resources that can stand for wished ones, whatever they are reserved to. */
final class ResourceSearch {
  private ResourceSearch() {}

  static Optional<Resources> find(Resources available, Resources target) {
    Resources found = Resources.EMPTY;
    Resources left = available;
    for (Entry wish : target.entries()) {
      Resources part = findOne(left, wish);
      if (part == null) {
        return Optional.empty();
      }
      found = found.plus(part);
      left = left.minus(part);
    }
    return Optional.of(found);
  }

  private static @Nullable Resources findOne(Resources available, Entry wish) {
    Entry rest = wish.withStack(ReservationStack.NONE);
    ReservationStack stack = wish.identity().stack();
    List<Predicate<Identity>> preferences =
        List.of(
            identity -> !stack.isEmpty() && identity.isReservedTo(stack.role()),
            identity -> identity.stack().isEmpty(),
            identity -> true);
    Bag found = new Bag();
    boolean[] used = new boolean[available.size()];
    for (Predicate<Identity> preference : preferences) {
      for (int i = 0; i < used.length; i++) {
        Entry held = available.entries()[i];
        if (used[i] || !preference.test(held.identity())) {
          continue;
        }
        Entry plain = held.withStack(ReservationStack.NONE);
        if (plain.contains(rest)) {
          found.add(rest.withStack(held.identity().stack()));
          return found.toResources();
        }
        if (rest.contains(plain)) {
          used[i] = true;
          found.add(held);
          rest = rest.withAmount(rest.amount().minus(plain.amount()));
        }
      }
    }
    return null;
  }
}
