package io.meseta.isolation.linux;

import java.util.Optional;

/**
 * Why a process could not be started; nothing is left of the attempt.
 *
 * @param errno the error number, or 0 if no system call failed
 * @param message one line for the owner of what was to run
 */
public record LaunchFailure(Step step, int errno, String message) {
  /** What was being done. */
  public enum Step {
    FIND_USER,
    SWITCH_USER,
    WORKING_DIRECTORY,
    STDOUT,
    STDERR,
    FIND_EXECUTABLE,
    EXECUTE,
    /** Making or watching a process at all: the machine's limits. */
    PROCESS
  }

  /** For instance {@code ENOENT}. */
  public Optional<String> errnoName() {
    return errno == 0 ? Optional.empty() : Optional.of(Errno.name(errno));
  }
}
