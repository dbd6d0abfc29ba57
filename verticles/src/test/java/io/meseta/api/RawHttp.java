package io.meseta.api;

import com.google.protobuf.ByteString;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One connection on which a test says exactly which bytes are sent, and sees which chunks come
 * back.
 */
public final class RawHttp implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;

  private RawHttp(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
  }

  /** An answer. */
  public record Response(int status, Map<String, String> headers, ByteString content) {
    public byte[] body() {
      return content.toByteArray();
    }

    public String text() {
      return content.toStringUtf8();
    }

    public Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }
  }

  public static RawHttp connect(int port) {
    return connect(port, 0);
  }

  /** With a small receive buffer, so that the sender notices soon that nobody reads. */
  public static RawHttp connect(int port, int receiveBufferBytes) {
    try {
      Socket socket = new Socket();
      if (receiveBufferBytes > 0) {
        socket.setReceiveBufferSize(receiveBufferBytes);
      }
      socket.connect(
          new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
      return new RawHttp(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bytes of one request. A {@code Content-Length} is added if there is a body. */
  public static byte[] request(
      String method, String path, Map<String, String> headers, byte[] body) {
    StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: x\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (body.length > 0 || method.equals("POST")) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    head.append("\r\n");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(body);
    return out.toByteArray();
  }

  public RawHttp send(String text) {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public RawHttp send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a request and reads its whole answer. */
  public Response exchange(String method, String path, Map<String, String> headers, byte[] body) {
    send(request(method, path, headers, body));
    return method.equals("HEAD") ? head() : response();
  }

  /** Reads one whole answer. */
  public Response response() {
    return body(head());
  }

  /** Reads what follows a head. */
  public Response body(Response head) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (head.header("transfer-encoding").isPresent()) {
      Optional<byte[]> chunk = chunk();
      while (chunk.isPresent()) {
        body.writeBytes(chunk.get());
        chunk = chunk();
      }
    } else {
      body.writeBytes(bytes(Integer.parseInt(head.header("content-length").orElse("0"))));
    }
    return new Response(head.status(), head.headers(), ByteString.copyFrom(body.toByteArray()));
  }

  /** Reads the status line and the headers. */
  public Response head() {
    String statusLine = line();
    Map<String, String> headers = new LinkedHashMap<>();
    String line = line();
    while (!line.isEmpty()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      line = line();
    }
    return new Response(Integer.parseInt(statusLine.substring(9, 12)), headers, ByteString.EMPTY);
  }

  /** Reads one chunk; empty for the last one. */
  public Optional<byte[]> chunk() {
    int size = Integer.parseInt(line().strip(), 16);
    byte[] chunk = bytes(size);
    line();
    return size == 0 ? Optional.empty() : Optional.of(chunk);
  }

  /** Reads one chunk that must be one record, and gives what is in it. */
  public byte[] record() {
    byte[] chunk = chunk().orElseThrow(() -> new AssertionError("the stream has ended"));
    int lineFeed = 0;
    while (chunk[lineFeed] != '\n') {
      lineFeed++;
    }
    int length = Integer.parseInt(new String(chunk, 0, lineFeed, StandardCharsets.US_ASCII));
    if (length != chunk.length - lineFeed - 1) {
      throw new AssertionError("a chunk is not one record: " + length + " in " + chunk.length);
    }
    return java.util.Arrays.copyOfRange(chunk, lineFeed + 1, chunk.length);
  }

  /** One record as text. */
  public String textRecord() {
    return new String(record(), StandardCharsets.UTF_8);
  }

  /** All records until the server ends the stream. */
  public List<String> recordsToEnd() {
    List<String> records = new ArrayList<>();
    Optional<byte[]> chunk = chunk();
    while (chunk.isPresent()) {
      String text = new String(chunk.get(), StandardCharsets.UTF_8);
      records.add(text.substring(text.indexOf('\n') + 1));
      chunk = chunk();
    }
    return records;
  }

  private String line() {
    try {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      int b = in.read();
      while (b != '\n') {
        if (b < 0) {
          throw new EOFException("closed after '" + line + "'");
        }
        if (b != '\r') {
          line.write(b);
        }
        b = in.read();
      }
      return line.toString(StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] bytes(int count) {
    try {
      byte[] bytes = in.readNBytes(count);
      if (bytes.length < count) {
        throw new EOFException("closed after " + bytes.length + " of " + count + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the server has closed, or closes, the connection without saying more. */
  public boolean isClosedByServer() {
    try {
      return in.read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Says that nothing more will be sent. */
  public RawHttp shutdownOutput() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
