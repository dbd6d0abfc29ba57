/**
 * Publishes what cores and shells count (D-20). The only package that knows Micrometer.
 *
 * <p>Start reading at {@link io.meseta.metrics.MicrometerMeters}.
 */
@NullMarked
package io.meseta.metrics;

import org.jspecify.annotations.NullMarked;
