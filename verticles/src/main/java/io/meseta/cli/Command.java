package io.meseta.cli;

import io.meseta.kernel.Flag;
import java.util.List;

/**
 * One thing that {@code meseta} can be asked to do. Modules above this one bring theirs through
 * {@link java.util.ServiceLoader}.
 */
public interface Command {
  String name();

  /** One line for the list of commands. */
  String summary();

  /** Every flag that it knows, in the order in which help shows them. */
  List<Flag<?>> flags();

  /** Those that must be given. */
  default List<Flag<?>> required() {
    return List.of();
  }

  /**
   * Names of the words that may follow the flags; the last one may repeat if it ends with {@code
   * …}.
   */
  default List<String> parameters() {
    return List.of();
  }

  /**
   * Does it, on the thread that started the JVM.
   *
   * @return the exit code, see {@link ExitCode}
   */
  int run(Invocation invocation) throws Exception;
}
