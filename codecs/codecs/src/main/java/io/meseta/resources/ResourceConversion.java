package io.meseta.resources;

/**
 * One step of an offer operation: a bag gives {@code consumed} and gets {@code converted}.
 *
 * @param goneAfter what the result must no longer contain (a destroyed volume of which other copies
 *     are in use); empty for no such condition
 */
public record ResourceConversion(Resources consumed, Resources converted, Resources goneAfter) {
  public ResourceConversion(Resources consumed, Resources converted) {
    this(consumed, converted, Resources.EMPTY);
  }

  /** Applies this step to a bag. */
  public ApplyResult applyTo(Resources bag) {
    if (!bag.contains(consumed)) {
      return new ApplyResult.Refused(bag + " does not contain " + consumed);
    }
    Resources result = bag.minus(consumed).plus(converted);
    if (!goneAfter.isEmpty() && result.contains(goneAfter)) {
      return new ApplyResult.Refused(
          "Persistent volume " + goneAfter + " cannot be removed due to additional shared copies");
    }
    return new ApplyResult.Applied(result);
  }
}
