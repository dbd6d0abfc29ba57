package io.meseta.agent.core;

import com.google.protobuf.ByteString;
import io.meseta.kernel.Ids;
import io.meseta.kernel.Rng;
import io.meseta.kernel.Timers;
import io.meseta.schema.v1.AgentID;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the parts of an agent share: who and what is on it. Owned by {@link Agent}. */
final class Books {
  final AgentConfig config;
  final Rng rng;
  final Ledger ledger = new Ledger();
  final Timers<TimerKey> timers = new Timers<>();

  /** launches that assume other resources than these are refused. */
  final ByteString resourceVersion;

  Optional<AgentID> agentId = Optional.empty();
  Agent.State state = Agent.State.RECOVERING;

  private final Map<String, Framework> frameworks = new LinkedHashMap<>();
  private final Map<String, Executor> byContainer = new LinkedHashMap<>();

  Books(AgentConfig config, Rng rng) {
    this.config = config;
    this.rng = rng;
    this.resourceVersion = ByteString.copyFrom(Ids.bytes(Ids.uuid(rng)));
  }

  Optional<Framework> framework(String id) {
    return Optional.ofNullable(frameworks.get(id));
  }

  Collection<Framework> frameworks() {
    return frameworks.values();
  }

  void add(Framework framework) {
    frameworks.put(framework.id(), framework);
  }

  void remove(Framework framework) {
    frameworks.remove(framework.id());
  }

  Optional<Executor> container(String containerId) {
    return Optional.ofNullable(byContainer.get(containerId));
  }

  /** A copy: what is done with them may remove them. */
  List<Executor> executors() {
    return new ArrayList<>(byContainer.values());
  }

  int executorCount() {
    return byContainer.size();
  }

  void add(Executor executor) {
    executor.framework.executors.put(executor.id(), executor);
    byContainer.put(executor.containerId, executor);
  }

  void remove(Executor executor) {
    executor.framework.executors.remove(executor.id(), executor);
    byContainer.remove(executor.containerId);
    timers.cancel(new TimerKey.Wake(executor.containerId));
    timers.cancel(new TimerKey.Destroy(executor.containerId));
  }

  /** The task's executor run, if the task is known. */
  Optional<Executor> task(TaskKey key) {
    // The executor made up for a command task has the task's id.
    return framework(key.frameworkId())
        .map(framework -> framework.executors.get(key.taskId()))
        .filter(executor -> executor.taskKey().equals(key));
  }
}
