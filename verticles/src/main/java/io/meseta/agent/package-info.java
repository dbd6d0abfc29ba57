/**
 * The shell of an agent: flags, detection of the machine's resources, and the verticle that carries
 * out the effects of {@link io.meseta.agent.core.Agent} on the link, the journal, the sandboxes and
 * the supervisor.
 *
 * <p>Must not decide anything about tasks: that is the core's. Start reading at {@link
 * io.meseta.agent.AgentVerticle}.
 */
@NullMarked
package io.meseta.agent;

import org.jspecify.annotations.NullMarked;
