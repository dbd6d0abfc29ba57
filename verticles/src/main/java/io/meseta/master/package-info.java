/**
 * The shell of the leading master (D-4, D-12): one verticle that owns a {@link
 * io.meseta.master.core.Master}, hands it what arrives on the bus and carries out what it wants.
 *
 * <p>Owns the order of things: effects leave in the order in which the core emitted them, one
 * message per tick and API instance. Must not know HTTP, encodings, or what an agent does. Start
 * reading at {@link io.meseta.master.MasterVerticle}; {@link io.meseta.master.MasterAddresses}
 * lists what it listens to.
 */
@NullMarked
package io.meseta.master;

import org.jspecify.annotations.NullMarked;
