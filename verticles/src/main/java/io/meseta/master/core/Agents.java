package io.meseta.master.core;

import com.google.protobuf.ByteString;
import io.meseta.allocator.AllocatorInput;
import io.meseta.kernel.Authorizer.Action;
import io.meseta.kernel.Authorizer.Target;
import io.meseta.kernel.Principal;
import io.meseta.schema.internal.v1.AdmitAgent;
import io.meseta.schema.internal.v1.AgentToMaster;
import io.meseta.schema.internal.v1.MarkAgentReachable;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.internal.v1.RegistryOperation;
import io.meseta.schema.internal.v1.RemoveAgent;
import io.meseta.schema.internal.v1.UpdateAgent;
import io.meseta.schema.v1.AgentInfo;
import java.util.Optional;

/**
 * Who may be an agent: admission of new ones and the return of known ones, each only when the
 * registry has it (agent-executor ). What a returning agent brings is {@link
 * AgentReturn}'s business.
 */
final class Agents {
  private final Term term;
  private final Registry registry;
  private final AgentLoss loss;
  private final AgentReturn returns;
  private final Pings pings;
  private long nextNumber;

  Agents(Term term, Registry registry, AgentLoss loss, AgentReturn returns, Pings pings) {
    this.term = term;
    this.registry = registry;
    this.loss = loss;
    this.returns = returns;
    this.pings = pings;
  }

  void register(String session, AgentToMaster.Register request, Principal principal) {
    term.meters().count("messages_register_slave");
    Optional<AgentBook> known = term.books().agentOf(session);
    if (known.isPresent()) {
      term.out().toLink(session, registered(known.get().id()));
      return;
    }
    if (registry.isWritingFor(session)) {
      return; // It asks again because the registry is slow.
    }
    AgentInfo asked = request.getAgentInfo().toBuilder().clearId().build();
    Optional<String> refusal =
        refusal(asked, principal)
            .or(() -> AgentResources.total(asked, request.getCheckpointedResourcesList()).error());
    if (refusal.isPresent()) {
      refuse(session, asked, refusal.get());
      return;
    }
    removePredecessor(asked);
    AgentInfo info = asked.toBuilder().setId(Statuses.agentId(nextId())).build();
    registry.append(
        RegistryOperation.newBuilder().setAdmitAgent(AdmitAgent.newBuilder().setAgent(info)),
        new Write.Admission(session, info, request));
  }

  private String nextId() {
    String id;
    do {
      id = term.masterId() + "-S" + nextNumber++;
    } while (isTaken(id));
    return id;
  }

  private boolean isTaken(String id) {
    Books books = term.books();
    return books.agents.containsKey(id)
        || books.recoveredAgents.containsKey(id)
        || books.unreachableAgents.contains(id)
        || books.goneAgents.contains(id);
  }

  /** An agent that starts anew in the place of one that is not connected: that one is dead. */
  private void removePredecessor(AgentInfo info) {
    term.books().agents.values().stream()
        .filter(agent -> !agent.isConnected())
        .filter(agent -> agent.info().getHostname().equals(info.getHostname()))
        .filter(agent -> agent.info().getPort() == info.getPort())
        .toList()
        .forEach(
            agent ->
                loss.begin(
                    agent, AgentLoss.Kind.REMOVED, "a new agent registered at the same address"));
  }

  /** The new agent is durable. */
  void admitted(Write.Admission write) {
    if (registry.takeAbandoned(write.session())) {
      // It never learned this id and will ask for another one.
      registry.append(
          RegistryOperation.newBuilder()
              .setRemoveAgent(RemoveAgent.newBuilder().setAgentId(write.info().getId())),
          new Write.Withdrawal(write.info().getId().getValue()));
      return;
    }
    AgentToMaster.Register request = write.request();
    AgentBook agent =
        new AgentBook(
            write.info(),
            request.getVersion(),
            request.getCapabilitiesList(),
            resourceVersion(request.hasResourceVersionUuid(), request.getResourceVersionUuid()),
            AgentResources.total(write.info(), request.getCheckpointedResourcesList()).resources(),
            term.now());
    if (request.hasAddress()) {
      agent.moveTo(request.getAddress());
    }
    enter(agent, write.session());
    term.out().toLink(write.session(), registered(agent.id()));
    pings.ping(agent);
    term.out()
        .info(
            "Agent registered",
            "agent",
            agent.id(),
            "hostname",
            agent.info().getHostname(),
            "resources",
            agent.total());
  }

  private void enter(AgentBook agent, String session) {
    term.books().agents.put(agent.id(), agent);
    term.books().agentOfSession.put(session, agent.id());
    agent.connect(session);
    term.out()
        .toAllocator(
            new AllocatorInput.AddAgent(
                agent.id(), agent.info(), agent.capabilities(), agent.total(), agent.used()));
    term.views().agent(agent);
  }

  void reregister(String session, AgentToMaster.Reregister request, Principal principal) {
    term.meters().count("messages_reregister_slave");
    AgentInfo info = request.getAgentInfo();
    String id = info.getId().getValue();
    if (id.isEmpty()) {
      refuse(session, info, "An agent without an id must register, not re-register");
      return;
    }
    if (term.books().goneAgents.contains(id)) {
      shutDown(session, "Agent has been marked gone");
      return;
    }
    if (registry.isWritingFor(session) || registry.isWritingAgent(id)) {
      return; // It asks again.
    }
    Optional<String> refusal = refusal(info, principal);
    if (refusal.isPresent()) {
      refuse(session, info, refusal.get());
      return;
    }
    Optional<AgentBook> known = term.books().agent(id);
    Optional<String> contradiction =
        known
            .filter(agent -> !agent.info().getHostname().equals(info.getHostname()))
            .map(agent -> "Agent attempted to re-register with different IP / hostname")
            .or(() -> AgentResources.total(info, request.getCheckpointedResourcesList()).error());
    if (contradiction.isPresent()) {
      shutDown(session, contradiction.get());
      return;
    }
    readmit(session, request, known);
  }

