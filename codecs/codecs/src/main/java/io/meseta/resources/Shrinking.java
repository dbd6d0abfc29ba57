package io.meseta.resources;

import io.meseta.kernel.Rng;
import io.meseta.schema.v1.Resource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /**
   * One scalar cut to at most {@code targetMillis} thousandths; empty if it would have to be
   * divided and cannot be, or nothing would be left.
   *
   * @throws IllegalArgumentException if the resource is invalid or no scalar
   */
  public static Optional<Resource> shrink(Resource resource, long targetMillis) {
    for (Entry entry : Resources.of(resource).entries()) {
      return shrink(entry, targetMillis).map(Entry::toProto);
    }
    return Optional.of(resource);
  }

  private static Optional<Entry> shrink(Entry entry, long targetMillis) {
    if (!(entry.amount() instanceof Amount.Scalar(long millis))) {
      throw new IllegalArgumentException("not a scalar resource: " + entry);
    }
    if (millis <= targetMillis) {
      return Optional.of(entry);
    }
    return targetMillis <= 0 || entry.identity().isIndivisible()
        ? Optional.empty()
        : Optional.of(entry.withAmount(new Amount.Scalar(targetMillis)));
  }

  private static Resources shrink(
      Resources bag, Map<String, Long> left, boolean keepOthers, Rng rng) {
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
      shrink(entry, target)
          .ifPresent(
              kept -> {
                result.add(kept);
                left.put(name, target - kept.amount().millis());
              });
    }
    return result.toResources();
  }
}
