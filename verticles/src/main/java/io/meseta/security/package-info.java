/**
 * Who a caller is (D-18): authenticators of HTTP requests and the credentials that they check.
 *
 * <p>Pure but for reading credentials files. Must not know HTTP servers: headers come and go as
 * text. Start reading at {@link io.meseta.security.Authenticator}.
 */
@NullMarked
package io.meseta.security;

import org.jspecify.annotations.NullMarked;
