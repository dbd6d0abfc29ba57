package io.meseta.kernel;

/**
 * The one shape of every algorithm in Meseta: inputs and the time go in, effects come out (D-3).
 *
 * <p>A core is a plain object owned by one shell (a verticle, or a simulation). It has no thread,
 * clock, future, callback, randomness or I/O of its own, so the same calls with the same arguments
 * always give the same effects. Asynchronous results come back as inputs that carry the request's
 * id.
 *
 * @param <I> a sealed interface of records: what can happen to this core
 * @param <E> a sealed interface of records: what this core wants done
 */
public interface Core<I, E> {
  /**
   * Handles one input. Effects are emitted in the order in which they must be carried out.
   *
   * @param nowNanos the time as {@link Clock#nanos()} gives it; never decreases from call to call
   */
  void on(I input, long nowNanos, Effects<? super E> effects);

  /** Lets everything that is due by {@code nowNanos} happen; a call too early does nothing. */
  void onTime(long nowNanos, Effects<? super E> effects);

  /** When the shell must call {@link #onTime} next, or {@link Long#MAX_VALUE} for never. */
  long wakeUpNanos();
}
