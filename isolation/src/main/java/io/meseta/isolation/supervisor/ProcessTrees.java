package io.meseta.isolation.supervisor;

import io.meseta.isolation.linux.ProcessStat;
import io.meseta.isolation.linux.ProcessView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which process came from which container.
 *
 * <p>The supervisor adopts orphans, so whatever came from a container is below the container's
 * first process or has an ancestor that was adopted. An adopted process belongs to the container
 *
 * <ul>
 *   <li>that it was seen in before (pid and start time), or
 *   <li>whose session it is in: sessions are remembered while they have a member, or
 *   <li>whose id is in its environment under {@link #MARKER}.
 * </ul>
 *
 * <p>Limit: a process that between two looks loses its parent, opens a session of its own and has
 * wiped the marker from its environment belongs to nobody and is left alone, since other code in
 * the JVM may have children too. Only cgroups know better.
 *
 * <p>Not thread-safe: owned by the thread that looks.
 */
final class ProcessTrees {
  /** The variable that marks every process of a container unless it takes pains to drop it. */
  static final String MARKER = "MESETA_CONTAINER_ID";

  private record Key(int pid, long startTicks) {}

  private record Visit(int pid, int parent, String containerId) {}

  private record Main(int pid, long startTicks) {}

  /**
   * One look.
   *
   * @param members by container: its processes, parents before children; the first process is
   *     missing once it has ended
   * @param vanished containers of which a process went away under the look: what it may have
   *     started is unknown
   * @param unnamed orphans that live and that nothing shows to be of a container; one that is just
   *     being replaced by its next program shows no variables for a moment
   * @param strangers dead children of the JVM that are in another session than it and no
   *     container's that is known
   */
  record Look(
      Map<String, List<ProcessStat>> members,
      Set<String> vanished,
      Set<ProcessStat> strangers,
      Set<ProcessStat> unnamed) {
    List<ProcessStat> of(String containerId) {
      return members.getOrDefault(containerId, List.of());
    }

    boolean foundNothingOf(String containerId) {
      return of(containerId).isEmpty() && !vanished.contains(containerId);
    }
  }

  private final ProcessView view;
  private final int ownSession;
  private final Map<String, Main> mains = new HashMap<>();
  private final Map<Integer, String> mainPids = new HashMap<>();
  private final Map<Key, String> owners = new HashMap<>();
  private final Map<Integer, String> sessions = new HashMap<>();

  ProcessTrees(ProcessView view) {
    this.view = view;
    this.ownSession = view.stat(view.self()).map(ProcessStat::session).orElse(0);
  }

  /** A container's first process has started. */
  void started(String containerId, int pid, long startTicks) {
    mains.put(containerId, new Main(pid, startTicks));
    mainPids.put(pid, containerId);
    sessions.put(pid, containerId);
  }

  /** The container's first process has been reaped: its pid may come to mean another. */
  void mainReaped(String containerId) {
    Main main = mains.get(containerId);
    if (main != null) {
      mainPids.remove(main.pid(), containerId);
    }
  }

  void forget(String containerId) {
    mainReaped(containerId);
    mains.remove(containerId);
    owners.values().removeIf(containerId::equals);
    sessions.values().removeIf(containerId::equals);
  }

  boolean isEmpty() {
    return mains.isEmpty();
  }

  /** Looks at all containers, and forgets processes and sessions that are gone. */
  Look lookAtAll() {
    Look look = look(mains.keySet());
    Set<Key> seen = new HashSet<>();
    Set<Integer> seenSessions = new HashSet<>(mainPids.keySet());
    for (List<ProcessStat> members : look.members().values()) {
      for (ProcessStat member : members) {
        seen.add(key(member));
        seenSessions.add(member.session());
      }
    }
    owners.keySet().retainAll(seen);
    sessions.keySet().retainAll(seenSessions);
    return look;
  }

  /** Looks at some containers. */
  Look look(Collection<String> containerIds) {
    Set<String> wanted = Set.copyOf(containerIds);
    Look look = new Look(new HashMap<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
    Deque<Visit> visits = new ArrayDeque<>();
    for (String id : wanted) {
      Main main = mains.get(id);
      if (main != null && id.equals(mainPids.get(main.pid()))) {
        visits.add(new Visit(main.pid(), view.self(), id));
      }
    }
    for (int pid : view.adopted()) {
      if (!mainPids.containsKey(pid)) {
        view.stat(pid).ifPresent(orphan -> orphan(orphan, wanted, look, visits));
      }
    }
    Set<Integer> visited = new HashSet<>();
    while (!visits.isEmpty()) {
      Visit visit = visits.remove();
      if (visited.add(visit.pid())) {
        visit(visit, look, visits);
      }
    }
    return look;
  }

  private void orphan(ProcessStat orphan, Set<String> wanted, Look look, Deque<Visit> visits) {
    Optional<String> owner = owner(orphan);
    if (owner.isEmpty()) {
      if (orphan.session() != ownSession) {
        (orphan.dead() ? look.strangers() : look.unnamed()).add(orphan);
      }
    } else if (wanted.contains(owner.get())) {
      visits.add(new Visit(orphan.pid(), view.self(), owner.get()));
    }
  }

  private void visit(Visit visit, Look look, Deque<Visit> visits) {
    Optional<ProcessStat> found = view.stat(visit.pid());
    Main main = mains.get(visit.containerId());
    // Once the first process has been reaped, its pid may be that of another.
    if (main != null && visit.containerId().equals(mainPids.get(visit.pid()))) {
      // Reaped but not yet told, or ended and about to be: its children have been adopted.
      if (found.isEmpty() || found.get().startTicks() != main.startTicks() || found.get().dead()) {
        return;
      }
    } else if (found.isEmpty()
        || (found.get().parent() != visit.parent() && found.get().parent() != view.self())) {
      look.vanished().add(visit.containerId());
      return;
    }
    ProcessStat process = found.get();
    look.members().computeIfAbsent(visit.containerId(), id -> new ArrayList<>()).add(process);
    owners.put(key(process), visit.containerId());
    if (process.session() != ownSession) {
      sessions.put(process.session(), visit.containerId());
    }
    for (int child : view.children(process.pid())) {
      visits.add(new Visit(child, process.pid(), visit.containerId()));
    }
  }

  private Optional<String> owner(ProcessStat orphan) {
    String known = owners.get(key(orphan));
    if (known == null && orphan.session() != ownSession) {
      known = sessions.get(orphan.session());
    }
    return Optional.ofNullable(known)
        .or(() -> view.variable(orphan.pid(), MARKER).filter(mains::containsKey));
  }

  private static Key key(ProcessStat process) {
    return new Key(process.pid(), process.startTicks());
  }
}
