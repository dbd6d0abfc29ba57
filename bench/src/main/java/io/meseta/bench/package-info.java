/**
 * Benchmarks: micro (JMH) and whole-system, all behind {@code meseta bench}, and the simulation of
 * a whole cluster.
 *
 * <p>Owns measuring and the table of what must be reached. Whole-system runs start the product as
 * users do, through {@code bin/meseta}, and talk to it on loopback only. Start reading at {@link
 * io.meseta.bench.BenchCommand}.
 */
@NullMarked
package io.meseta.bench;

import org.jspecify.annotations.NullMarked;
