/**
 * The event bus, typed: what an address is, how its messages are encoded, and the only door to it
 * (D-27).
 *
 * <p>Each address is declared once, by the package that owns its messages, as an {@link
 * io.meseta.bus.Address}; all declarations of a process form its {@link io.meseta.bus.Catalogue}.
 * Messages pass by reference inside one JVM; only {@link io.meseta.schema.internal.v1.Envelope} can
 * leave it. Must not know what the messages mean. Start reading at {@link io.meseta.bus.Bus}.
 */
@NullMarked
package io.meseta.bus;

import org.jspecify.annotations.NullMarked;
