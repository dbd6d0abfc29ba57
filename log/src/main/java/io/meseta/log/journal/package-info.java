/**
 * One append-only journal for everything that must survive a crash: segments of checksummed frames,
 * group commit, snapshots (decisions D-11, D-15, D-21). It owns the format on disk.
 *
 * <p>Must not know what its records mean, nor any event loop: the journal blocks and belongs to one
 * thread, {@link io.meseta.log.journal.JournalWriter} is that thread. Start reading at {@link
 * io.meseta.log.journal.Journal}, then {@link io.meseta.log.journal.SegmentedJournal} and {@code
 * Frame} for the format.
 */
@NullMarked
package io.meseta.log.journal;

import org.jspecify.annotations.NullMarked;
