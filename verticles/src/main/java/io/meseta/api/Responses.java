package io.meseta.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Complete answers, as opposed to streams. */
final class Responses {
  // Names as upstream spells them: some clients compare letter by letter.
  static final String CONTENT_TYPE = "Content-Type";
  static final String TEXT = "text/plain; charset=utf-8";

  /** Bodies from this size on are compressed for clients that allow it (T-29). */
  static final int MIN_GZIP_BYTES = 1024;

  private Responses() {}

  /** A status without a body. */
  static void empty(HttpServerRequest request, int status) {
    if (isOpen(request)) {
      request.response().setStatusCode(status).end();
    }
  }

  /** An error with a sentence for people. */
  static void text(HttpServerRequest request, int status, String text) {
    if (text.isEmpty()) {
      // As for any error: the type is there even without a text.
      if (isOpen(request)) {
        request.response().setStatusCode(status).putHeader(CONTENT_TYPE, TEXT).end();
      }
      return;
    }
    body(request, status, TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  static void notFound(HttpServerRequest request) {
    text(request, 404, "404 Not Found.");
  }

  static void methodNotAllowed(HttpServerRequest request, String allowed) {
    request.response().putHeader("Allow", allowed);
    text(
        request,
        405,
        "405 Method Not Allowed. Expecting one of { '"
            + allowed
            + "' }, but received '"
            + request.method().name()
            + "'.");
  }

  /** The master cannot take the call now, and says when to come again. */
  static void busy(HttpServerRequest request, String text) {
    request.response().putHeader("Retry-After", "1");
    text(request, 503, text);
  }

  static void body(HttpServerRequest request, int status, String type, byte[] body) {
    if (!isOpen(request)) {
      return;
    }
    HttpServerResponse response =
        request.response().setStatusCode(status).putHeader(CONTENT_TYPE, type);
    if (body.length >= MIN_GZIP_BYTES) {
      response.putHeader("Vary", "Accept-Encoding");
      if (admitsGzip(request.getHeader(HttpHeaders.ACCEPT_ENCODING))) {
        response.putHeader("Content-Encoding", "gzip");
        response.end(Buffer.buffer(gzip(body)));
        return;
      }
    }
    response.end(Buffer.buffer(body));
  }

  private static boolean isOpen(HttpServerRequest request) {
    return !request.response().ended() && !request.response().closed();
  }

  /** Without the header nothing is compressed; the entry for gzip itself outweighs {@code *}. */
  static boolean admitsGzip(@Nullable String acceptEncoding) {
    if (acceptEncoding == null) {
      return false;
    }
    boolean all = false;
    for (String entry : acceptEncoding.toLowerCase(Locale.ROOT).split(",", 33)) {
      String[] parts = entry.split(";", 2);
      boolean allowed = parts.length < 2 || !parts[1].strip().matches("q=0(\\.0*)?");
      switch (parts[0].strip()) {
        case "gzip", "x-gzip" -> {
          return allowed;
        }
        case "*" -> all = allowed;
        default -> {}
      }
    }
    return all;
  }

  private static byte[] gzip(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 4 + 64);
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return out.toByteArray();
  }
}
