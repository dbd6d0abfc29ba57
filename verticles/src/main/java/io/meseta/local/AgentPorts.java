package io.meseta.local;

import io.meseta.agent.AgentOptions;

/** Tells an agent the port that was really opened for it. */
final class AgentPorts {
  private AgentPorts() {}

  static AgentOptions bound(AgentOptions o, int port) {
    return new AgentOptions(
        o.workDir(),
        o.runtimeDir(),
        o.ip(),
        port,
        o.advertiseIp(),
        o.advertisePort(),
        o.hostname(),
        o.hostnameLookup(),
        o.resources(),
        o.defaultRole(),
        o.attributes(),
        o.registrationBackoffFactor(),
        o.executorShutdownGracePeriod(),
        o.executorReregistrationTimeout(),
        o.recoveryTimeout(),
        o.executorEnvironmentVariables(),
        o.switchUser());
  }
}
