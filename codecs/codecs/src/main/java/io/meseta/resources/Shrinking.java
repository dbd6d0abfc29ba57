package io.meseta.resources;

import io.meseta.kernel.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Cuts a bag down to a target. Objects are taken in random order, so that repeated cuts do not
 * always spare the same disk; an indivisible object that does not fit is left out.
 */
public final class Shrinking {
  private Shrinking() {}

  /**
   * At most these quantities of the bag; names without a quantity are left out.
   *
   * @throws IllegalArgumentException if a name of the target is not a scalar in the bag
   */
  public static Resources shrink(Resources bag, ResourceQuantities target, Rng rng) {
    return shrink(bag, new TreeMap<>(target.toMap()), false, rng);
  }

  /**
   * As much of the bag as the limits permit; names without a limit are kept whole.
   *
   * @throws IllegalArgumentException if a limited name is not a scalar in the bag
   */
  public static Resources shrink(Resources bag, ResourceLimits limits, Rng rng) {
    return limits.isEmpty() ? bag : shrink(bag, new TreeMap<>(limits.toMap()), true, rng);
  }

  private static Resources shrink(
      Resources bag, TreeMap<String, Long> left, boolean keepOthers, Rng rng) {
    List<Entry> order = new ArrayList<>(Arrays.asList(bag.entries()));
    rng.shuffle(order);
    Bag result = new Bag();
    for (Entry entry : order) {
      String name = entry.identity().name();
      Long target = left.get(name);
      if (target == null) {
        if (keepOthers) {
          result.add(entry);
        }
        continue;
      }
      if (!(entry.amount() instanceof Amount.Scalar(long millis))) {
        throw new IllegalArgumentException("not a scalar resource: " + entry);
      }
      if (target > 0 && (millis <= target || !entry.identity().isIndivisible())) {
        long kept = Math.min(millis, target);
        result.add(kept == millis ? entry : entry.withAmount(new Amount.Scalar(kept)));
        left.put(name, target - kept);
      }
    }
    return result.toResources();
  }
}
