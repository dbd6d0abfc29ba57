package io.meseta.master.core;

import static io.meseta.master.core.Checks.require;

import io.meseta.kernel.Ids;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.AgentInfo;
import io.meseta.schema.v1.ExecutorInfo;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.Value;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a task must be like to be launched (V-30 to V-49); the first failure counts, in upstream's
 * order and words.
 */
final class TaskValidation {
  private TaskValidation() {}

  /** All rules for a task of LAUNCH. */
  static Optional<String> forLaunch(TaskInfo task, Acceptance acceptance) {
    return Checks.first(
        () -> common(task, acceptance),
        () ->
            require(
                task.getContainer().getLinuxInfo().getShareCgroups(),
                "Only tasks in a task group may have 'share_cgroups' set to 'false'"),
        () -> executor(task, acceptance),
        () -> total(task, acceptance));
  }

  /** The rules that hold for every task, in whatever way it is launched. */
  static Optional<String> common(TaskInfo task, Acceptance acceptance) {
    return Checks.first(
        () -> Ids.invalid(task.getTaskId().getValue()),
        () -> uniqueId(task, acceptance.framework()),
        () -> agent(task, acceptance.agent()),
        () ->
            require(
                task.getKillPolicy().getGracePeriod().getNanoseconds() >= 0,
                "Task's 'kill_policy.grace_period' must be non-negative"),
        () ->
            require(
                task.getMaxCompletionTime().getNanoseconds() >= 0,
                "Task's `max_completion_time` must be non-negative"),
        () ->
            task.hasCheck()
                ? HealthValidation.check(task.getCheck())
                    .map(reason -> "Task uses invalid check: " + reason)
                : Optional.empty(),
        () ->
            task.hasHealthCheck()
                ? HealthValidation.healthCheck(task.getHealthCheck())
                    .map(reason -> "Task uses invalid health check: " + reason)
                : Optional.empty(),
        () -> resources(task),
        () ->
            CommandValidation.validate(task.getCommand())
                .map(reason -> "Task's `CommandInfo` is invalid: " + reason),
        () ->
            ContainerValidation.validate(task.getContainer())
                .map(reason -> "Task's `ContainerInfo` is invalid: " + reason),
        () -> limits(task, acceptance.agent()));
  }

  private static Optional<String> uniqueId(TaskInfo task, FrameworkBook framework) {
    String id = task.getTaskId().getValue();
    if (framework.tasks.containsKey(id)) {
      return Optional.of("Task has duplicate ID: " + id);
    }
    return require(
        !framework.unreachableTasks.contains(id),
        "Task reuses the ID of an unreachable task: " + id);
  }

  private static Optional<String> agent(TaskInfo task, AgentBook agent) {
    String id = task.getAgentId().getValue();
    return require(
        id.equals(agent.id()),
        "Task uses invalid agent " + id + " while agent " + agent.id() + " is expected");
  }

  private static Optional<String> resources(TaskInfo task) {
    return Checks.first(
        () -> require(task.getResourcesCount() > 0, "Task uses no resources"),
        () ->
            ResourceUse.valid(task.getResourcesList())
                .map(reason -> "Task uses invalid resources: " + reason),
        () ->
            ResourceUse.uniquePersistenceIds(task.getResourcesList())
                .map(reason -> "Task uses duplicate persistence ID: " + reason),
        () ->
            ResourceUse.singleRole(task.getResourcesList())
                .map(reason -> "Invalid task resources: " + reason),
        () ->
            ResourceUse.notMixed(task.getResourcesList())
                .map(reason -> "Task mixes revocable and non-revocable resources: " + reason));
  }

  private static Optional<String> limits(TaskInfo task, AgentBook agent) {
    Map<String, Value.Scalar> limits = task.getLimitsMap();
    if (limits.isEmpty()) {
      return Optional.empty();
    }
    Resources request = Resources.of(task.getResourcesList());
    return Checks.first(
        () ->
            require(
                agent.has(AgentInfo.Capability.Type.TASK_RESOURCE_LIMITS),
                "Agent " + agent.id() + " does not support resource limits"),
        () ->
            require(
                Set.of("cpus", "mem").containsAll(limits.keySet()),
                "Only cpus and mem may be included in a task's resource limits"),
        () -> limit(limits, request, "cpus", "CPU", "cpu"),
        () -> limit(limits, request, "mem", "memory", "memory"));
  }

  private static Optional<String> limit(
      Map<String, Value.Scalar> limits, Resources request, String name, String title, String noun) {
    Value.Scalar limit = limits.get(name);
    if (limit == null) {
      return Optional.empty();
    }
    if (request.scalar(name).isEmpty()) {
      return Optional.of(
          "When a "
              + title
              + " limit is specified, a "
              + title
              + " request must also be specified");
    }
    return require(
        limit.getValue() >= request.scalar(name).getAsDouble(),
        "The " + noun + " limit must be greater than or equal to the " + noun + " request");
  }

  private static Optional<String> executor(TaskInfo task, Acceptance acceptance) {
    if (task.hasExecutor() == task.hasCommand()) {
      return Optional.of(
          "Task should have at least one (but not both) of CommandInfo or ExecutorInfo present");
    }
    if (!task.hasExecutor()) {
      return Optional.empty();
    }
    ExecutorInfo executor = task.getExecutor();
    return Checks.first(
        () ->
            require(
                !executor.hasType() || executor.getType() == ExecutorInfo.Type.CUSTOM,
                "'ExecutorInfo.type' must be 'CUSTOM'"),
        () -> ExecutorValidation.validate(executor, acceptance.framework(), acceptance.agent()),
        () ->
            require(
                !(executor.getContainer().getLinuxInfo().hasShareCgroups()
                    && executor.getContainer().getLinuxInfo().getShareCgroups()),
                "The 'share_cgroups' field cannot be set to 'true' on executor containers"),
        () ->
            require(
                executor.getResourcesList().stream().noneMatch(resource -> resource.hasShared()),
                "Executor resources "
                    + Resources.of(executor.getResourcesList())
                    + " should not contain any shared resources"));
  }

  /** V-42; an executor that runs already is not counted again. */
  private static Optional<String> total(TaskInfo task, Acceptance acceptance) {
    Resources total = Resources.of(task.getResourcesList());
    if (task.hasExecutor()) {
      boolean runs =
          acceptance
              .framework()
              .executor(acceptance.agent().id(), task.getExecutor().getExecutorId().getValue())
              .isPresent();
      Resources executor = Resources.of(task.getExecutor().getResourcesList());
      Resources both = total.plus(executor);
      Optional<String> clash =
          Checks.first(
              () ->
                  ResourceUse.uniquePersistenceIds(both.toProto())
                      .map(
                          reason ->
                              "Task and its executor use duplicate persistence ID: " + reason),
              () ->
                  ResourceUse.notMixed(both.toProto())
                      .map(
                          reason ->
                              "Task and its executor mix revocable and non-revocable resources: "
                                  + reason),
              () -> ResourceUse.disjoint(Resources.of(task.getResourcesList()), executor));
      if (clash.isPresent()) {
        return clash;
      }
      total = runs ? total : both;
    }
    return require(
        acceptance.remaining().contains(total),
        "Total resources "
            + total
            + " required by task and its executor is more than available "
            + acceptance.remaining());
  }
}
