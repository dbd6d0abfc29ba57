package io.meseta.agent;

import io.meseta.agent.core.AgentEffect;
import io.meseta.agent.core.AgentInput;
import io.meseta.isolation.containers.Sandbox;
import io.meseta.isolation.containers.SandboxException;
import io.meseta.isolation.containers.SandboxKey;
import io.meseta.isolation.containers.Sandboxes;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of sandboxes, on worker threads: one container's steps in order, different containers'
 * side by side (D-17). Belongs to the agent's context.
 */
final class SandboxWorkers {
  /** Threads; each serves the containers whose ids hash to it. */
  static final int THREADS = 4;

  private static final Logger LOG = LoggerFactory.getLogger(SandboxWorkers.class);

  private final Sandboxes sandboxes;
  private final Consumer<AgentInput> inputs;
  private final List<WorkerExecutor> workers = new ArrayList<>();

  /** Sandboxes of containers that the agent holds. */
  private final Map<String, Sandbox> byContainer = new HashMap<>();

  /**
   * @param name unique in the process
   * @param inputs takes the answers, on the context that asked
   */
  SandboxWorkers(Vertx vertx, String name, Sandboxes sandboxes, Consumer<AgentInput> inputs) {
    this.sandboxes = sandboxes;
    this.inputs = inputs;
    for (int i = 0; i < THREADS; i++) {
      workers.add(vertx.createSharedWorkerExecutor(name + "-sandbox-" + i, 1));
    }
  }

  void prepare(AgentEffect.PrepareSandbox prepare) {
    String containerId = prepare.containerId();
    worker(containerId)
        .executeBlocking(
            (Callable<Sandbox>)
                () ->
                    sandboxes.create(
                        new SandboxKey(
                            prepare.agentId(),
                            prepare.frameworkId(),
                            prepare.executorId(),
                            containerId),
                        prepare.user()))
        .onSuccess(
            sandbox -> {
              byContainer.put(containerId, sandbox);
              inputs.accept(new AgentInput.SandboxReady(containerId, sandbox.directory()));
            })
        .onFailure(
            failure -> inputs.accept(new AgentInput.SandboxFailed(containerId, text(failure))));
  }

  private static String text(Throwable failure) {
    return failure instanceof SandboxException
        ? String.valueOf(failure.getMessage())
        : "Failed to create executor directory: " + failure;
  }

  void tell(AgentEffect.TellSandbox tell) {
    Sandbox sandbox = byContainer.get(tell.containerId());
    if (sandbox == null) {
      return; // made by an earlier run of the agent
    }
    worker(tell.containerId())
        .executeBlocking(
            () ->
                Files.writeString(
                    sandbox.directory().resolve(tell.file()),
                    tell.line() + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND))
        .onFailure(
            failure ->
                LOG.atWarn()
                    .addKeyValue("container", tell.containerId())
                    .addKeyValue("cause", failure.toString())
                    .log("A line for the sandbox could not be written"));
  }

  void forget(String containerId) {
    byContainer.remove(containerId);
  }

  void linkLatest(String agentId) {
    workers
        .getFirst()
        .executeBlocking(
            () -> {
              sandboxes.linkLatestAgent(agentId);
              return agentId;
            })
        .onFailure(
            failure ->
                LOG.atWarn()
                    .addKeyValue("agent", agentId)
                    .addKeyValue("cause", failure.toString())
                    .log("The link slaves/latest could not be made"));
  }

  void close() {
    workers.forEach(WorkerExecutor::close);
  }

  private WorkerExecutor worker(String containerId) {
    return workers.get(Math.floorMod(containerId.hashCode(), THREADS));
  }
}