  /** Writes what the registry does not know yet; goes on at once if there is nothing to write. */
  private void readmit(
      String session, AgentToMaster.Reregister request, Optional<AgentBook> known) {
    AgentInfo info = request.getAgentInfo();
    String id = info.getId().getValue();
    Optional<AgentInfo> written =
        known
            .map(AgentBook::info)
            .or(() -> Optional.ofNullable(term.books().recoveredAgents.get(id)));
    Write.Origin origin =
        known.isPresent()
            ? Write.Origin.REGISTERED
            : written.isPresent()
                ? Write.Origin.RECOVERED
                : term.books().unreachableAgents.contains(id)
                    ? Write.Origin.UNREACHABLE
                    : Write.Origin.UNKNOWN;
    Write.Readmission write = new Write.Readmission(session, request, origin);
    if (written.filter(info::equals).isPresent()) {
      readmitted(write);
    } else if (written.isPresent()) {
      registry.append(
          RegistryOperation.newBuilder().setUpdateAgent(UpdateAgent.newBuilder().setAgent(info)),
          write);
    } else {
      registry.append(
          RegistryOperation.newBuilder()
              .setMarkAgentReachable(MarkAgentReachable.newBuilder().setAgent(info)),
          write);
    }
  }

  /** The registry has the agent as it describes itself now. */
  void readmitted(Write.Readmission write) {
    AgentToMaster.Reregister request = write.request();
    AgentInfo info = request.getAgentInfo();
    String id = info.getId().getValue();
    if (registry.takeAbandoned(write.session())) {
      abandoned(info, write.origin());
      return;
    }
    Optional<AgentBook> known = term.books().agent(id);
    if (known.isPresent()) {
      returns.backAgain(known.get(), write.session(), request);
    } else {
      term.books().recoveredAgents.remove(id);
      term.books().unreachableAgents.remove(id);
      term.timers().cancel(new Alarm.AgentReturn(id));
      AgentBook agent =
          new AgentBook(
              info,
              request.getVersion(),
              request.getCapabilitiesList(),
              resourceVersion(request.hasResourceVersionUuid(), request.getResourceVersionUuid()),
              AgentResources.total(info, request.getCheckpointedResourcesList()).resources(),
              term.now());
      if (request.hasAddress()) {
        agent.moveTo(request.getAddress());
      }
      returns.fillNew(agent, request);
      enter(agent, write.session());
      returns.newcomer(agent, write.session(), request, write.origin());
      pings.ping(agent);
    }
    term.out()
        .info(
            "Agent re-registered",
            "agent",
            id,
            "hostname",
            info.getHostname(),
            "was",
            write.origin());
  }

  /**
   * Its link closed while the write was on its way: the registry has it, so it may come back any
   * time.
   */
  private void abandoned(AgentInfo info, Write.Origin origin) {
    String id = info.getId().getValue();
    if (origin == Write.Origin.REGISTERED) {
      return;
    }
    term.books().unreachableAgents.remove(id);
    term.books().recoveredAgents.put(id, info);
    term.timers()
        .set(
            new Alarm.AgentReturn(id),
            term.now() + term.options().agentReregisterTimeout().toNanos());
  }

  void linkClosed(String session) {
    registry.abandon(session);
    term.books().agentOf(session).ifPresent(loss::disconnect);
  }

  void unregister(AgentBook agent) {
    term.meters().count("messages_unregister_slave");
    loss.begin(agent, AgentLoss.Kind.REMOVED, "agent unregistered");
  }

  /** The registry would not have it: the agent may try again over a new link. */
  void notWritten(String session, String reason) {
    registry.takeAbandoned(session);
    term.out().closeLink(session, reason);
  }

  private Optional<String> refusal(AgentInfo info, Principal principal) {
    if (!term.authorizer().authorized(principal, Action.REGISTER_AGENT, Target.ANY)) {
      return Optional.of("Principal " + principal + " is not authorized to register agents");
    }
    if (info.getHostname().isEmpty()) {
      return Optional.of("AgentInfo.hostname must not be empty");
    }
    if (info.hasDomain() && !term.info().hasDomain()) {
      return Optional.of(
          "The agent has a domain but the master has none; start the master with --domain");
    }
    return Optional.empty();
  }

  private void refuse(String session, AgentInfo info, String reason) {
    term.out()
        .warn(
            "Refused an agent",
            "hostname",
            info.getHostname(),
            "agent",
            info.getId().getValue(),
            "reason",
            reason);
    term.out().closeLink(session, reason);
  }

  private void shutDown(String session, String reason) {
    term.out().warn("Shutting an agent down", "session", session, "reason", reason);
    term.out()
        .toLink(
            session,
            MasterToAgent.newBuilder()
                .setShutdown(MasterToAgent.Shutdown.newBuilder().setMessage(reason))
                .build());
  }

  private MasterToAgent registered(String id) {
    return MasterToAgent.newBuilder()
        .setRegistered(
            MasterToAgent.Registered.newBuilder()
                .setAgentId(Statuses.agentId(id))
                .setTotalPingTimeoutMillis(term.options().totalPingTimeout().toMillis()))
        .build();
  }

  static Optional<ByteString> resourceVersion(boolean present, ByteString uuid) {
    return present ? Optional.of(uuid) : Optional.empty();
  }
}
