package io.meseta.api;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * {@code /files/read}: a part of a file in a sandbox as {@code {"data": …, "offset": …}}. A
 * character that the end of the part cuts in two is left for the next read; other bytes that are no
 * UTF-8 show as U+FFFD.
 */
final class FilesEndpoint implements Endpoint {
  private final Vertx vertx;
  private final SandboxFiles files;

  FilesEndpoint(Vertx vertx, SandboxFiles files) {
    this.vertx = vertx;
    this.files = files;
  }

  @Override
  public void handle(HttpServerRequest request) {
    String path = request.getParam("path");
    if (path == null || path.isEmpty()) {
      Responses.text(request, 400, "Expecting 'path=value' in query.\n");
      return;
    }
    long offset;
    long length;
    try {
      offset = number("offset", request.getParam("offset"));
      length = number("length", request.getParam("length"));
    } catch (IllegalArgumentException e) {
      Responses.text(request, 400, e.getMessage() + "\n");
      return;
    }
    vertx
        .executeBlocking(() -> files.read(path, offset, length), false)
        .onSuccess(
            result -> {
              switch (result) {
                case SandboxFiles.Result.Data data ->
                    Responses.body(request, 200, "application/json", json(data));
                case SandboxFiles.Result.Missing missing -> Responses.text(request, 404, "");
                case SandboxFiles.Result.Refused refused ->
                    Responses.text(request, 400, refused.reason() + "\n");
              }
            })
        .onFailure(cause -> Responses.text(request, 500, "500 Internal Server Error."));
  }

  private static long number(String name, @Nullable String text) {
    if (text == null) {
      return -1;
    }
    long value;
    try {
      value = Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "Failed to parse " + name + ": Failed to convert '" + text + "' to number.", e);
    }
    if (value < -1) {
      throw new IllegalArgumentException("Negative " + name + " provided: " + value + ".");
    }
    return value;
  }

  private static byte[] json(SandboxFiles.Result.Data data) {
    StringBuilder out = new StringBuilder("{\"data\":\"");
    JsonStringEncoder.getInstance().quoteAsString(text(data.bytes().toByteArray()), out);
    return out.append("\",\"offset\":")
        .append(data.offset())
        .append('}')
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Decodes what is whole; a sequence that is merely unfinished at the end is left out, unless
   * there is nothing else.
   */
  static String text(byte[] bytes) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    CharBuffer out = CharBuffer.allocate(bytes.length + 1);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    decoder.decode(in, out, false);
    if (out.position() == 0) {
      decoder.decode(in, out, true);
    }
    return out.flip().toString();
  }
}
