/**
 * The simulation engine (D-22): virtual time, an unreliable network, crashes and restarts, all from
 * one seed.
 *
 * <p>A test builds a {@link io.meseta.testing.sim.World}, puts {@link io.meseta.testing.sim.SimNode
 * nodes} around real cores, routes their effects over the {@link io.meseta.testing.sim.SimNetwork},
 * and checks invariants after every step. A failing seed replays exactly: {@link
 * io.meseta.testing.sim.Seeds} prints it with the end of the trace.
 */
package io.meseta.testing.sim;
