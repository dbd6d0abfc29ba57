/**
 * The agent as a pure core: frameworks, executors and tasks on one node, registration with a
 * master, task launch and kill, status updates, recovery.
 *
 * <p>Must not know Vert.x, threads, files, processes or clocks (D-3). Start reading at {@link
 * io.meseta.agent.core.Agent}.
 */
@NullMarked
package io.meseta.agent.core;

import org.jspecify.annotations.NullMarked;
