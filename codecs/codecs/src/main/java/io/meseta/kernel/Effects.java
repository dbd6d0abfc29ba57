package io.meseta.kernel;

/** Where a core puts its effects. The shell flushes them in order after the core has returned. */
@FunctionalInterface
public interface Effects<E> {
  void emit(E effect);
}
