package io.meseta.master.core;

import io.meseta.resources.Resources;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.CommandInfo;
import io.meseta.schema.v1.ExecutorID;
import io.meseta.schema.v1.ExecutorInfo;
import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.TaskID;
import io.meseta.schema.v1.TaskInfo;
import java.util.Arrays;

/** Tasks, executors and operations for tests. */
final class Tasks {
  private Tasks() {}

  static TaskInfo.Builder task(String id, TestAgent agent) {
    return task(id, agent, "cpus:1;mem:64");
  }

  static TaskInfo.Builder task(String id, TestAgent agent, String resources) {
    return custom(id, agent, resources).setCommand(CommandInfo.newBuilder().setValue("true"));
  }

  /** Without a command. */
  static TaskInfo.Builder custom(String id, TestAgent agent, String resources) {
    return TaskInfo.newBuilder()
        .setName(id)
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setAgentId(AgentID.newBuilder().setValue(agent.id()))
        .addAllResources(Resources.parse(resources).toProto());
  }

  static ExecutorInfo.Builder executor(String id, String resources) {
    return ExecutorInfo.newBuilder()
        .setExecutorId(ExecutorID.newBuilder().setValue(id))
        .setCommand(CommandInfo.newBuilder().setValue("run"))
        .addAllResources(Resources.parse(resources).toProto());
  }

  static Offer.Operation launch(TaskInfo... tasks) {
    return Offer.Operation.newBuilder()
        .setType(Offer.Operation.Type.LAUNCH)
        .setLaunch(Offer.Operation.Launch.newBuilder().addAllTaskInfos(Arrays.asList(tasks)))
        .build();
  }
}
