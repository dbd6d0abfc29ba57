package io.meseta.cli;

import java.io.PrintStream;
import java.util.List;

/**
 * One call of a command.
 *
 * @param flags what was set, by whatever way
 * @param words what follows the flags
 * @param out for results
 * @param err for everything else
 */
public record Invocation(FlagValues flags, List<String> words, PrintStream out, PrintStream err) {}
