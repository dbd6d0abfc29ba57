/**
 * What every core needs and nothing more: time, timers, randomness, ids, meters, flags, principals,
 * and the input/effect convention of a core (decisions D-1, D-3, D-18 to D-20).
 *
 * <p>Must not know Vert.x, files, threads or any Mesos concept beyond a principal. Start reading at
 * {@link io.meseta.kernel.Core}.
 */
@NullMarked
package io.meseta.kernel;

import org.jspecify.annotations.NullMarked;
