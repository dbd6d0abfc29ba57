package io.meseta.cli;

import io.meseta.client.SchedulerClientOptions;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.CommandInfo;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.TaskID;
import io.meseta.schema.v1.TaskInfo;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * A small real framework for a first look: it runs a few tasks, shows what they do and write, and
 * sums up.
 */
final class Demo {
  private final String master;
  private final PrintStream out;

  /**
   * @param master HOST:PORT
   */
  Demo(String master, PrintStream out) {
    this.master = master;
    this.out = out;
  }

  private record Script(String name, String command) {}

  private static final List<Script> SCRIPTS =
      List.of(
          new Script("hello", "echo \"Hello from $(hostname), as $(id -un), in $PWD\""),
          new Script("count", "for i in 1 2 3; do echo \"step $i of 3\"; sleep 0.2; done"),
          new Script(
              "sum", "echo \"1 + 2 + … + 1000 = $(seq 1000 | awk '{ s += $1 } END { print s }')\""),
          new Script("disk", "df -h . | tail -n 1"));

  /**
   * Runs it on a cluster that is ready.
   *
   * @return the exit code: whether every task finished
   */
  int run() throws InterruptedException {
    Vertx vertx = Vertx.vertx();
    long begin = System.nanoTime();
    out.println("demo: subscribing a framework to http://" + master + "/api/v1/scheduler");
    OutputFollower output = new OutputFollower(vertx, out, out, true);
    try (FrameworkSession session =
        new FrameworkSession(
            vertx,
            SchedulerClientOptions.of(List.of(master)),
            tasks(),
            run -> {
              run.status()
                  .ifPresent(
                      status ->
                          out.println(
                              "demo: "
                                  + run.id()
                                  + " "
                                  + status.getState()
                                  + (status.getMessage().isEmpty()
                                      ? ""
                                      : ": " + status.getMessage())));
              output.watch(run);
            })) {
      session.start(
          FrameworkInfo.newBuilder()
              .setUser(System.getProperty("user.name"))
              .setName("demo")
              .addRoles("*")
              .addAllCapabilities(Capabilities.MODERN)
              .build());
      boolean good = session.await(Optional.empty());
      output.finish();
      summarize(session, (System.nanoTime() - begin) / 1_000_000);
      return good ? ExitCode.DONE : ExitCode.FAILED;
    } catch (ExecutionException e) {
      out.println("demo: failed: " + e.getCause().getMessage());
      return ExitCode.FAILED;
    } finally {
      vertx.close();
    }
  }

  private void summarize(FrameworkSession session, long millis) {
    long finished = session.tasks().runs().stream().filter(TaskRun.Run::isFinished).count();
    int all = session.tasks().runs().size();
    long agents =
        session.tasks().runs().stream()
            .flatMap(run -> run.place().stream())
            .map(offer -> offer.getAgentId().getValue())
            .distinct()
            .count();
    out.println();
    out.println(
        "demo: "
            + finished
            + " of "
            + all
            + " tasks finished on "
            + agents
            + (agents == 1 ? " agent" : " agents")
            + " in "
            + millis
            + " ms, framework "
            + session.frameworkId().map(id -> id.getValue()).orElse("?"));
  }

  private static List<TaskInfo> tasks() {
    List<TaskInfo> tasks = new ArrayList<>();
    for (Script script : SCRIPTS) {
      tasks.add(
          TaskInfo.newBuilder()
              .setName(script.name())
              .setTaskId(TaskID.newBuilder().setValue(script.name()))
              .setAgentId(AgentID.newBuilder().setValue(""))
              .setCommand(CommandInfo.newBuilder().setValue(script.command()))
              .addAllResources(Resources.parse("cpus:0.1;mem:32").toProto())
              .build());
    }
    return tasks;
  }
}
