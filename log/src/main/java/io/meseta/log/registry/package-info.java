/**
 * The registry: what the master must never forget (admitted, unreachable and gone agents, quota,
 * weights, maintenance, frameworks and their tombstones, the cluster's id and version), as a core
 * that turns operations into journal records (decision D-11, replicated-log section 4).
 *
 * <p>Must not know masters, HTTP or event loops, nor which journal is below. Start reading at
 * {@link io.meseta.log.registry.Registry}; the rules of each operation are in the classes named
 * {@code …Rules}.
 */
@NullMarked
package io.meseta.log.registry;

import org.jspecify.annotations.NullMarked;
