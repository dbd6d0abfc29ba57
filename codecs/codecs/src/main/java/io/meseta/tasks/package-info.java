/** What masters, agents and frameworks must agree on about tasks: the meaning of their states. */
@NullMarked
package io.meseta.tasks;

import org.jspecify.annotations.NullMarked;
