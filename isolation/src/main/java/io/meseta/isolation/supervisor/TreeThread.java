package io.meseta.isolation.supervisor;

import io.meseta.isolation.linux.NativeException;
import io.meseta.isolation.linux.Pidfd;
import io.meseta.isolation.linux.ProcessStat;
import io.meseta.isolation.linux.ProcessView;
import io.meseta.isolation.linux.Processes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The thread that looks at process trees and signals them: reading {@code /proc} takes milliseconds
 * that the supervisor's own thread does not have. Kills that wait together share a look.
 *
 * <p>While there are containers it also looks every second, to learn sessions and to reap orphans
 * that have ended. An orphan may have come and gone between two looks, so that nothing is known of
 * it: if it is in another session than the JVM and nobody has reaped it from one look to the next,
 * nobody will, because whoever starts processes by the JDK has a thread that waits for each.
 */
final class TreeThread implements AutoCloseable {
  /** How often trees are looked at unasked; an orphan that ended stays a zombie no longer. */
  static final long SWEEP_MILLIS = 1_000;

  /** A process in the middle of an exec shows no variables, for far less than all these pauses. */
  private static final int MAX_LOOKS_FOR_NOTHING = 8;

  private static final long LOOK_PAUSE_NANOS = 1_000_000;

  /** Looks for one signal: each catches what the processes of the last had forked meanwhile. */
  private static final int MAX_SIGNAL_LOOKS = 4;

  private sealed interface Request {
    record Started(String containerId, int pid, long startTicks) implements Request {}

    record MainReaped(String containerId) implements Request {}

    record Signal(String containerId, int signal) implements Request {}

    record Kill(String containerId) implements Request {}

    record Forget(String containerId) implements Request {}

    record Stop() implements Request {}
  }

  private record Key(int pid, long startTicks) {}

  private final ProcessView view;
  private final ProcessTrees trees;
  private final Consumer<SupervisorInput> answers;

  /** Bounded by the core: a fixed number of requests per container and call. */
  private final LinkedBlockingQueue<Request> requests = new LinkedBlockingQueue<>();

  /** Of the last unasked look. */
  private Set<ProcessStat> strangers = Set.of();

  private final Thread thread;

