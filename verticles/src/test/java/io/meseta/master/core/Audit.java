package io.meseta.master.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.resources.Resources;
import io.meseta.schema.v1.ExecutorInfo;
import io.meseta.tasks.TaskStates;
import java.util.Map;

/** What must be true of the books between any two inputs. */
final class Audit {
  private Audit() {}

  static void check(Books books) {
    books.frameworks.values().forEach(framework -> check(framework, books));
    books.agents.values().forEach(agent -> check(agent, books));
    checkOffers(books);
    books.agentOfSession.forEach(
        (session, id) ->
            assertEquals(
                session, books.agents.get(id).session().orElseThrow(), "session of " + id));
    books.frameworkOfStream.forEach(
        (stream, id) ->
            assertEquals(
                stream,
                books.frameworks.get(id).stream().orElseThrow().address(),
                "stream of " + id));
  }

  private static void check(FrameworkBook framework, Books books) {
    for (TaskBook task : framework.tasks.values()) {
      AgentBook agent = books.agents.get(task.agentId());
      assertNotNull(agent, "task " + task.id() + " is on an unknown agent");
      assertSame(
          task,
          agent.tasksOf(framework.id()).get(task.id()),
          "task " + task.id() + " on its agent");
      assertTrue(!framework.unreachableTasks.contains(task.id()), "task " + task.id() + " twice");
    }
    assertEquals(
        framework.isConnected(), framework.stream().isPresent(), "stream of " + framework.id());
    framework.executors.forEach(
        (agentId, executors) -> {
          assertTrue(books.agents.containsKey(agentId), "executors on an unknown agent");
          assertTrue(!executors.isEmpty(), "an empty entry of executors");
        });
  }

  private static void check(AgentBook agent, Books books) {
    agent.tasks.forEach(
        (frameworkId, tasks) -> {
          assertTrue(!tasks.isEmpty(), "an empty entry of tasks");
          tasks
              .values()
              .forEach(
                  task -> assertSame(task, books.frameworks.get(frameworkId).tasks.get(task.id())));
        });
    for (FrameworkBook framework : books.frameworks.values()) {
      Resources sum = Resources.EMPTY;
      for (TaskBook task : agent.tasksOf(framework.id()).values()) {
        if (TaskStates.holdsResources(task.state())) {
          sum = sum.plus(task.resources());
        }
      }
      for (ExecutorInfo executor : framework.executorsOn(agent.id())) {
        sum = sum.plus(Resources.of(executor.getResourcesList()));
      }
      assertEquals(sum, agent.usedBy(framework.id()), framework.id() + " on " + agent.id());
    }
    agent
        .used()
        .keySet()
        .forEach(id -> assertTrue(books.frameworks.containsKey(id), "used by nobody: " + id));
    Resources taken = Resources.EMPTY;
    for (Map.Entry<String, Resources> used : agent.used().entrySet()) {
      taken = taken.plus(used.getValue().unallocate());
    }
    for (String offerId : agent.offers) {
      taken = taken.plus(books.offers.get(offerId).resources().unallocate());
    }
    assertTrue(
        agent.total().contains(taken),
        agent.id() + " has " + agent.total() + " but " + taken + " is taken");
    if (!agent.isActive()) {
      assertTrue(agent.offers.isEmpty(), "offers of the inactive " + agent.id());
    }
  }

  private static void checkOffers(Books books) {
    int listed = 0;
    for (FrameworkBook framework : books.frameworks.values()) {
      listed += framework.offers.size();
      if (!framework.isConnected()) {
        assertTrue(framework.offers.isEmpty(), "offers of the disconnected " + framework.id());
      }
    }
    assertEquals(books.offers.size(), listed, "offers by framework");
    assertEquals(
        books.offers.size(),
        books.agents.values().stream().mapToInt(agent -> agent.offers.size()).sum(),
        "offers by agent");
    books.offers.forEach(
        (id, offer) -> {
          assertTrue(books.frameworks.get(offer.frameworkId()).offers.contains(id));
          assertTrue(books.agents.get(offer.agentId()).offers.contains(id));
        });
  }
}
