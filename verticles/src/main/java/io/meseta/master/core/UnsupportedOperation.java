package io.meseta.master.core;

import io.meseta.schema.v1.Offer;

/** An operation of the protocol that this master does not do. */
final class UnsupportedOperation implements OfferOperation {
  private final Refusal refusal;

  UnsupportedOperation(Refusal refusal) {
    this.refusal = refusal;
  }

  @Override
  public void apply(Acceptance acceptance, Offer.Operation operation) {
    refusal.invalid(
        acceptance.framework(),
        operation,
        "This master does not support " + operation.getType() + " operations");
  }
}
