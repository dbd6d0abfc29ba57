/**
 * The client library for frameworks (D-23): the v1 scheduler API as RxJava 3 streams.
 *
 * <p>Speaks only HTTP and the public schema, so that it works against every master of the v1 API.
 * Must not know anything of our own master or agent. Start reading at {@link
 * io.meseta.client.SchedulerClient}.
 */
@NullMarked
package io.meseta.client;

import org.jspecify.annotations.NullMarked;
