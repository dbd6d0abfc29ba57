/**
 * A whole cluster in one JVM: master, allocator, agents and their HTTP sides on one unclustered
 * Vert.x, with the registry on a local journal (override 3).
 *
 * <p>Owns the order in which the parts start and stop. Nothing else may know how they are put
 * together. Start reading at {@link io.meseta.local.LocalNode}.
 */
@NullMarked
package io.meseta.local;

import org.jspecify.annotations.NullMarked;
