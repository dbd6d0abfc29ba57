package io.meseta.isolation.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.isolation.linux.ProcessStat;
import io.meseta.isolation.linux.ProcessView;
import io.meseta.kernel.Rng;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Attribution on a model machine whose processes fork, open sessions, drop their environment, lose
 * parents and get pids that others had: every process of a container is found, no other ever is.
 */
final class ProcessTreesModelTest {
  private static final int SEEDS = 40;
  private static final int STEPS = 300;
  private static final int SELF = 2;
  private static final int OWN_SESSION = 1;

  /** Few pids, so that they are used again soon. */
  private static final int MAX_PID = 60;

  private static final int MAX_PROCESSES = 40;

  private static final class Fake {
    final int pid;
    final long start;
    final String truth;
    int parent;
    int session;
    boolean marked;
    boolean dead;

    Fake(int pid, long start, String truth, int parent, int session, boolean marked) {
      this.pid = pid;
      this.start = start;
      this.truth = truth;
      this.parent = parent;
      this.session = session;
      this.marked = marked;
    }
  }

  /** The model machine. */
  private static final class Machine implements ProcessView {
    final Map<Integer, Fake> processes = new TreeMap<>();
    long clock = 10;
    int nextPid = 3;

    Fake add(String truth, int parent, int session, boolean marked) {
      // A number that still names a session is not given out.
      do {
        nextPid = nextPid >= MAX_PID ? 3 : nextPid + 1;
      } while (processes.containsKey(nextPid)
          || processes.values().stream().anyMatch(process -> process.session == nextPid));
      Fake process =
          new Fake(nextPid, clock++, truth, parent, session == 0 ? nextPid : session, marked);
      processes.put(process.pid, process);
      return process;
    }

    void end(Fake process) {
      process.dead = true;
      for (Fake child : processes.values()) {
        if (child.parent == process.pid) {
          child.parent = SELF;
        }
      }
      if (process.parent != SELF) {
        processes.remove(process.pid); // its parent reaps it
      }
    }

    @Override
    public int self() {
      return SELF;
    }

    @Override
    public Optional<ProcessStat> stat(int pid) {
      if (pid == SELF) {
        return Optional.of(new ProcessStat(SELF, 'S', 1, 1, OWN_SESSION, 1));
      }
      return Optional.ofNullable(processes.get(pid))
          .map(
              process ->
                  new ProcessStat(
                      pid,
                      process.dead ? 'Z' : 'S',
                      process.parent,
                      process.session,
                      process.session,
                      process.start));
    }

    @Override
    public List<Integer> children(int pid) {
      return processes.values().stream()
          .filter(process -> process.parent == pid)
          .map(process -> process.pid)
          .toList();
    }

    @Override
    public List<Integer> adopted() {
      return children(SELF);
    }

    @Override
    public Optional<String> variable(int pid, String name) {
      return Optional.ofNullable(processes.get(pid))
          .filter(process -> process.marked && !process.dead)
          .map(process -> process.truth);
    }
  }

  @Test
  void findsEveryProcessOfAContainerAndNoOther() {
    int found = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      found += run(seed);
    }
    assertTrue(found > SEEDS * STEPS, "the model is too quiet: " + found);
  }

  private static int run(long seed) {
    Rng rng = Rng.seeded(seed);
    Machine machine = new Machine();
    ProcessTrees trees = new ProcessTrees(machine);
    Map<String, Fake> mains = new HashMap<>();
    int found = 0;
    int nextContainer = 0;
    for (int step = 0; step < STEPS; step++) {
      List<Fake> running =
          machine.processes.values().stream().filter(process -> !process.dead).toList();
      Fake some = running.isEmpty() ? null : running.get(rng.nextInt(running.size()));
      switch (rng.nextInt(8)) {
        case 0 -> {
          if (running.size() < MAX_PROCESSES) {
            String id = "c" + nextContainer++;
            Fake main = machine.add(id, SELF, 0, true);
            mains.put(id, main);
            trees.started(id, main.pid, main.start);
          }
        }
        case 1 -> {
          if (running.size() < MAX_PROCESSES) {
            machine.add("", SELF, rng.chance(0.5) ? 0 : OWN_SESSION, false); // another library's
          }
        }
        case 2, 3 -> {
          if (some != null && running.size() < MAX_PROCESSES) {
            machine.add(some.truth, some.pid, some.session, some.marked && !some.truth.isEmpty());
          }
        }
        case 4 -> {
          // What never was a session leader may become one; the model looks in between.
          if (some != null && !some.truth.isEmpty() && some.session != some.pid) {
            some.session = some.pid;
          }
        }
        case 5 -> {
          if (some != null) {
            some.marked = false;
          }
        }
        default -> {
          if (some != null) {
            machine.end(some);
            if (some == mains.get(some.truth) && rng.chance(0.7)) {
              machine.processes.remove(some.pid);
              trees.mainReaped(some.truth);
            }
          }
        }
      }
      found += check(machine, trees, mains);
      reap(machine, trees, mains);
    }
    return found;
  }

  private static int check(Machine machine, ProcessTrees trees, Map<String, Fake> mains) {
    Map<String, Set<Integer>> expected = new TreeMap<>();
    for (Fake process : machine.processes.values()) {
      boolean deadMain = process.dead && process == mains.get(process.truth);
      if (!process.truth.isEmpty() && !deadMain) {
        expected.computeIfAbsent(process.truth, id -> new TreeSet<>()).add(process.pid);
      }
    }
    Map<String, Set<Integer>> actual = new TreeMap<>();
    trees
        .lookAtAll()
        .members()
        .forEach(
            (id, members) ->
                actual.put(
                    id,
                    members.stream()
                        .map(ProcessStat::pid)
                        .collect(Collectors.toCollection(TreeSet::new))));
    assertEquals(expected, actual);
    return expected.values().stream().mapToInt(Set::size).sum();
  }

  /** As the shell does: dead orphans of containers at once, first processes and others' later. */
  private static void reap(Machine machine, ProcessTrees trees, Map<String, Fake> mains) {
    for (Fake process : new ArrayList<>(machine.processes.values())) {
      if (process.dead && process.parent == SELF) {
        machine.processes.remove(process.pid);
        if (process == mains.get(process.truth)) {
          trees.mainReaped(process.truth);
        }
      }
    }
    for (String id : List.copyOf(mains.keySet())) {
      if (machine.processes.values().stream().noneMatch(process -> process.truth.equals(id))) {
        mains.remove(id);
        trees.forget(id);
      }
    }
  }
}
