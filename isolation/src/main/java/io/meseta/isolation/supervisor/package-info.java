/**
 * The supervisor: parent of every process that runs for a task (D-16). It owns which containers
 * there are, their processes and wait statuses, until their agent says that it has taken note.
 *
 * <p>Must not know agents, tasks, Vert.x or Mesos: it sees its protocol, {@code kernel}, {@code
 * isolation.linux} and the JDK, so that it can move into a small JVM of its own. Start reading at
 * {@link io.meseta.isolation.supervisor.SupervisorCore}; {@link
 * io.meseta.isolation.supervisor.PosixSupervisor} is its shell.
 */
@NullMarked
package io.meseta.isolation.supervisor;

import org.jspecify.annotations.NullMarked;
