package io.meseta.isolation.linux;

import java.util.List;
import java.util.Optional;

/**
 * The processes of the machine as one process may look at them. Every answer may be out of date
 * when it arrives: callers look again until nothing changes.
 */
public interface ProcessView {
  /** The pid of the process that looks. */
  int self();

  /** Empty if no process has the pid. */
  Optional<ProcessStat> stat(int pid);

  /** The children of all threads of a process; none if it is gone. */
  List<Integer> children(int pid);

  /**
   * Children of this process that no living thread of it started: what lost its parent and was
   * adopted is among them.
   */
  List<Integer> adopted();

  /**
   * The value of a variable in the environment that the process was started with; empty if not set,
   * not readable or the process has ended.
   */
  Optional<String> variable(int pid, String name);
}
