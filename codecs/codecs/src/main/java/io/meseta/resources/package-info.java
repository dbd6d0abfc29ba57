/**
 * The resource algebra: what an agent has, what is offered, used, reserved and converted.
 *
 * <p>Owns the values {@link io.meseta.resources.Resources} (a normalised bag), {@link
 * io.meseta.resources.ResourceQuantities}, {@link io.meseta.resources.ResourceLimits}, {@link
 * io.meseta.resources.Ranges} and {@link io.meseta.resources.Scalars}; their text, JSON and
 * protobuf forms; the validity rules of one resource; the three reservation formats on the wire;
 * what offer operations do to a bag. All values are immutable and may be shared between threads.
 *
 * <p>Must not know masters, agents, frameworks, files or time. Protobuf messages appear only at the
 * border; inside, scalars are {@code long} thousandths and ranges are sorted arrays. Start reading
 * at {@link io.meseta.resources.Resources}.
 */
@NullMarked
package io.meseta.resources;

import org.jspecify.annotations.NullMarked;
