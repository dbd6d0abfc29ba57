/**
 * What the rest of an agent sees of isolation: ports whose forms (in this JVM, in a supervisor JVM
 * of its own, on another platform) can change without it.
 *
 * <p>Must not know any form: no native calls, files or threads. Start reading at {@link
 * io.meseta.isolation.api.Supervisor}.
 */
@NullMarked
package io.meseta.isolation.api;

import org.jspecify.annotations.NullMarked;
