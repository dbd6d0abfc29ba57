package io.meseta.agent;

import io.meseta.link.AgentLink;
import io.vertx.core.VerticleBase;

/** The shell of one agent. */
public final class AgentVerticle extends VerticleBase {
  private final AgentOptions options;
  private final AgentLink link;

  /**
   * @param link the way to the master; belongs to this verticle from now on
   */
  public AgentVerticle(AgentOptions options, AgentLink link) {
    this.options = options;
    this.link = link;
  }
}
