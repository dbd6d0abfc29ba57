package io.meseta.master.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.kernel.Rng;
import io.meseta.resources.Resources;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.v1.ExecutorInfo;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.Offer;
import io.meseta.schema.v1.Resource;
import io.meseta.schema.v1.TaskInfo;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.testing.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Frameworks, agents, links, the registry and time do what they like, from a seed. The fixture
 * audits the books after every single input; here it is checked besides that no task is launched
 * twice and that agents are never given more than they have.
 */
class MasterRandomTest {
  private static final int SEEDS = 25;
  private static final int STEPS = 300;

  @Test
  @Scenario("books balance")
  void theBooksBalanceWhateverHappens() {
    long launched = 0;
    long lost = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      World world = new World(seed);
      try {
        world.run();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ", step " + world.step, e);
      }
      launched += world.everLaunched.size();
      lost += world.fixture.count("slave_removals");
    }
    assertTrue(launched > 10L * SEEDS, "the runs do something: " + launched);
    assertTrue(lost > SEEDS / 2, "agents are lost: " + lost);
  }

  /** An agent that does what it is told. */
  private static final class ModelAgent {
    final TestAgent link;
    final Resources total;
    final Map<String, TaskInfo> running = new HashMap<>();
    final Map<String, ExecutorInfo> executors = new HashMap<>();
    int read;
    boolean connected = true;

    ModelAgent(TestAgent link, Resources total) {
      this.link = link;
      this.total = total;
    }

    boolean isAdmitted(MasterFixture fixture) {
      return fixture.master.books().agents.containsKey(idOrEmpty());
    }

    String idOrEmpty() {
      try {
        return link.id();
      } catch (java.util.NoSuchElementException e) {
        return "";
      }
    }
  }

  private static final class World {
    final Rng rng;
    final MasterFixture fixture = new MasterFixture(o -> o.offerTimeout(Duration.ofSeconds(20)));
    final List<TestFramework> frameworks = new ArrayList<>();
    final List<ModelAgent> agents = new ArrayList<>();
    final Set<String> everLaunched = new HashSet<>();
    int step;
    int nextTask;

    World(long seed) {
      rng = Rng.seeded(seed);
    }

    void run() {
      subscribe();
      subscribe();
      newAgent();
      newAgent();
      for (step = 0; step < STEPS; step++) {
        act();
        agents.forEach(this::obey);
      }
      fixture.releaseRegistry();
      assertTrue(fixture.resigned.isEmpty());
    }

    void act() {
      switch (rng.nextInt(20)) {
        case 0 -> subscribe();
        case 1 -> newAgent();
        case 2, 3, 4 -> offer();
        case 5, 6, 7 -> {
          offer();
          accept();
        }
        case 8 -> decline();
        case 9, 10, 11 -> update();
        case 12, 13 -> acknowledge();
        case 14 -> breakOrMendLink();
        case 15 -> leaveOrComeBack();
        case 16 -> kill();
        case 17 -> fixture.advance(Duration.ofSeconds(rng.nextInt(rng.chance(0.1) ? 100 : 20)));
        case 18 -> {
          if (rng.chance(0.2)) {
            fixture.holdRegistry();
          } else {
            fixture.releaseRegistry();
          }
        }
        default ->
            agents.stream()
                .filter(agent -> agent.connected && rng.chance(0.9))
                .forEach(agent -> agent.link.pong());
      }
    }

    void subscribe() {
      if (frameworks.size() < 4) {
        TestFramework.Setup setup =
            fixture.framework().checkpoint(rng.chance(0.5)).failoverTimeout(rng.nextInt(60));
        if (rng.chance(0.5)) {
          setup.without(FrameworkInfo.Capability.Type.PARTITION_AWARE);
        }
        frameworks.add(setup.subscribe());
      }
    }

    void newAgent() {
      if (agents.size() < 4) {
        String resources = "cpus:8;mem:1000;ports:[1-100]";
        agents.add(
            new ModelAgent(
                fixture.agent().hostname("h" + agents.size()).resources(resources).register(),
                Resources.parse(resources)));
      }
    }

    void offer() {
      if (frameworks.isEmpty() || agents.isEmpty()) {
        return;
      }
      ModelAgent agent = any(agents);
      AgentBook book = fixture.master.books().agents.get(agent.idOrEmpty());
      if (book == null) {
        return;
      }
      Resources free = book.total();
      for (Resources used : book.used().values()) {
        free = free.minus(used.unallocate());
      }
      for (String id : book.offers) {
        free = free.minus(fixture.master.books().offers.get(id).resources().unallocate());
      }
      String some = "cpus:" + (1 + rng.nextInt(4)) + ";mem:" + (1 + rng.nextInt(300));
      if (free.contains(Resources.parse(some))) {
        fixture.allocate(any(frameworks), agent.link, "r1", some);
      }
    }

    void accept() {
      if (frameworks.isEmpty()) {
        return;
      }
      TestFramework framework = any(frameworks);
      List<Offer> offers = framework.offers();
      if (offers.isEmpty()) {
        return;
      }
      Offer offer = offers.get(Math.max(0, offers.size() - 1 - rng.nextInt(3)));
      List<TaskInfo> tasks = new ArrayList<>();
      for (int i = rng.nextInt(3); i >= 0; i--) {
        // Some ids are used again, as careless schedulers do.
        String id = "t" + (rng.chance(0.1) ? Math.max(0, nextTask - 1) : nextTask++);
        TaskInfo.Builder task =
            TaskInfo.newBuilder()
                .setName(id)
                .setTaskId(io.meseta.schema.v1.TaskID.newBuilder().setValue(id))
                .setAgentId(offer.getAgentId())
                .addAllResources(
                    Resources.parse("cpus:0.5;mem:" + (1 + rng.nextInt(100))).toProto());
        if (rng.chance(0.3)) {
          task.setExecutor(Tasks.executor("e" + rng.nextInt(2), "cpus:0.1;mem:10"));
        } else {
          task.setCommand(io.meseta.schema.v1.CommandInfo.newBuilder().setValue("true"));
        }
        tasks.add(task.build());
      }
      framework.launch(offer, tasks.toArray(new TaskInfo[0]));
    }

    void decline() {
      if (!frameworks.isEmpty()) {
        TestFramework framework = any(frameworks);
        List<Offer> offers = framework.offers();
        if (!offers.isEmpty()) {
          framework.decline(offers.getLast(), 0);
        }
      }
    }

    void update() {
      ModelAgent agent = anyRunning();
      if (agent == null) {
        return;
      }
      String key = any(agent.running.keySet().stream().sorted().toList());
      TaskState state = rng.chance(0.5) ? TaskState.TASK_RUNNING : TaskState.TASK_FINISHED;
      TestFramework framework = frameworkOf(key);
      if (state == TaskState.TASK_FINISHED) {
        agent.running.remove(key);
      }
      agent.link.update(framework, key.substring(key.indexOf('/') + 1), state);
    }

    private ModelAgent anyRunning() {
      List<ModelAgent> busy =
          agents.stream()
              .filter(a -> a.connected && a.isAdmitted(fixture) && !a.running.isEmpty())
              .toList();
      return busy.isEmpty() ? null : any(busy);
    }

    void acknowledge() {
      for (TestFramework framework : frameworks) {
        List<TaskStatus> updates =
            framework.updates().stream().filter(TaskStatus::hasUuid).toList();
        for (TaskStatus status : updates.subList(Math.max(0, updates.size() - 3), updates.size())) {
          if (rng.chance(0.7)) {
            framework.acknowledge(status);
          }
        }
      }
    }

    void breakOrMendLink() {
      if (agents.isEmpty()) {
        return;
      }
      ModelAgent agent = any(agents);
      if (agent.connected && rng.chance(0.3)) {
        agent.link.breakLink();
        agent.connected = false;
      } else if (!agent.idOrEmpty().isEmpty()) {
        agent.link.tasks.clear();
        agent.running.forEach(
            (key, task) -> {
              if (rng.chance(0.9)) {
                agent.link.tasks.add(report(key, task));
              }
            });
        agent.link.executors.clear();
        agent.link.executors.addAll(agent.executors.values());
        agent.link.reregister();
        agent.read = 0;
        agent.connected = true;
      }
    }

    private static io.meseta.schema.v1.Task report(String key, TaskInfo task) {
      io.meseta.schema.v1.Task.Builder report =
          io.meseta.schema.v1.Task.newBuilder()
              .setName(task.getName())
              .setTaskId(task.getTaskId())
              .setAgentId(task.getAgentId())
              .setFrameworkId(
                  io.meseta.schema.v1.FrameworkID.newBuilder()
                      .setValue(key.substring(0, key.indexOf('/'))))
              .setState(TaskState.TASK_RUNNING)
              .addAllResources(task.getResourcesList());
      if (task.hasExecutor()) {
        report.setExecutorId(task.getExecutor().getExecutorId());
      }
      return report.build();
    }

    void leaveOrComeBack() {
      if (frameworks.isEmpty()) {
        return;
      }
      int index = rng.nextInt(frameworks.size());
      TestFramework framework = frameworks.get(index);
      switch (rng.nextInt(10)) {
        case 0 -> framework.call(Call.Type.TEARDOWN);
        case 1, 2, 3 -> framework.close();
        default -> {
          TestFramework again = framework.subscribeAgain();
          if (again.error().isPresent()) {
            frameworks.remove(index);
          } else {
            frameworks.set(index, again);
          }
        }
      }
    }

    void kill() {
      ModelAgent agent = anyRunning();
      if (agent != null) {
        String key = any(agent.running.keySet().stream().sorted().toList());
        TestFramework framework = frameworkOf(key);
        framework.kill(key.substring(key.indexOf('/') + 1));
      }
    }

    /** Does what the master has said since the last time. */
    void obey(ModelAgent agent) {
      List<MasterToAgent> received = agent.link.received();
      while (agent.read < received.size()) {
        MasterToAgent message = received.get(agent.read++);
        switch (message.getMessageCase()) {
          case RUN_TASK -> run(agent, message.getRunTask());
          case KILL_TASK ->
              agent.running.remove(
                  message.getKillTask().getFrameworkId().getValue()
                      + "/"
                      + message.getKillTask().getTaskId().getValue());
          case SHUTDOWN_FRAMEWORK -> {
            String prefix = message.getShutdownFramework().getFrameworkId().getValue() + "/";
            agent.running.keySet().removeIf(key -> key.startsWith(prefix));
            agent.executors.keySet().removeIf(key -> key.startsWith(prefix));
          }
          default -> {
            // Nothing that an agent of this test acts on.
          }
        }
      }
      if (agent.connected && fixture.closedLinks.contains(agent.link.session)) {
        agent.connected = false;
        fixture.input(new MasterInput.LinkClosed(agent.link.session));
      }
    }

    private void run(ModelAgent agent, MasterToAgent.RunTask run) {
      String frameworkId = run.getFramework().getId().getValue();
      String key = frameworkId + "/" + run.getTask().getTaskId().getValue();
      everLaunched.add(key);
      assertEquals(null, agent.running.put(key, run.getTask()), key + " was launched twice");
      if (run.getTask().hasExecutor()) {
        ExecutorInfo executor = run.getTask().getExecutor();
        agent.executors.putIfAbsent(
            frameworkId + "/" + executor.getExecutorId().getValue(), executor);
      }
      List<Resource> taken = new ArrayList<>();
      agent.running.values().forEach(task -> taken.addAll(task.getResourcesList()));
      assertTrue(
          agent.total.contains(Resources.of(taken).unallocate()),
          "too much on " + agent.idOrEmpty());
    }

    private TestFramework frameworkOf(String key) {
      String id = key.substring(0, key.indexOf('/'));
      return frameworks.stream()
          .filter(framework -> framework.id().equals(id))
          .findFirst()
          .orElseGet(
              () ->
                  any(
                      frameworks.isEmpty()
                          ? List.of(fixture.framework().subscribe())
                          : frameworks));
    }

    private <T> T any(List<T> list) {
      return list.get(rng.nextInt(list.size()));
    }
  }
}
