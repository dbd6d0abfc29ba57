/**
 * Who is offered what: hierarchical dominant resource fairness with weights, filters and
 * suppression.
 *
 * <p>{@link io.meseta.allocator.Allocator} is the core (pure, deterministic); it owns the books of
 * agents, frameworks and roles as far as allocation needs them and must not know tasks, offers ids,
 * HTTP or Vert.x. Only the shell, {@link io.meseta.allocator.AllocatorVerticle}, knows Vert.x.
 * Inside, quantities are arrays of thousandths over interned names ({@code Quantities}); {@link
 * io.meseta.resources.Resources} appear where metadata matters.
 *
 * <p>Start reading at {@link io.meseta.allocator.AllocatorInput}, then {@code Allocator} (what an
 * input does), {@code Books} (who has what), {@code AllocationRun} with its stages (who gets what)
 * and {@code DrfSorter} (who comes first).
 */
@NullMarked
package io.meseta.allocator;

import org.jspecify.annotations.NullMarked;
