package io.meseta.master.core;

import io.meseta.schema.internal.v1.RegistryOperation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Numbers the changes of the registry and remembers what each was for until it is durable. */
final class Registry {
  private final Outbox out;
  private final Map<Long, Write> pending = new HashMap<>();
  private final Set<String> sessions = new HashSet<>();
  private final Set<String> agents = new HashSet<>();
  private final Set<String> abandoned = new HashSet<>();
  private long nextOperation = 1;

  Registry(Outbox out) {
    this.out = out;
  }

  void append(RegistryOperation.Builder operation, Write write) {
    long number = nextOperation++;
    pending.put(number, write);
    sessionOf(write).ifPresent(sessions::add);
    agentOf(write).ifPresent(agents::add);
    out.emit(new MasterEffect.Append(number, operation.setDecidedAtNanos(out.now()).build()));
  }

  /** What the finished operation was for; empty if it is not one of this term. */
  Optional<Write> take(long operation) {
    Optional<Write> write = Optional.ofNullable(pending.remove(operation));
    write.flatMap(Registry::sessionOf).ifPresent(sessions::remove);
    write.flatMap(Registry::agentOf).ifPresent(agents::remove);
    return write;
  }

  /** An admission or readmission over this link is being written. */
  boolean isWritingFor(String session) {
    return sessions.contains(session);
  }

  /** A return or a loss of this agent is being written. */
  boolean isWritingAgent(String agentId) {
    return agents.contains(agentId);
  }

  /** The link closed while an admission or readmission over it is being written. */
  void abandon(String session) {
    if (sessions.contains(session)) {
      abandoned.add(session);
    }
  }

  /** Whether the link closed while the write was on its way; asked once. */
  boolean takeAbandoned(String session) {
    return abandoned.remove(session);
  }

  private static Optional<String> sessionOf(Write write) {
    return switch (write) {
      case Write.Admission admission -> Optional.of(admission.session());
      case Write.Readmission readmission -> Optional.of(readmission.session());
      case Write.FrameworkChange f -> Optional.empty();
      case Write.Loss l -> Optional.empty();
      case Write.RecoveredLoss l -> Optional.empty();
      case Write.Withdrawal w -> Optional.empty();
    };
  }

  private static Optional<String> agentOf(Write write) {
    return switch (write) {
      case Write.Readmission readmission ->
          Optional.of(readmission.request().getAgentInfo().getId().getValue());
      case Write.Loss loss -> Optional.of(loss.agentId());
      case Write.RecoveredLoss loss -> Optional.of(loss.agentId());
      case Write.Withdrawal withdrawal -> Optional.of(withdrawal.agentId());
      case Write.Admission a -> Optional.empty();
      case Write.FrameworkChange f -> Optional.empty();
    };
  }
}
