package io.meseta.master.core;

import static io.meseta.master.core.Checks.require;

import io.meseta.kernel.Ids;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.ContainerInfo;
import io.meseta.schema.v1.ExecutorInfo;
import io.meseta.schema.v1.Label;
import io.meseta.schema.v1.Labels;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an executor must be like (V-50 to V-56). */
final class ExecutorValidation {
  private ExecutorValidation() {}

  static Optional<String> validate(
      ExecutorInfo executor, FrameworkBook framework, AgentBook agent) {
    return Checks.first(
        () -> type(executor),
        () -> Ids.invalid(executor.getExecutorId().getValue()),
        () -> frameworkId(executor, framework),
        () ->
            require(
                executor.getShutdownGracePeriod().getNanoseconds() >= 0,
                "ExecutorInfo's 'shutdown_grace_period' must be non-negative"),
        () -> resources(executor),
        () ->
            CommandValidation.validate(executor.getCommand())
                .map(reason -> "Executor's `CommandInfo` is invalid: " + reason),
        () ->
            ContainerValidation.validate(executor.getContainer())
                .map(reason -> "Executor's `ContainerInfo` is invalid: " + reason),
        () -> compatible(executor, framework, agent));
  }

  private static Optional<String> type(ExecutorInfo executor) {
    return switch (executor.hasType() ? executor.getType() : ExecutorInfo.Type.CUSTOM) {
      case DEFAULT -> defaultExecutor(executor);
      case CUSTOM ->
          require(
              executor.hasCommand(), "'ExecutorInfo.command' must be set for 'CUSTOM' executor");
      case UNKNOWN -> Optional.empty();
    };
  }

  private static Optional<String> defaultExecutor(ExecutorInfo executor) {
    return Checks.first(
        () ->
            require(
                !executor.hasCommand(),
                "'ExecutorInfo.command' must not be set for 'DEFAULT' executor"),
        () ->
            require(
                !executor.hasContainer()
                    || executor.getContainer().getType() == ContainerInfo.Type.MESOS,
                "'ExecutorInfo.container.type' must be 'MESOS' for 'DEFAULT' executor"),
        () ->
            require(
                !executor.getContainer().getMesos().hasImage(),
                "'ExecutorInfo.container.mesos.image' must not be set for 'DEFAULT' executor"));
  }

  private static Optional<String> frameworkId(ExecutorInfo executor, FrameworkBook framework) {
    String id = executor.getFrameworkId().getValue();
    return Checks.first(
        () -> require(executor.hasFrameworkId(), "'ExecutorInfo.framework_id' must be set"),
        () ->
            require(
                id.equals(framework.id()),
                "ExecutorInfo has an invalid FrameworkID (Actual: "
                    + id
                    + " vs Expected: "
                    + framework.id()
                    + ")"));
  }

  private static Optional<String> resources(ExecutorInfo executor) {
    return Checks.first(
        () ->
            ResourceUse.valid(executor.getResourcesList())
                .map(reason -> "Executor uses invalid resources: " + reason),
        () ->
            ResourceUse.uniquePersistenceIds(executor.getResourcesList())
                .map(reason -> "Executor uses duplicate persistence ID: " + reason),
        () ->
            ResourceUse.singleRole(executor.getResourcesList())
                .map(reason -> "Invalid executor resources: " + reason),
        () ->
            ResourceUse.notMixed(executor.getResourcesList())
                .map(reason -> "Executor mixes revocable and non-revocable resources: " + reason));
  }

  /** An executor that runs on the agent must be described as it was when it started. */
  private static Optional<String> compatible(
      ExecutorInfo executor, FrameworkBook framework, AgentBook agent) {
    String id = executor.getExecutorId().getValue();
    return framework
        .executor(agent.id(), id)
        .filter(running -> !same(running, executor))
        .map(
            running ->
                "ExecutorInfo is not compatible with existing ExecutorInfo with the same ExecutorID '"
                    + id
                    + "'");
  }

  /** Order means nothing in resources and labels. */
  private static boolean same(ExecutorInfo a, ExecutorInfo b) {
    return Resources.of(a.getResourcesList()).equals(Resources.of(b.getResourcesList()))
        && unordered(a.getLabels()).equals(unordered(b.getLabels()))
        && a.getLabels().getLabelsCount() == b.getLabels().getLabelsCount()
        && rest(a).equals(rest(b));
  }

  private static Set<Label> unordered(Labels labels) {
    List<Label> list = labels.getLabelsList();
    return new HashSet<>(list);
  }

  private static ExecutorInfo rest(ExecutorInfo executor) {
    return executor.toBuilder().clearResources().clearLabels().build();
  }
}
