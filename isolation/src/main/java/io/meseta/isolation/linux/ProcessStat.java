package io.meseta.isolation.linux;

import java.util.Optional;

/**
 * What {@code /proc/<pid>/stat} says about who a process is.
 *
 * @param state the letter of proc(5): R, S, D, T, Z, …
 * @param startTicks when it started, in clock ticks since boot: with the pid it names the process
 */
public record ProcessStat(
    int pid, char state, int parent, int group, int session, long startTicks) {
  private static final int PARENT = 1;
  private static final int GROUP = 2;
  private static final int SESSION = 3;
  private static final int START = 19;

  /** Ended, but not yet reaped by its parent. */
  public boolean dead() {
    return state == 'Z' || state == 'X';
  }

  /** Stopped by a signal: takes notice of others only when continued. */
  public boolean stopped() {
    return state == 'T';
  }

  /** Reads the one line of the file; empty if it is not of that form. */
  static Optional<ProcessStat> parse(String line) {
    // The command's name is in parentheses and may hold anything, parentheses too.
    int open = line.indexOf(" (");
    int close = line.lastIndexOf(") ");
    if (open < 0 || close < open) {
      return Optional.empty();
    }
    String[] fields = line.substring(close + 2).split(" ", START + 2);
    if (fields.length <= START || fields[0].length() != 1) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ProcessStat(
              Integer.parseInt(line.substring(0, open)),
              fields[0].charAt(0),
              Integer.parseInt(fields[PARENT]),
              Integer.parseInt(fields[GROUP]),
              Integer.parseInt(fields[SESSION]),
              Long.parseLong(fields[START].strip())));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
