/**
 * How agents and the leading master talk (D-9): sessions, their order, and what carries them.
 *
 * <p>Owns sessions alone. Must not know what the messages mean. Start reading at {@link
 * io.meseta.link.AgentLink}; {@link io.meseta.link.LinkSession} holds the rules, {@link
 * io.meseta.link.BusAgentLink} and {@link io.meseta.link.LinkGate} are the two ends inside one
 * process.
 */
@NullMarked
package io.meseta.link;

import org.jspecify.annotations.NullMarked;
