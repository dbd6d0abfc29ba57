/**
 * A whole cluster in one seeded world (D-22): the cores of master, allocator, registry and agents
 * as they are in production, with model frameworks, processes, disks and networks around them that
 * fail on purpose.
 *
 * <p>Knows the cores and the engine in {@code io.meseta.testing.sim}, and no shell. Start at {@code
 * Cluster}; what must hold is in {@code Invariants}, what is planted to be found in {@code
 * Mutation}.
 */
@NullMarked
package io.meseta.bench.cluster;

import org.jspecify.annotations.NullMarked;
