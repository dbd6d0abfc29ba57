package io.meseta.isolation.containers;

import java.util.List;

/**
 * How a process ended, in the encoding of wait(2) that the v1 API carries as {@code exit_status}.
 *
 * @param raw exit code times 256, or the signal's number plus 128 if a core was dumped
 */
public record WaitStatus(int raw) {
  private static final int CORE_DUMPED = 0x80;

  /** The texts of Linux signals 1 to 31, as task owners know them from every shell. */
  private static final List<String> SIGNALS =
      List.of(
          "Hangup",
          "Interrupt",
          "Quit",
          "Illegal instruction",
          "Trace/breakpoint trap",
          "Aborted",
          "Bus error",
          "Floating point exception",
          "Killed",
          "User defined signal 1",
          "Segmentation fault",
          "User defined signal 2",
          "Broken pipe",
          "Alarm clock",
          "Terminated",
          "Stack fault",
          "Child exited",
          "Continued",
          "Stopped (signal)",
          "Stopped",
          "Stopped (tty input)",
          "Stopped (tty output)",
          "Urgent I/O condition",
          "CPU time limit exceeded",
          "File size limit exceeded",
          "Virtual timer expired",
          "Profiling timer expired",
          "Window changed",
          "I/O possible",
          "Power failure",
          "Bad system call");

  /** The status of a process that called {@code exit(code)}. */
  public static WaitStatus ofExit(int code) {
    return new WaitStatus((code & 0xFF) << 8);
  }

  /** The status of a process that a signal ended. */
  public static WaitStatus ofSignal(int signal) {
    return new WaitStatus(signal & 0x7F);
  }

  public boolean exited() {
    return (raw & 0x7F) == 0;
  }

  /** Meaningful if {@link #exited()}. */
  public int exitCode() {
    return (raw >> 8) & 0xFF;
  }

  public boolean signaled() {
    return !exited() && (raw & 0x7F) != 0x7F;
  }

  /** Meaningful if {@link #signaled()}. */
  public int signal() {
    return raw & 0x7F;
  }

  public boolean coreDumped() {
    return signaled() && (raw & CORE_DUMPED) != 0;
  }

  /** Whether a task that ends like this is finished rather than failed. */
  public boolean succeeded() {
    return raw == 0;
  }

  /** The message of the task's terminal update. */
  public String message() {
    if (exited()) {
      return "Command exited with status " + exitCode();
    }
    if (signaled()) {
      return "Command terminated with signal "
          + signalText(signal())
          + (coreDumped() ? " (core dumped)" : "");
    }
    return "Command ended with wait status " + raw;
  }

  private static String signalText(int signal) {
    if (signal <= SIGNALS.size()) {
      return SIGNALS.get(signal - 1);
    }
    // The C library keeps 32 and 33 for itself; tasks see real-time signals from 34 on.
    return signal >= 34 ? "Real-time signal " + (signal - 34) : "Unknown signal " + signal;
  }
}
