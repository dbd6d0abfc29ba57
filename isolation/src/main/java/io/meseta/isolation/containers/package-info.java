/**
 * What a container is made of before a process exists, and what its end means: sandbox, command
 * line, environment, wait status.
 *
 * <p>Must not know how processes are started or watched ({@code supervisor}), nor any agent state.
 * Start reading at {@link io.meseta.isolation.containers.Sandboxes}.
 */
@NullMarked
package io.meseta.isolation.containers;

import org.jspecify.annotations.NullMarked;
