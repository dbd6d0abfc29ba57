/**
 * What tests of every module share: scenario names, builders, the simulation engine. Travels as a
 * test jar.
 */
package io.meseta.testing;
