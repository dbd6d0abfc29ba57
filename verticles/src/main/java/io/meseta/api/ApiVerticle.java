package io.meseta.api;

import io.meseta.bus.Bus;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance of a node's HTTP side. Instances that are given the same port share it; each lives
 * on an event loop of its own and answers the connections that it was dealt.
 */
public final class ApiVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(ApiVerticle.class);

  /** Longest request line and longest sum of headers, in bytes; above them 414 and 431. */
  private static final int MAX_HEAD_BYTES = 64 << 10;

  /** Streams of one HTTP/2 connection; each may be a subscriber. */
  private static final long MAX_HTTP2_STREAMS = 10_000;

  /** Connections that may wait to be accepted. */
  private static final int ACCEPT_BACKLOG = 4096;

  /** Threads that all instances of a process share for large bodies and events. */
  private static final int WORKERS = 2;

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT");

  private static final String VERSION_JSON =
      "{\"build_date\":\"\",\"build_time\":0.0,\"build_user\":\"\",\"version\":\""
          + ApiLevel.VERSION
          + "\"}";

  private final ApiOptions options;
  private final int instance;
  private final @Nullable Bus bus;
  private final @Nullable SandboxFiles sandboxes;
  private Router router = new Router();
  private @Nullable MasterConnection master;
  private @Nullable HttpServer server;

  private ApiVerticle(
      ApiOptions options, int instance, @Nullable Bus bus, @Nullable SandboxFiles sandboxes) {
    this.options = options;
    this.instance = instance;
    this.bus = bus;
    this.sandboxes = sandboxes;
  }

  /**
   * The HTTP side of a master.
   *
   * @param instance counts the instances of one node from 0
   * @param bus where the node's master listens
   */
  public static ApiVerticle forMaster(ApiOptions options, int instance, Bus bus) {
    return new ApiVerticle(options, instance, bus, null);
  }

  /**
   * The HTTP side of an agent.
   *
   * @param workDir whose sandboxes can be read
   */
  public static ApiVerticle forAgent(ApiOptions options, int instance, Path workDir) {
    return new ApiVerticle(options, instance, null, new SandboxFiles(workDir));
  }

  @Override
  public Future<?> start() {
    WorkerExecutor workers = vertx.createSharedWorkerExecutor("meseta-api", WORKERS);
    Future<Void> ready;
    if (bus == null) {
      router = agentRoutes();
      ready = Future.succeededFuture();
    } else {
      MasterConnection connection = new MasterConnection(vertx, bus, options, instance, workers);
      master = connection;
      router = masterRoutes(connection, workers);
      ready = connection.start();
    }
    router.forbid(options.forbiddenPaths());
    // Ports open when answers can arrive.
    return ready.compose(listening -> listen());
  }

  private Future<HttpServer> listen() {
    HttpServer http =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost(options.host())
                    .setPort(options.port())
                    .setAcceptBacklog(ACCEPT_BACKLOG)
                    .setMaxInitialLineLength(MAX_HEAD_BYTES)
                    .setMaxHeaderSize(MAX_HEAD_BYTES)
                    .setTcpNoDelay(true)
                    // No WebSockets here; their handlers also bound how deep clients may pipeline.
                    .setPerFrameWebSocketCompressionSupported(false)
                    .setPerMessageWebSocketCompressionSupported(false)
                    .setInitialSettings(
                        new Http2Settings().setMaxConcurrentStreams(MAX_HTTP2_STREAMS)))
            .requestHandler(this::handle);
    server = http;
    return http.listen().recover(cause -> Future.failedFuture(asBindFailure(cause)));
  }

  /** The native transport has exceptions of its own for what the JDK calls a BindException. */
  private static Throwable asBindFailure(Throwable cause) {
    if (cause instanceof BindException || !(cause instanceof IOException)) {
      return cause;
    }
    BindException failure = new BindException(cause.getMessage());
    failure.initCause(cause);
    return failure;
  }

  /** The port that is listened on, once started. */
  public int port() {
    HttpServer http = server;
    if (http == null) {
      throw new IllegalStateException("not started");
    }
    return http.actualPort();
  }

  /** Completes when the node's master has taken over for the first time; of a master only. */
  public Future<Void> leading() {
    MasterConnection connection = master;
    if (connection == null) {
      throw new IllegalStateException("not started, or not a master's");
    }
    return connection.leading();
  }

  /** Streams are ended first: the server would wait for them. */
  @Override
  public Future<?> stop() {
    MasterConnection connection = master;
    Future<Void> ended = connection == null ? Future.succeededFuture() : connection.stop();
    HttpServer http = server;
    return ended.eventually(() -> http == null ? Future.succeededFuture() : http.close());
  }

  private void handle(HttpServerRequest request) {
    try {
      dispatch(request);
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).addKeyValue("path", request.path()).log("a request failed");
      Responses.text(request, 500, "500 Internal Server Error.");
    }
  }

  private void dispatch(HttpServerRequest request) {
    if (master != null && master.isTaken(request.connection())) {
      return;
    }
    if (!METHODS.contains(request.method().name())) {
      Responses.text(request, 400, "Unknown method '" + request.method().name() + "'");
      return;
    }
    Optional<Router.Route> route = router.find(RequestTarget.of(request.uri()));
    if (route.isEmpty()) {
      Responses.notFound(request);
    } else if (router.isForbidden(route.get())) {
      Responses.text(request, 403, "Endpoint '" + route.get().name() + "' is disabled");
    } else {
      route.get().endpoint().handle(request);
    }
  }

  private Router masterRoutes(MasterConnection connection, WorkerExecutor workers) {
    return new Router()
        .serve(
            "/master/api/v1/scheduler",
            new SchedulerEndpoint(vertx, connection, options, workers),
            "/api/v1/scheduler")
        .serve("/master/health", ApiVerticle::health, "/health")
        .serve("/version", ApiVerticle::version)
        .serveExactly("/master/redirect", Redirects.endpoint(connection::standing), "/redirect");
  }

  private Router agentRoutes() {
    Router routes =
        new Router()
            .serve("/slave(1)/health", ApiVerticle::health, "/health")
            .serve("/version", ApiVerticle::version);
    SandboxFiles files = sandboxes;
    return files == null
        ? routes
        : routes.serveExactly("/files/read", new FilesEndpoint(vertx, files));
  }

  private static void health(HttpServerRequest request) {
    Responses.empty(request, 200);
  }

  private static void version(HttpServerRequest request) {
    Responses.body(request, 200, "application/json", VERSION_JSON.getBytes(StandardCharsets.UTF_8));
  }
}
