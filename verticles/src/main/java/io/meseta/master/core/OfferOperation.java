package io.meseta.master.core;

import io.meseta.schema.v1.Offer;

/**
 * One kind of operation on offers; one class each. The operation has its body, its resources are
 * valid and in the newest format.
 */
interface OfferOperation {
  void apply(Acceptance acceptance, Offer.Operation operation);
}
