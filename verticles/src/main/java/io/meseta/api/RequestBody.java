package io.meseta.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Locale;

/** Reads a request's body into memory, up to a bound. */
final class RequestBody {
  /** Why a body cannot be had, and the status that says so. Carries no stack trace. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;

    Refused(int status, String reason) {
      super(reason, null, false, false);
      this.status = status;
    }

    int status() {
      return status;
    }

    String reason() {
      return String.valueOf(getMessage());
    }
  }

  /** The bytes as they were sent, and whether they are compressed. */
  static final class Raw {
    private final byte[] bytes;
    private final boolean gzip;

    Raw(byte[] bytes, boolean gzip) {
      this.bytes = bytes;
      this.gzip = gzip;
    }

    /** Not a copy: whoever reads the body does not change it. */
    byte[] bytes() {
      return bytes;
    }

    boolean gzip() {
      return gzip;
    }
  }

  private RequestBody() {}

  /**
   * Reads the body. To be called before the request's event loop turn ends.
   *
   * @return fails with {@link Refused}; the rest of a body that is too large is not read, so the
   *     connection must be closed after the answer
   */
  static Future<Raw> read(HttpServerRequest request, int maxBytes) {
    String encoding =
        String.join(",", request.headers().getAll(HttpHeaders.CONTENT_ENCODING))
            .strip()
            .toLowerCase(Locale.ROOT);
    boolean gzip = encoding.equals("gzip") || encoding.equals("x-gzip");
    if (!gzip && !encoding.isEmpty() && !encoding.equals("identity")) {
      return Future.failedFuture(
          new Refused(400, "Expecting 'Content-Encoding' to be gzip, or absent"));
    }
    if (announcedBytes(request) > maxBytes) {
      return Future.failedFuture(tooLarge(maxBytes));
    }
    if (request.version() != HttpVersion.HTTP_1_0
        && "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      request.response().writeContinue();
    }
    Promise<Raw> done = Promise.promise();
    Buffer body = Buffer.buffer();
    request.exceptionHandler(
        failure ->
            done.tryFail(
                new Refused(400, "The request's body ended early: " + failure.getMessage())));
    request.handler(
        part -> {
          if (body.length() + (long) part.length() > maxBytes) {
            done.tryFail(tooLarge(maxBytes));
          } else {
            body.appendBuffer(part);
          }
        });
    request.endHandler(end -> done.tryComplete(new Raw(body.getBytes(), gzip)));
    return done.future();
  }

  private static Refused tooLarge(int maxBytes) {
    return new Refused(413, "The request's body is larger than " + maxBytes + " bytes");
  }

  /** What {@code Content-Length} says, 0 if it does not. */
  private static long announcedBytes(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length.strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
