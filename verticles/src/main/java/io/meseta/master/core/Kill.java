package io.meseta.master.core;

import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.v1.scheduler.Call;
import java.util.LinkedHashSet;

/** KILL: to the agent, now or when it is back; for an unknown task it is a question (8.5). */
final class Kill {
  private final Term term;
  private final Reconcile reconcile;

  Kill(Term term, Reconcile reconcile) {
    this.term = term;
    this.reconcile = reconcile;
  }

  void on(FrameworkBook framework, Call.Kill call) {
    TaskBook task = framework.tasks.get(call.getTaskId().getValue());
    if (task == null) {
      reconcile.explicit(
          framework, call.getTaskId(), call.hasAgentId() ? call.getAgentId().getValue() : "");
      return;
    }
    if (call.hasAgentId() && !call.getAgentId().getValue().equals(task.agentId())) {
      // Upstream is silent here; the framework had better learn where its task is.
      term.out()
          .warn(
              "Not killing a task that runs on another agent than the call says",
              "framework",
              framework.id(),
              "task",
              task.id(),
              "agent",
              task.agentId(),
              "called",
              call.getAgentId().getValue());
      reconcile.explicit(framework, call.getTaskId(), task.agentId());
      return;
    }
    AgentBook agent =
        term.books()
            .agent(task.agentId())
            .orElseThrow(
                () -> new IllegalStateException("task " + task.id() + " is on an unknown agent"));
    MasterToAgent.KillTask.Builder kill =
        MasterToAgent.KillTask.newBuilder()
            .setFrameworkId(framework.info().getId())
            .setTaskId(call.getTaskId());
    if (call.hasKillPolicy()) {
      kill.setKillPolicy(call.getKillPolicy());
    }
    boolean sent = term.out().toAgent(agent, MasterToAgent.newBuilder().setKillTask(kill).build());
    if (!sent) {
      agent
          .pendingKills
          .computeIfAbsent(framework.id(), id -> new LinkedHashSet<>())
          .add(task.id());
    }
  }
}
