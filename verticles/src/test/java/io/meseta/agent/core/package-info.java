/**
 * Tests of the agent's core. Start with {@link io.meseta.agent.core.AgentFixture}: an agent with a
 * model supervisor and a virtual clock.
 */
@NullMarked
package io.meseta.agent.core;

import org.jspecify.annotations.NullMarked;
