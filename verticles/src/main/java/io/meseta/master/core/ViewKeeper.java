package io.meseta.master.core;

import io.meseta.schema.v1.ExecutorInfo;
import io.meseta.schema.v1.master.Response;
import java.util.Optional;

/** Keeps the views in step with the books and publishes each change (D-7, D-8). */
final class ViewKeeper {
  private final Views views;
  private final Outbox out;
  private boolean peersChanged;

  ViewKeeper(Views views, Outbox out) {
    this.views = views;
    this.out = out;
  }

  void task(TaskBook task) {
    put(View.Kind.TASK, taskId(task), task.toProto());
  }

  void taskUnreachable(TaskBook task) {
    remove(View.Kind.TASK, taskId(task));
    put(View.Kind.UNREACHABLE_TASK, taskId(task), task.toProto());
  }

  void unreachableTaskForgotten(TaskBook task) {
    remove(View.Kind.UNREACHABLE_TASK, taskId(task));
  }

  void taskCompleted(FrameworkBook.CompletedTask completed) {
    remove(View.Kind.TASK, taskId(completed.task()));
    remove(View.Kind.UNREACHABLE_TASK, taskId(completed.task()));
    put(View.Kind.COMPLETED_TASK, completedId(completed), completed.task().toProto());
  }

  void completedTaskForgotten(FrameworkBook.CompletedTask completed) {
    remove(View.Kind.COMPLETED_TASK, completedId(completed));
  }

  void executor(String agentId, ExecutorInfo executor) {
    put(
        View.Kind.EXECUTOR,
        executorId(
            executor.getFrameworkId().getValue(), agentId, executor.getExecutorId().getValue()),
        Response.GetExecutors.Executor.newBuilder()
            .setExecutorInfo(executor)
            .setAgentId(Statuses.agentId(agentId))
            .build());
  }

  void executorRemoved(String frameworkId, String agentId, String executorId) {
    remove(View.Kind.EXECUTOR, executorId(frameworkId, agentId, executorId));
  }

  void framework(FrameworkBook framework) {
    peersChanged = true;
    put(View.Kind.FRAMEWORK, framework.id(), describe(framework));
  }

  void frameworkCompleted(FrameworkBook framework) {
    peersChanged = true;
    remove(View.Kind.FRAMEWORK, framework.id());
    put(View.Kind.COMPLETED_FRAMEWORK, framework.id(), describe(framework));
  }

  void completedFrameworkForgotten(FrameworkBook framework) {
    framework.completedTasks.values().forEach(this::completedTaskForgotten);
    remove(View.Kind.COMPLETED_FRAMEWORK, framework.id());
  }

  void agent(AgentBook agent) {
    peersChanged = true;
    Response.GetAgents.Agent.Builder view =
        Response.GetAgents.Agent.newBuilder()
            .setAgentInfo(agent.info())
            .setActive(agent.isActive())
            .setVersion(agent.version())
            .setPid("slave(1)@" + agent.info().getHostname() + ":" + agent.info().getPort())
            .setRegisteredTime(Statuses.time(agent.registeredNanos()))
            .addAllTotalResources(agent.total().toProto())
            .addAllCapabilities(agent.capabilities());
    agent.reregisteredNanos().ifPresent(nanos -> view.setReregisteredTime(Statuses.time(nanos)));
    put(View.Kind.AGENT, agent.id(), view.build());
  }

  void agentRemoved(AgentBook agent) {
    peersChanged = true;
    remove(View.Kind.AGENT, agent.id());
  }

  /** Whether a framework or an agent has changed since this was last asked. */
  boolean takePeersChanged() {
    boolean taken = peersChanged;
    peersChanged = false;
    return taken;
  }

  private static Response.GetFrameworks.Framework describe(FrameworkBook framework) {
    Response.GetFrameworks.Framework.Builder view =
        Response.GetFrameworks.Framework.newBuilder()
            .setFrameworkInfo(framework.info())
            .setActive(framework.isActive())
            .setConnected(framework.isConnected())
            .setRecovered(framework.state() == FrameworkBook.State.RECOVERED);
    framework.registeredNanos().ifPresent(nanos -> view.setRegisteredTime(Statuses.time(nanos)));
    framework
        .reregisteredNanos()
        .ifPresent(nanos -> view.setReregisteredTime(Statuses.time(nanos)));
    framework
        .unregisteredNanos()
        .ifPresent(nanos -> view.setUnregisteredTime(Statuses.time(nanos)));
    return view.build();
  }

  private void put(View.Kind kind, String id, com.google.protobuf.MessageLite message) {
    out.publish(views.put(new View(kind, id, message.toByteString())));
  }

  private void remove(View.Kind kind, String id) {
    Optional<Change> change = views.remove(kind, id);
    change.ifPresent(out::publish);
  }

  private static String taskId(TaskBook task) {
    return task.frameworkId() + "/" + task.id();
  }

  private static String completedId(FrameworkBook.CompletedTask completed) {
    return taskId(completed.task()) + "#" + completed.number();
  }

  private static String executorId(String frameworkId, String agentId, String executorId) {
    return frameworkId + "/" + agentId + "/" + executorId;
  }
}
