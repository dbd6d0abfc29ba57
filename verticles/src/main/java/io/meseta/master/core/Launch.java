package io.meseta.master.core;

import io.meseta.kernel.Authorizer.Action;
import io.meseta.kernel.Authorizer.Target;
import io.meseta.resources.Resources;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.v1.HealthCheck;
import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.Task;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus.Reason;
import java.util.Optional;

/** LAUNCH: each task stands or falls for itself. */
final class Launch implements OfferOperation {
  private final Term term;
  private final TaskLedger ledger;
  private final Refusal refusal;

  Launch(Term term, TaskLedger ledger, Refusal refusal) {
    this.term = term;
    this.ledger = ledger;
    this.refusal = refusal;
  }

  @Override
  public void apply(Acceptance acceptance, Offer.Operation operation) {
    if (operation.hasId()) {
      refusal.invalid(
          acceptance.framework(), operation, "The `id` field cannot be set on LAUNCH operations");
      return;
    }
    for (TaskInfo task : operation.getLaunch().getTaskInfosList()) {
      launch(acceptance, normalize(task, acceptance.framework()));
    }
  }

  /** what old schedulers leave out. */
  private static TaskInfo normalize(TaskInfo task, FrameworkBook framework) {
    TaskInfo.Builder normal = task.toBuilder();
    if (task.hasExecutor() && !task.getExecutor().hasFrameworkId()) {
      normal.getExecutorBuilder().setFrameworkId(framework.info().getId());
    }
    HealthCheck check = task.getHealthCheck();
    if (task.hasHealthCheck() && !check.hasType() && check.hasCommand() != check.hasHttp()) {
      normal
          .getHealthCheckBuilder()
          .setType(check.hasCommand() ? HealthCheck.Type.COMMAND : HealthCheck.Type.HTTP);
    }
    return normal.build();
  }

  private void launch(Acceptance acceptance, TaskInfo task) {
    FrameworkBook framework = acceptance.framework();
    String user = userOf(task, framework);
    if (!term.authorizer().authorized(acceptance.principal(), Action.RUN_TASK, Target.of(user))) {
      refusal.task(
          framework,
          task,
          TaskState.TASK_ERROR,
          Reason.REASON_TASK_UNAUTHORIZED,
          "Not authorized to launch as user '" + user + "'");
      return;
    }
    Optional<String> error = TaskValidation.forLaunch(task, acceptance);
    if (error.isPresent()) {
      refusal.task(framework, task, TaskState.TASK_ERROR, Reason.REASON_TASK_INVALID, error.get());
      return;
    }
    start(acceptance, task, user);
  }

  private void start(Acceptance acceptance, TaskInfo task, String user) {
    FrameworkBook framework = acceptance.framework();
    AgentBook agent = acceptance.agent();
    Resources taken = Resources.of(task.getResourcesList());
    boolean newExecutor = true;
    if (task.hasExecutor()) {
      newExecutor = ledger.addExecutor(framework, agent, task.getExecutor());
      if (newExecutor) {
        taken = taken.plus(Resources.of(task.getExecutor().getResourcesList()));
      }
    }
    acceptance.launch(taken);
    ledger.add(framework, agent, describe(task, framework, user));
    MasterToAgent.RunTask.Builder run =
        MasterToAgent.RunTask.newBuilder()
            .setFramework(framework.info())
            .setTask(task)
            .setLaunchExecutor(newExecutor);
    agent.resourceVersion().ifPresent(run::setResourceVersionUuid);
    term.out().toAgent(agent, MasterToAgent.newBuilder().setRunTask(run).build());
    term.out()
        .info(
            "Launching task",
            "framework",
            framework.id(),
            "task",
            task.getTaskId().getValue(),
            "agent",
            agent.id());
  }

  private static Task describe(TaskInfo task, FrameworkBook framework, String user) {
    Task.Builder description =
        Task.newBuilder()
            .setName(task.getName())
            .setTaskId(task.getTaskId())
            .setFrameworkId(framework.info().getId())
            .setAgentId(task.getAgentId())
            .setState(TaskState.TASK_STAGING)
            .addAllResources(task.getResourcesList())
            .putAllLimits(task.getLimitsMap())
            .setUser(user);
    if (task.hasExecutor()) {
      description.setExecutorId(task.getExecutor().getExecutorId());
    }
    if (task.hasLabels()) {
      description.setLabels(task.getLabels());
    }
    if (task.hasDiscovery()) {
      description.setDiscovery(task.getDiscovery());
    }
    if (task.hasContainer()) {
      description.setContainer(task.getContainer());
    }
    if (task.hasHealthCheck()) {
      description.setHealthCheck(task.getHealthCheck());
    }
    if (task.hasKillPolicy()) {
      description.setKillPolicy(task.getKillPolicy());
    }
    return description.build();
  }

  private static String userOf(TaskInfo task, FrameworkBook framework) {
    if (task.getCommand().hasUser()) {
      return task.getCommand().getUser();
    }
    if (task.getExecutor().getCommand().hasUser()) {
      return task.getExecutor().getCommand().getUser();
    }
    return framework.info().getUser();
  }
}
