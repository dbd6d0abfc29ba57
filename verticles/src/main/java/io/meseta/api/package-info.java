/**
 * The HTTP side of masters and agents: one {@link io.meseta.api.ApiVerticle} per core, all sharing
 * one port.
 *
 * <p>Owns connections, the order of checks of a call (scheduler-api 1.1), encodings and what is on
 * its way to each client. Knows nothing of the cluster's state: calls go to the owner over the bus,
 * and what comes back is written as it comes. Start reading at {@link io.meseta.api.Router} for
 * paths, {@link io.meseta.api.SchedulerEndpoint} for the order of checks and {@link
 * io.meseta.api.MasterConnection} for the way to the master.
 */
@NullMarked
package io.meseta.api;

import org.jspecify.annotations.NullMarked;
