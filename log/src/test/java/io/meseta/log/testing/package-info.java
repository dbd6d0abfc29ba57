/**
 * A disk that exists only in memory and can be cut off at any operation; for crash tests of every
 * module that keeps something in a journal. Travels as a test jar.
 */
@NullMarked
package io.meseta.log.testing;

import org.jspecify.annotations.NullMarked;
