/**
 * Linux by the JDK's Foreign Function &amp; Memory API: starting a process, watching it, signalling
 * it, reading {@code /proc}, users of the host. Needs glibc 2.34 or newer, Linux 5.3 or newer, on
 * x86_64 or aarch64.
 *
 * <p>Must not know containers, protocols or Mesos; uses nothing but the JDK. Start reading at
 * {@link io.meseta.isolation.linux.Spawner}.
 */
@NullMarked
package io.meseta.isolation.linux;

import org.jspecify.annotations.NullMarked;
