package io.meseta.api;

import io.meseta.kernel.Principal;
import io.meseta.master.Standing;
import io.meseta.media.MediaType;
import io.meseta.media.Negotiation;
import io.meseta.schema.v1.MasterInfo;
import io.meseta.schema.v1.scheduler.Call;
import io.meseta.security.Authenticator;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /api/v1/scheduler}: the checks T-3 to T-13 in their order, of which the first that fails
 * decides; then the call is the master's.
 */
final class SchedulerEndpoint implements Endpoint {
  private static final Logger LOG = LoggerFactory.getLogger(SchedulerEndpoint.class);

  /** Bodies from this size on, and compressed ones, are read on a worker. */
  static final int LARGE_BODY_BYTES = 64 << 10;

  /** How long a client may go on sending a body that nobody reads. */
  private static final long LINGER_MILLIS = 1_000;

  private final Vertx vertx;
  private final MasterConnection master;
  private final Authenticator authenticator;
  private final ApiOptions.Limits limits;
  private final WorkerExecutor workers;

  SchedulerEndpoint(
      Vertx vertx, MasterConnection master, ApiOptions options, WorkerExecutor workers) {
    this.vertx = vertx;
    this.master = master;
    this.authenticator = options.authenticator();
    this.limits = options.limits();
    this.workers = workers;
  }

  @Override
  public void handle(HttpServerRequest request) {
    switch (authenticator.authenticate(header(request, HttpHeaders.AUTHORIZATION))) {
      case Authenticator.Outcome.Accepted(Principal principal) -> {
        // T-4: nobody can be told apart by claims alone here.
        if (principal.value().isEmpty() && !principal.claims().isEmpty()) {
          Responses.text(request, 403, "403 Forbidden.");
        } else if (takesCalls(request)) {
          checkHeaders(request, principal);
        }
      }
      case Authenticator.Outcome.Unauthorized(List<String> challenges) -> {
        request.response().putHeader("WWW-Authenticate", String.join(", ", challenges));
        Responses.text(request, 401, "401 Unauthorized.");
      }
      case Authenticator.Outcome.Forbidden(String reason) -> Responses.text(request, 403, reason);
    }
  }

  /** T-5, T-6. */
  private boolean takesCalls(HttpServerRequest request) {
    Standing standing = master.standing();
    switch (standing.phase()) {
      case LEADING -> {
        return true;
      }
      case RECOVERING -> Responses.text(request, 503, "Master has not finished recovery");
      case FOLLOWING -> {
        Optional<MasterInfo> leader = standing.leader();
        if (leader.isEmpty()) {
          Responses.text(request, 503, "No leader elected");
        } else {
          Redirects.toLeader(request, leader.get(), Redirects.pathAndQuery(request));
        }
      }
    }
    return false;
  }

  /** T-7 to T-9. */
  private void checkHeaders(HttpServerRequest request, Principal principal) {
    if (!request.method().equals(HttpMethod.POST)) {
      Responses.methodNotAllowed(request, "POST");
      return;
    }
    Optional<String> contentType = header(request, HttpHeaders.CONTENT_TYPE);
    if (contentType.isEmpty()) {
      Responses.text(request, 400, Negotiation.CONTENT_TYPE_ABSENT);
      return;
    }
    Optional<MediaType> type =
        MediaType.ofContentType(contentType.get()).filter(Negotiation.MESSAGES::contains);
    if (type.isEmpty()) {
      Responses.text(request, 415, Negotiation.CONTENT_TYPE_UNSUPPORTED);
      return;
    }
    RequestBody.read(request, limits.maxBodyBytes())
        .compose(body -> parse(body, type.get()))
        .onComplete(
            call -> checkCall(request, principal, call), failure -> refuse(request, failure));
  }

  private Future<Call> parse(RequestBody.Raw body, MediaType type) {
    if (body.gzip() || body.bytes().length >= LARGE_BODY_BYTES) {
      return workers.executeBlocking(
          () -> CallReader.read(body, type, limits.maxBodyBytes()), false);
    }
    try {
      return Future.succeededFuture(CallReader.read(body, type, limits.maxBodyBytes()));
    } catch (RequestBody.Refused e) {
      return Future.failedFuture(e);
    }
  }

  private void refuse(HttpServerRequest request, Throwable failure) {
    if (failure instanceof RequestBody.Refused refused) {
      if (refused.status() == 413 && !request.isEnded()) {
        request.response().putHeader("Connection", "close");
        discardRest(request);
      }
      Responses.text(request, refused.status(), refused.reason());
    } else {
      LOG.atError().setCause(failure).log("a scheduler call could not be read");
      Responses.text(request, 500, "500 Internal Server Error.");
    }
  }

  /**
   * The rest of a body that is too large is passed over for a while: a client that is still sending
   * would lose the answer if the connection were closed under it.
   */
  private void discardRest(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      return;
    }
    HttpConnection connection = request.connection();
    request.handler(rest -> {});
    request.resume();
    vertx.setTimer(LINGER_MILLIS, over -> connection.close());
  }

  /** T-11 to T-13, and the bound of D-6. */
  private void checkCall(HttpServerRequest request, Principal principal, Call call) {
    Optional<String> invalid = CallValidation.invalid(call, principal);
    Optional<String> streamId = header(request, OutgoingStream.STREAM_ID_HEADER);
    if (invalid.isPresent()) {
      Responses.text(request, 400, "Failed to validate scheduler::Call: " + invalid.get());
    } else if (call.getType() == Call.Type.SUBSCRIBE) {
      subscribe(request, principal, call, streamId);
    } else if (isAcknowledgement(call) || master.hasCredit()) {
      master.call(request, principal, streamId, call);
    } else {
      Responses.busy(request, "Too many calls are waiting for the master");
    }
  }

  private void subscribe(
      HttpServerRequest request, Principal principal, Call call, Optional<String> streamId) {
    Optional<MediaType> accepted = Negotiation.accept(header(request, HttpHeaders.ACCEPT));
    if (accepted.isEmpty()) {
      Responses.text(request, 406, Negotiation.NOT_ACCEPTABLE);
    } else if (streamId.isPresent()) {
      Responses.text(
          request, 400, "Subscribe calls should not include the 'Mesos-Stream-Id' header");
    } else {
      master.subscribe(request, principal, call, accepted.get());
    }
  }

  /** What frees the cluster's memory is never held back by what fills it. */
  private static boolean isAcknowledgement(Call call) {
    return call.getType() == Call.Type.ACKNOWLEDGE
        || call.getType() == Call.Type.ACKNOWLEDGE_OPERATION_STATUS;
  }

  private static Optional<String> header(HttpServerRequest request, CharSequence name) {
    List<String> values = request.headers().getAll(name);
    return values.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", values));
  }
}
