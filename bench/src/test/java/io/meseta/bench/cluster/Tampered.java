package io.meseta.bench.cluster;

import io.meseta.kernel.Core;
import io.meseta.kernel.Effects;
import java.util.function.Consumer;

/**
 * A core between two hands: what goes in and what comes out may be changed, dropped or doubled on
 * the way. Time passes through.
 */
final class Tampered<I, E> implements Core<I, E> {
  /** What is done to inputs and effects; nothing, unless overridden. */
  interface Hand<I, E> {
    default void input(I input, Consumer<I> core) {
      core.accept(input);
    }

    default void effect(E effect, Consumer<E> shell) {
      shell.accept(effect);
    }
  }

  /** Sees what goes in and comes out. */
  interface Witness<I, E> {
    void input(I input);

    void effect(E effect);

    /** Whatever was handled is handled. */
    void done();
  }

  private final Core<I, E> core;
  private final Hand<I, E> hand;
  private final Witness<I, E> witness;

  /**
   * @param witness stands outside: it sees inputs as they were meant, and effects as they are
   */
  Tampered(Core<I, E> core, Hand<I, E> hand, Witness<I, E> witness) {
    this.core = core;
    this.hand = hand;
    this.witness = witness;
  }

  @Override
  public void on(I input, long nowNanos, Effects<? super E> effects) {
    witness.input(input);
    hand.input(input, actual -> core.on(actual, nowNanos, outside(effects)));
    witness.done();
  }

  @Override
  public void onTime(long nowNanos, Effects<? super E> effects) {
    core.onTime(nowNanos, outside(effects));
    witness.done();
  }

  @Override
  public long wakeUpNanos() {
    return core.wakeUpNanos();
  }

  private Effects<E> outside(Effects<? super E> effects) {
    return effect ->
        hand.effect(
            effect,
            actual -> {
              witness.effect(actual);
              effects.emit(actual);
            });
  }
}
