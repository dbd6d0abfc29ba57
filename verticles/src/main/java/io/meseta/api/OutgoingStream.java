package io.meseta.api;

import io.meseta.json.MesosJson;
import io.meseta.master.core.MasterInput.CloseCause;
import io.meseta.media.MediaType;
import io.meseta.recordio.RecordIo;
import io.meseta.schema.v1.scheduler.Event;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The events of one subscriber on their way out: encodes each as one RecordIO record, writes it as
 * one HTTP chunk (T-52), and keeps count of what has left. Lives on the event loop of its
 * connection.
 *
 * <p>Vert.x takes whatever is written, however slow the client reads; so the bounds are here, by
 * bytes and by time without progress.
 */
final class OutgoingStream {
  static final String STREAM_ID_HEADER = "Mesos-Stream-Id";

  /** Events from this size on are encoded on a worker. */
  static final int LARGE_EVENT_BYTES = 128 << 10;

  /** What the stream's keeper hears. */
  interface Listener {
    /** More has left for the client; to be told to the master. */
    void drained();

    /** Nothing more can be written. Called once, and not after {@link OutgoingStream#end}. */
    void closed(CloseCause cause);
  }

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final MediaType type;
  private final Vertx vertx;
  private final WorkerExecutor workers;
  private final ApiOptions.Limits limits;
  private final Listener listener;
  private final Deque<Event> waiting = new ArrayDeque<>();
  private boolean encoding;
  private boolean ending;
  private boolean closed;

  /** Protobuf bytes of all events that have left: the measure that the master counts in. */
  private long drainedBytes;

  private long waitingBytes;
  private long writingBytes;

  /** When something last left, or when something was first on its way. */
  private long progressNanos;

  OutgoingStream(
      HttpServerRequest request,
      MediaType type,
      Vertx vertx,
      WorkerExecutor workers,
      ApiOptions.Limits limits,
      Listener listener) {
    this.request = request;
    this.response = request.response();
    this.type = type;
    this.vertx = vertx;
    this.workers = workers;
    this.limits = limits;
    this.listener = listener;
    response.closeHandler(gone -> lost());
    response.exceptionHandler(failure -> lost());
  }

  /** Prepares the head of the answer; it leaves with the first event. */
  void open(String streamId) {
    response
        .setStatusCode(200)
        .setChunked(true)
        .putHeader(Responses.CONTENT_TYPE, type.text())
        .putHeader(STREAM_ID_HEADER, streamId);
  }

  /** Whether the answer can still be another one than a stream. */
  boolean isUnopened() {
    return !response.headWritten();
  }

  HttpServerRequest request() {
    return request;
  }

  /** Protobuf bytes of the events that have left, since the stream was opened. */
  long drainedBytes() {
    return drainedBytes;
  }

  void send(Event event) {
    if (closed || ending) {
      return;
    }
    if (waitingBytes + writingBytes == 0) {
      progressNanos = System.nanoTime();
    }
    waiting.add(event);
    waitingBytes += event.getSerializedSize();
    pump();
    if (!closed && waitingBytes + writingBytes > limits.maxStreamQueuedBytes()) {
      cut(CloseCause.OVERFLOW);
    }
  }

  /** Cuts the stream if nothing has left for too long. To be called every now and then. */
  void check() {
    if (!closed
        && !ending
        && waitingBytes + writingBytes > 0
        && System.nanoTime() - progressNanos > limits.maxStreamStall().toNanos()) {
      cut(CloseCause.OVERFLOW);
    }
  }

  /**
   * Ends the stream after what was sent; a client that does not take that within a grace time is
   * cut off.
   */
  void end() {
    if (closed || ending) {
      return;
    }
    ending = true;
    pump();
    if (!closed) {
      vertx.setTimer(limits.closeGrace().toMillis(), timer -> close());
    }
  }

  private void pump() {
    while (!encoding && !closed) {
      Event event = waiting.poll();
      if (event == null) {
        finishIfEnding();
        return;
      }
      if (event.getSerializedSize() < LARGE_EVENT_BYTES) {
        write(event, encode(event));
      } else {
        encoding = true;
        workers
            .executeBlocking(() -> encode(event), false)
            .onComplete(
                record -> {
                  encoding = false;
                  write(event, record);
                  pump();
                },
                failure -> cut(CloseCause.OVERFLOW));
      }
    }
  }

  private Buffer encode(Event event) {
    byte[] body = type == MediaType.PROTOBUF ? event.toByteArray() : MesosJson.write(event);
    byte[] header = RecordIo.header(body.length);
    return Buffer.buffer(header.length + body.length).appendBytes(header).appendBytes(body);
  }

  private void write(Event event, Buffer record) {
    if (closed) {
      return;
    }
    int eventBytes = event.getSerializedSize();
    waitingBytes -= eventBytes;
    writingBytes += record.length();
    response
        .write(record)
        .onSuccess(
            done -> {
              writingBytes -= record.length();
              drainedBytes += eventBytes;
              progressNanos = System.nanoTime();
              if (!closed && !ending) {
                listener.drained();
              }
            });
  }

  private void finishIfEnding() {
    if (ending && !closed) {
      // Whatever else the client has sent on this connection will not be answered (T-31).
      response.end().onComplete(ended -> close());
    }
  }

  private void cut(CloseCause cause) {
    if (!closed) {
      boolean tell = !ending;
      close();
      if (tell) {
        listener.closed(cause);
      }
    }
  }

  private void lost() {
    if (!closed) {
      closed = true;
      waiting.clear();
      if (!ending) {
        listener.closed(CloseCause.CLIENT);
      }
    }
  }

  private void close() {
    if (closed) {
      return;
    }
    closed = true;
    waiting.clear();
    if (request.version() == HttpVersion.HTTP_2) {
      if (!response.ended()) {
        response.reset();
      }
    } else {
      request.connection().close();
    }
  }
}
