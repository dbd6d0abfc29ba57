package io.meseta.agent.core;

import io.meseta.isolation.containers.CommandLine;
import io.meseta.isolation.containers.TaskEnvironment;
import io.meseta.schema.v1.CommandInfo;
import io.meseta.schema.v1.ContainerInfo;
import io.meseta.schema.v1.DurationInfo;
import io.meseta.schema.v1.ExecutorID;
import io.meseta.schema.v1.ExecutorInfo;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.Value;
import java.time.Duration;
import java.util.Optional;

/** What the agent adds to a task that names no executor. */
final class CommandTask {
  /** what an executor process would need on top of its task. */
  private static final double EXECUTOR_CPUS = 0.1;

  private static final double EXECUTOR_MEM_MB = 32;

  /** longer commands are cut in the executor's name. */
  private static final int SHOWN_COMMAND = 15;

  private static final int CUT_COMMAND = 12;

  /** E-7: reaping takes up to a second, and the executor gets one more to report. */
  private static final Duration REPORTING_TIME = Duration.ofSeconds(2);

  private CommandTask() {}

  /** The executor that the agent makes up. */
  @SuppressWarnings("deprecation") // 'source' is deprecated, but existing readers look for it.
  static ExecutorInfo executor(FrameworkInfo framework, TaskInfo task, Duration defaultGrace) {
    String id = task.getTaskId().getValue();
    CommandInfo.Builder command = CommandInfo.newBuilder().setShell(false);
    if (task.getCommand().hasUser()) {
      command.setUser(task.getCommand().getUser());
    }
    command.addAllUris(task.getCommand().getUrisList());
    if (task.getCommand().hasEnvironment()) {
      command.setEnvironment(task.getCommand().getEnvironment());
    }
    ExecutorInfo.Builder executor =
        ExecutorInfo.newBuilder()
            .setExecutorId(ExecutorID.newBuilder().setValue(id))
            .setFrameworkId(framework.getId())
            .setCommand(command)
            .setName("Command Executor (Task: " + id + ") (Command: " + shown(task) + ")")
            .setSource(id)
            .addResources(scalar(task, "cpus", EXECUTOR_CPUS))
            .addResources(scalar(task, "mem", EXECUTOR_MEM_MB))
            .setShutdownGracePeriod(
                DurationInfo.newBuilder().setNanoseconds(grace(task, defaultGrace).toNanos()));
    if (task.hasContainer()) {
      executor.setContainer(task.getContainer());
    }
    if (task.hasLabels()) {
      executor.setLabels(task.getLabels());
    }
    if (task.hasDiscovery()) {
      executor.setDiscovery(task.getDiscovery());
    }
    return executor.build();
  }

  /** What is left for the task itself when its executor is told to shut down. */
  static Duration taskGrace(Duration executorGrace) {
    Duration grace = executorGrace.minus(REPORTING_TIME);
    return grace.isNegative() ? Duration.ZERO : grace;
  }

  /**
   * What this agent cannot do for a task, if anything. It is better refused than run in another way
   * than was asked for.
   */
  static Optional<String> unsupported(TaskInfo task) {
    if (task.hasExecutor()) {
      return Optional.of(
          "'TaskInfo.executor' is set, and this agent runs no executors but its own; set"
              + " 'TaskInfo.command'");
    }
    if (task.getCommand().getUrisCount() > 0) {
      return Optional.of(
          "'CommandInfo.uris' is set, and this agent cannot fetch; let the command get its files");
    }
    if (task.hasContainer()) {
      ContainerInfo container = task.getContainer();
      if (container.getType() == ContainerInfo.Type.DOCKER || container.hasDocker()) {
        return Optional.of("'ContainerInfo.type' DOCKER: this agent has no Docker containerizer");
      }
      if (container.getMesos().hasImage()) {
        return Optional.of("'ContainerInfo.mesos.image' is set, and this agent has no images");
      }
      if (container.getVolumesCount() > 0) {
        return Optional.of("'ContainerInfo.volumes' is set, and this agent cannot mount volumes");
      }
      if (container.hasTtyInfo()) {
        return Optional.of("'ContainerInfo.tty_info' is set, and this agent has no terminals");
      }
    }
    return TaskEnvironment.invalid(task.getCommand().getEnvironment());
  }

  private static Duration grace(TaskInfo task, Duration defaultGrace) {
    if (!task.hasKillPolicy() || !task.getKillPolicy().hasGracePeriod()) {
      return defaultGrace;
    }
    long nanos = Math.max(0, task.getKillPolicy().getGracePeriod().getNanoseconds());
    // Durations on the wire are 64 bits of nanoseconds.
    return Duration.ofNanos(Math.min(nanos, Long.MAX_VALUE - REPORTING_TIME.toNanos()))
        .plus(REPORTING_TIME);
  }

  private static String shown(TaskInfo task) {
    if (!task.hasCommand()) {
      return "NO COMMAND";
    }
    CommandInfo command = task.getCommand();
    if (command.getShell()) {
      String value = command.getValue();
      return "sh -c '"
          + (value.length() > SHOWN_COMMAND ? value.substring(0, CUT_COMMAND) + "..." : value)
          + "'";
    }
    if (CommandLine.invalid(command).isPresent()) {
      return "NO EXECUTABLE";
    }
    return "[" + command.getValue() + ", " + String.join(", ", command.getArgumentsList()) + "]";
  }

  private static Resource scalar(TaskInfo task, String name, double value) {
    Resource.Builder resource =
        Resource.newBuilder()
            .setName(name)
            .setType(Value.Type.SCALAR)
            .setScalar(Value.Scalar.newBuilder().setValue(value));
    if (task.getResourcesCount() > 0 && task.getResources(0).hasAllocationInfo()) {
      resource.setAllocationInfo(task.getResources(0).getAllocationInfo());
    }
    return resource.build();
  }
}
