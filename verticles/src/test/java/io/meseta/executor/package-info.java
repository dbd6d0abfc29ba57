/** Tests of the built-in executors, without processes or time. */
@NullMarked
package io.meseta.executor;

import org.jspecify.annotations.NullMarked;
