/**
 * The media types of the v1 APIs and how client and server agree on one (T-8, T-9, T-12, T-26,
 * T-27, W-3, W-4).
 *
 * <p>Pure functions over header values. Must not know HTTP servers. Start reading at {@link
 * io.meseta.media.Negotiation}.
 */
@NullMarked
package io.meseta.media;

import org.jspecify.annotations.NullMarked;
