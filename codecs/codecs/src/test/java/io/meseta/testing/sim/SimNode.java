package io.meseta.testing.sim;

import io.meseta.kernel.Core;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * A process that runs one core: hands it inputs and the time, and carries out its effects in order.
 * A crash discards the core; whatever was planned for the old incarnation is dropped, as it would
 * be with a real process.
 */
public final class SimNode<I, E> {
  private final World world;
  private final String name;
  private final Supplier<? extends Core<I, E>> birth;
  private final BiConsumer<SimNode<I, E>, E> carryOut;
  private Core<I, E> core;
  private int incarnation;
  private long plannedWakeUp = Long.MAX_VALUE;

  /**
   * @param birth makes the core of each incarnation
   * @param carryOut does what an effect asks for; may call back into this or other nodes through
   *     {@link #later}
   */
  public SimNode(
      World world,
      String name,
      Supplier<? extends Core<I, E>> birth,
      BiConsumer<SimNode<I, E>, E> carryOut) {
    this.world = world;
    this.name = name;
    this.birth = birth;
    this.carryOut = carryOut;
  }

  public String name() {
    return name;
  }

  public boolean isUp() {
    return core != null;
  }

  public int incarnation() {
    return incarnation;
  }

  /** The running core; only for looking. */
  public Core<I, E> core() {
    if (core == null) {
      throw new IllegalStateException(name + " is down");
    }
    return core;
  }

  public void start() {
    if (core != null) {
      throw new IllegalStateException(name + " is up already");
    }
    incarnation++;
    core = birth.get();
    plannedWakeUp = Long.MAX_VALUE;
    planWakeUp();
  }

  public void crash() {
    core = null;
    world.trace(() -> name + " crashed");
  }

  /** Gives the core an input now; nothing happens if the node is down. */
  public void deliver(I input) {
    if (core == null) {
      return;
    }
    List<E> effects = new ArrayList<>();
    core.on(input, world.nowNanos(), effects::add);
    finish(effects);
  }

  /** Gives this incarnation an input later; dropped if it has crashed by then. */
  public void later(long delayNanos, String what, I input) {
    int target = incarnation;
    world.after(
        delayNanos,
        name + " <- " + what,
        () -> {
          if (incarnation == target) {
            deliver(input);
          }
        });
  }

  private void finish(List<E> effects) {
    int target = incarnation;
    for (E effect : effects) {
      if (core == null || incarnation != target) {
        return;
      }
      carryOut.accept(this, effect);
    }
    planWakeUp();
  }

  private void planWakeUp() {
    if (core == null) {
      return;
    }
    long due = core.wakeUpNanos();
    if (due == Long.MAX_VALUE || due >= plannedWakeUp) {
      return;
    }
    plannedWakeUp = due;
    int target = incarnation;
    world.at(
        due,
        name + " wakes",
        () -> {
          if (incarnation != target || core == null || plannedWakeUp != due) {
            return; // an earlier time was planned since, and planned the next one
          }
          plannedWakeUp = Long.MAX_VALUE;
          List<E> effects = new ArrayList<>();
          core.onTime(world.nowNanos(), effects::add);
          finish(effects);
        });
  }
}
