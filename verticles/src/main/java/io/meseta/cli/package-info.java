/**
 * The command line: one launcher, many commands, flags as data (D-19).
 *
 * <p>Owns parsing, help, completion, exit codes and logging set-up. Must not know how a master or
 * an agent works: a command reads its flags and starts what other packages give it. Start reading
 * at {@link io.meseta.cli.Main}.
 */
@NullMarked
package io.meseta.cli;

import org.jspecify.annotations.NullMarked;
