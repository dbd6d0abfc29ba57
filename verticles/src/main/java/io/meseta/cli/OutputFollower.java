package io.meseta.cli;

import io.meseta.schema.v1.Offer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Shows what tasks write while they run, by reading their sandboxes from their agents' {@code
 * /files/read}. Watching happens on the caller's context; printing keeps lines of different tasks
 * apart.
 */
final class OutputFollower {
  private static final long POLL_MILLIS = 200;
  private static final int CHUNK_BYTES = 64 << 10;

  private final Vertx vertx;
  private final HttpClient http;
  private final PrintStream out;
  private final PrintStream err;
  private final boolean prefixed;
  private final Map<String, List<Tail>> tails = new HashMap<>();
  private final List<CompletableFuture<Void>> ends = new ArrayList<>();

  /**
   * @param prefixed whether each line starts with the task's id
   */
  OutputFollower(Vertx vertx, PrintStream out, PrintStream err, boolean prefixed) {
    this.vertx = vertx;
    this.http = vertx.createHttpClient();
    this.out = out;
    this.err = err;
    this.prefixed = prefixed;
  }

  /** Begins with a task that has a place, and reads what is left of one that has ended. */
  synchronized void watch(TaskRun.Run run) {
    if (run.place().isEmpty()) {
      return;
    }
    Offer place = run.place().get();
    List<Tail> files =
        tails.computeIfAbsent(
            run.id(),
            id -> {
              String runs =
                  "/frameworks/"
                      + place.getFrameworkId().getValue()
                      + "/executors/"
                      + id
                      + "/runs/latest/";
              List<Tail> both =
                  List.of(
                      new Tail(place, runs + "stdout", out, id),
                      new Tail(place, runs + "stderr", err, id));
              both.forEach(tail -> ends.add(tail.end));
              both.forEach(Tail::poll);
              return both;
            });
    if (run.isTerminal()) {
      files.forEach(tail -> tail.last = true);
    }
  }

  /** Waits until everything that the watched tasks wrote has been shown, at most a few seconds. */
  void finish() throws InterruptedException {
    CompletableFuture<?> all;
    synchronized (this) {
      all = CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
    }
    try {
      all.get(5, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      err.println("meseta execute: some output could not be read: " + e.getMessage());
    }
  }

  /** One file of one task. */
  private final class Tail {
    private final Offer place;
    private final String path;
    private final PrintStream target;
    private final String id;
    private final StringBuilder line = new StringBuilder();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile boolean last;
    private long offset;

    Tail(Offer place, String path, PrintStream target, String id) {
      this.place = place;
      this.path = path;
      this.target = target;
      this.id = id;
    }

    void poll() {
      boolean wasLast = last;
      read()
          .onComplete(
              read -> {
                String data = read.succeeded() ? read.result() : "";
                show(data);
                if (!data.isEmpty()) {
                  poll();
                } else if (wasLast) {
                  if (!line.isEmpty()) {
                    show("\n");
                  }
                  end.complete(null);
                } else {
                  vertx.setTimer(POLL_MILLIS, ignored -> poll());
                }
              });
    }

    private Future<String> read() {
      var address = place.getUrl().getAddress();
      RequestOptions request =
          new RequestOptions()
              .setMethod(HttpMethod.GET)
              .setHost(address.hasIp() ? address.getIp() : address.getHostname())
              .setPort(address.getPort())
              .setURI(
                  "/files/read?path="
                      + URLEncoder.encode(path, StandardCharsets.UTF_8)
                      + "&offset="
                      + offset
                      + "&length="
                      + CHUNK_BYTES);
      return http.request(request)
          .compose(ready -> ready.send())
          .compose(
              answer ->
                  answer.statusCode() == 200
                      ? answer.body().map(body -> new JsonObject(body).getString("data", ""))
                      : failed(answer));
    }

    private Future<String> failed(HttpClientResponse answer) {
      return answer.body().compose(ignored -> Future.failedFuture("HTTP " + answer.statusCode()));
    }

    private void show(String data) {
      offset += data.getBytes(StandardCharsets.UTF_8).length;
      if (!prefixed) {
        target.print(data);
        target.flush();
        return;
      }
      for (int i = 0; i < data.length(); i++) {
        char c = data.charAt(i);
        if (c == '\n') {
          target.println(id + " | " + line);
          line.setLength(0);
        } else {
          line.append(c);
        }
      }
    }
  }
}
