/**
 * RecordIO, the framing of every stream of the v1 APIs (T-33): the length of a record in decimal
 * digits, a line feed, and that many bytes.
 *
 * <p>Owns framing alone. Must not know what is in a record or how bytes travel. Start reading at
 * {@link io.meseta.recordio.RecordIo} for writing and {@link io.meseta.recordio.RecordDecoder} for
 * reading.
 */
@NullMarked
package io.meseta.recordio;

import org.jspecify.annotations.NullMarked;
