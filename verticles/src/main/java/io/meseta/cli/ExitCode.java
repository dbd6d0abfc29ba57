package io.meseta.cli;

/** What the process's exit status tells scripts. */
public final class ExitCode {
  public static final int DONE = 0;

  /** The requested thing failed: a task, a check. */
  public static final int FAILED = 1;

  public static final int USAGE = 2;

  /** JDK, permissions, port in use, work_dir unusable. */
  public static final int ENVIRONMENT = 3;

  public static final int LOST_LEADERSHIP = 4;

  private ExitCode() {}
}
