package io.meseta.master.core;

import io.meseta.kernel.Meters;
import io.meseta.schema.v1.TaskState;
import io.meseta.schema.v1.TaskStatus;
import io.meseta.schema.v1.scheduler.Call;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The master's meters under upstream's names (scheduler-api section 12). Written by the core alone.
 */
final class MasterMeters {
  private final Meters meters;
  private final Map<String, Meters.Counter> counters = new HashMap<>();
  private final Map<TaskState, AtomicLong> tasksIn = new EnumMap<>(TaskState.class);
  private final Map<String, AtomicLong> gauges = new HashMap<>();

  MasterMeters(Meters meters) {
    this.meters = meters;
    for (TaskState state :
        new TaskState[] {
          TaskState.TASK_STAGING,
          TaskState.TASK_STARTING,
          TaskState.TASK_RUNNING,
          TaskState.TASK_KILLING,
          TaskState.TASK_UNREACHABLE
        }) {
      AtomicLong count = new AtomicLong();
      tasksIn.put(state, count);
      meters.gauge(
          Meters.Name.of(
              "master/tasks_" + shortName(state), "meseta_master_tasks", "state", shortName(state)),
          count::doubleValue);
    }
    for (String gauge :
        new String[] {
          "frameworks_active",
          "frameworks_inactive",
          "frameworks_connected",
          "frameworks_disconnected",
          "slaves_active",
          "slaves_inactive",
          "slaves_connected",
          "slaves_disconnected",
          "slaves_unreachable",
          "outstanding_offers"
        }) {
      AtomicLong value = new AtomicLong();
      gauges.put(gauge, value);
      meters.gauge(Meters.Name.of("master/" + gauge, "meseta_master_" + gauge), value::doubleValue);
    }
  }

  /** Counts an event by the name that follows {@code master/}. */
  void count(String name) {
    counters
        .computeIfAbsent(
            name,
            n ->
                meters.counter(
                    Meters.Name.of("master/" + n, "meseta_master_" + n.replace('/', '_'))))
        .increment();
  }

  void countCall(Call.Type type) {
    switch (type) {
      case TEARDOWN -> count("messages_unregister_framework");
      case DECLINE -> count("messages_decline_offers");
      case REVIVE -> count("messages_revive_offers");
      case SUPPRESS -> count("messages_suppress_offers");
      case KILL -> count("messages_kill_task");
      case RECONCILE -> count("messages_reconcile_tasks");
      case RECONCILE_OPERATIONS -> count("messages_reconcile_operations");
      case ACKNOWLEDGE -> count("messages_status_update_acknowledgement");
      case ACKNOWLEDGE_OPERATION_STATUS ->
          count("messages_operation_status_update_acknowledgement");
      case REQUEST -> count("messages_resource_request");
      case MESSAGE -> count("messages_framework_to_executor");
      default -> {
        // SUBSCRIBE and LAUNCH are counted where it is known which kind they are; the rest has no
        // meter upstream.
      }
    }
  }

  /** A task enters the books. */
  void taskEnters(TaskState state) {
    AtomicLong count = tasksIn.get(state);
    if (count != null) {
      count.incrementAndGet();
    }
  }

  /** A task leaves the books, or its state. */
  void taskLeaves(TaskState state) {
    AtomicLong count = tasksIn.get(state);
    if (count != null) {
      count.decrementAndGet();
    }
  }

  /** A task has ended: by state, and with its reason. */
  void taskEnded(TaskState state, TaskStatus status) {
    count("tasks_" + shortName(state));
    if (status.hasReason()) {
      count(
          "task_"
              + shortName(state)
              + "/"
              + status.getSource().name().toLowerCase(Locale.ROOT)
              + "/"
              + status.getReason().name().toLowerCase(Locale.ROOT));
    }
  }

  void offers(Books books) {
    set("outstanding_offers", books.offers.size());
  }

  /** Reads off the books how many frameworks and agents there are of each kind. */
  void peers(Books books) {
    long active = 0;
    long connected = 0;
    for (FrameworkBook framework : books.frameworks.values()) {
      active += framework.isActive() ? 1 : 0;
      connected += framework.isConnected() ? 1 : 0;
    }
    set("frameworks_active", active);
    set("frameworks_inactive", books.frameworks.size() - active);
    set("frameworks_connected", connected);
    set("frameworks_disconnected", books.frameworks.size() - connected);
    long agentsConnected = books.agentOfSession.size();
    set("slaves_active", agentsConnected);
    set("slaves_inactive", books.agents.size() - agentsConnected);
    set("slaves_connected", agentsConnected);
    set("slaves_disconnected", books.agents.size() - agentsConnected);
    set("slaves_unreachable", books.unreachableAgents.size());
  }

  private void set(String gauge, long value) {
    AtomicLong cell = gauges.get(gauge);
    if (cell != null) {
      cell.set(value);
    }
  }

  private static String shortName(TaskState state) {
    return state.name().substring("TASK_".length()).toLowerCase(Locale.ROOT);
  }
}
