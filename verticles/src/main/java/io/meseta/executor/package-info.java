/**
 * The built-in executors: state machines that run in the agent's context (D-17) and behave to
 * frameworks like executor processes.
 *
 * <p>Must not know the agent's books, containers other than their own, or how updates travel. Start
 * reading at {@link io.meseta.executor.CommandExecutor}.
 */
@NullMarked
package io.meseta.executor;

import org.jspecify.annotations.NullMarked;
