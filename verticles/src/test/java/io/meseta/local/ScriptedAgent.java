package io.meseta.local;

import io.meseta.api.Futures;
import io.meseta.link.AgentLink;
import io.meseta.link.BusAgentLink;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.v1.AgentInfo;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.Value;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import java.util.List;
import java.util.stream.Stream;

/** An agent that registers and is well, and runs nothing. */
final class ScriptedAgent {
  private final BusAgentLink link;
  private final Promise<String> id = Promise.promise();

  ScriptedAgent(LocalNode node, String hostname) {
    link = new BusAgentLink(node.vertx(), node.bus(), "local");
    Context context = node.vertx().getOrCreateContext();
    context.runOnContext(
        turn ->
            link.open(
                new AgentLink.Listener() {
                  @Override
                  public void opened(String session) {
                    link.send(session, register(hostname));
                  }

                  @Override
                  public void received(String session, MasterToAgent message) {
                    switch (message.getMessageCase()) {
                      case REGISTERED ->
                          id.tryComplete(message.getRegistered().getAgentId().getValue());
                      case PING ->
                          link.send(
                              session,
                              AgentToMaster.newBuilder()
                                  .setPong(AgentToMaster.Pong.getDefaultInstance())
                                  .build());
                      default -> {}
                    }
                  }

                  @Override
                  public void closed(String session) {}
                }));
  }

  String id() {
    return Futures.await(id.future());
  }

  private static AgentToMaster register(String hostname) {
    return AgentToMaster.newBuilder()
        .setRegister(
            AgentToMaster.Register.newBuilder()
                .setVersion("1.12.0")
                .addAllCapabilities(
                    Stream.of(
                            AgentInfo.Capability.Type.MULTI_ROLE,
                            AgentInfo.Capability.Type.HIERARCHICAL_ROLE,
                            AgentInfo.Capability.Type.RESERVATION_REFINEMENT,
                            AgentInfo.Capability.Type.RESOURCE_PROVIDER,
                            AgentInfo.Capability.Type.AGENT_OPERATION_FEEDBACK)
                        .map(type -> AgentInfo.Capability.newBuilder().setType(type).build())
                        .toList())
                .setAgentInfo(
                    AgentInfo.newBuilder()
                        .setHostname(hostname)
                        .setPort(5051)
                        .addAllResources(
                            List.of(
                                scalar("cpus", 4), scalar("mem", 4096), scalar("disk", 10000)))))
        .build();
  }

  private static Resource scalar(String name, double value) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(value))
        .build();
  }
}
