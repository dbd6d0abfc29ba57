/** Tests of an agent's shell with real processes, a real journal and a scripted master. */
@NullMarked
package io.meseta.agent;

import org.jspecify.annotations.NullMarked;
