/**
 * Reliable delivery of updates, one at a time per key (decision D-14): task statuses of an agent,
 * statuses of operations. It owns what is pending, what was acknowledged and when to send again
 * (agent-executor U-1 to U-16).
 *
 * <p>Must not know what an update says, where it is stored or how it travels. Start reading at
 * {@link io.meseta.log.streams.UpdateStreams}.
 */
@NullMarked
package io.meseta.log.streams;

import org.jspecify.annotations.NullMarked;