  TreeThread(ProcessView view, Consumer<SupervisorInput> answers) {
    this.view = view;
    this.trees = new ProcessTrees(view);
    this.answers = answers;
    this.thread = Thread.ofPlatform().name("supervisor-trees").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void started(String containerId, int pid, long startTicks) {
    requests.add(new Request.Started(containerId, pid, startTicks));
  }

  void mainReaped(String containerId) {
    requests.add(new Request.MainReaped(containerId));
  }

  void signal(String containerId, int signal) {
    requests.add(new Request.Signal(containerId, signal));
  }

  void kill(String containerId) {
    requests.add(new Request.Kill(containerId));
  }

  void forget(String containerId) {
    requests.add(new Request.Forget(containerId));
  }

  /** Lets the thread end; does not wait for it. */
  @Override
  public void close() {
    requests.add(new Request.Stop());
  }

  private void run() {
    List<Request> batch = new ArrayList<>();
    long nextSweep = System.nanoTime();
    while (true) {
      try {
        Request first =
            idle()
                ? requests.take()
                : requests.poll(Math.max(0, nextSweep - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (first != null) {
          batch.add(first);
        }
      } catch (InterruptedException e) {
        return; // nobody of ours interrupts; whoever does wants it to end
      }
      requests.drainTo(batch);
      if (!handle(batch)) {
        return;
      }
      batch.clear();
      if (!idle() && System.nanoTime() - nextSweep >= 0) {
        sweep();
        nextSweep = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SWEEP_MILLIS);
      }
    }
  }

  private boolean handle(List<Request> batch) {
    Set<String> kills = new LinkedHashSet<>();
    for (Request request : batch) {
      switch (request) {
        case Request.Started started ->
            trees.started(started.containerId(), started.pid(), started.startTicks());
        case Request.MainReaped reaped -> trees.mainReaped(reaped.containerId());
        case Request.Signal signal -> signalTree(signal.containerId(), signal.signal());
        case Request.Kill kill -> kills.add(kill.containerId());
        case Request.Forget forget -> {
          kills.remove(forget.containerId());
          trees.forget(forget.containerId());
        }
        case Request.Stop ignored -> {
          return false;
        }
      }
    }
    if (!kills.isEmpty()) {
      kill(kills);
    }
    return true;
  }

  private void signalTree(String containerId, int signal) {
    Set<Key> signalled = new HashSet<>();
    boolean fresh = true;
    for (int i = 0; i < MAX_SIGNAL_LOOKS && fresh; i++) {
      fresh = false;
      for (ProcessStat process : trees.look(Set.of(containerId)).of(containerId)) {
        if (!process.dead() && signalled.add(new Key(process.pid(), process.startTicks()))) {
          fresh = true;
          send(process, signal);
          if (process.stopped()) {
            send(process, Processes.SIGCONT);
          }
        }
      }
    }
  }

  private void kill(Set<String> containerIds) {
    ProcessTrees.Look look = trees.look(containerIds);
    // Lists of children may miss one while another is ending: nothing must be seen twice.
    ProcessTrees.Look again =
        lookForNothing(containerIds.stream().filter(id -> look.of(id).isEmpty()).toList());
    for (String id : containerIds) {
      Set<Integer> groups = new LinkedHashSet<>();
      List<Integer> left = new ArrayList<>();
      for (ProcessStat process : look.of(id)) {
        if (process.dead()) {
          if (!reap(process)) {
            left.add(process.pid());
          }
        } else {
          groups.add(process.group());
          send(process, Processes.SIGKILL);
          left.add(process.pid());
        }
      }
      // A process that forks faster than it is found has its fork interrupted by this.
      for (int group : groups) {
        if (group > 1) {
          Processes.signalGroup(group, Processes.SIGKILL);
        }
      }
      answers.accept(
          new SupervisorInput.TreeKilled(
              id, left, look.foundNothingOf(id) && again.foundNothingOf(id)));
    }
  }

  /** Looks until nobody is left who might turn out to be of one of these, or is seen to be. */
  private ProcessTrees.Look lookForNothing(List<String> containerIds) {
    ProcessTrees.Look look = trees.look(containerIds);
    for (int i = 1;
        i < MAX_LOOKS_FOR_NOTHING
            && !look.unnamed().isEmpty()
            && containerIds.stream().allMatch(look::foundNothingOf);
        i++) {
      LockSupport.parkNanos(LOOK_PAUSE_NANOS);
      look = trees.look(containerIds);
    }
    return look;
  }

  private boolean idle() {
    return trees.isEmpty() && strangers.isEmpty();
  }

  private void sweep() {
    ProcessTrees.Look look = trees.lookAtAll();
    for (List<ProcessStat> members : look.members().values()) {
      members.stream().filter(ProcessStat::dead).forEach(this::reap);
    }
    look.strangers().stream().filter(strangers::contains).forEach(this::reap);
    strangers = look.strangers();
  }

  /** An orphan that ended is ours to reap; other dead processes are their parents'. */
  private boolean reap(ProcessStat process) {
    return process.parent() == view.self() && Processes.reap(process.pid()).isPresent();
  }

  /** Never signals another process that has got the same pid meanwhile. */
  private void send(ProcessStat process, int signal) {
    try (Pidfd pidfd = Pidfd.open(process.pid())) {
      Optional<ProcessStat> now = view.stat(process.pid());
      if (now.isPresent() && now.get().startTicks() == process.startTicks()) {
        pidfd.signal(signal);
      }
    } catch (NativeException e) {
      // Gone, or not ours to signal: the next look tells which.
    }
  }
}
