/**
 * The master's algorithms: who the frameworks and agents are, what was offered, what runs where,
 * and what everybody is told about it.
 *
 * <p>Owns the books of one leadership term and nothing else. Must not know Vert.x, threads, clocks,
 * HTTP or encodings: inputs come as {@link io.meseta.master.core.MasterInput}, everything the
 * master wants done leaves as {@link io.meseta.master.core.MasterEffect}.
 *
 * <p>Start with {@link io.meseta.master.core.Master}, which only sorts inputs; each family of calls
 * is one class ({@code Subscribe}, {@code Accept}, {@code Reconcile}, …) and works on the shared
 * {@code Books} through {@code TaskLedger}, {@code Offers} and {@code Frameworks}, which keep the
 * sums right.
 */
@NullMarked
package io.meseta.master.core;

import org.jspecify.annotations.NullMarked;
