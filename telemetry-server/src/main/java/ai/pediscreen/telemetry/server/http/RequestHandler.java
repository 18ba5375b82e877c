package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.server.audit.AuditTrail;
import ai.pediscreen.telemetry.server.http.access.AccessGuard;
import ai.pediscreen.telemetry.server.http.access.ConnectionGuard;
import ai.pediscreen.telemetry.server.http.ingest.EventRoutes;
import ai.pediscreen.telemetry.server.http.protocol.TraceId;
import ai.pediscreen.telemetry.server.logging.TraceContext;
import ai.pediscreen.telemetry.server.metrics.TelemetryMetrics;
import java.time.Duration;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What every request meets first and last: it gets its trace id, which the thread that works for it
 * logs with, and when it is answered it is counted, by the audit log too if access was refused.
 */
public final class RequestHandler extends Handler.Wrapper implements RequestLog {

  /** The template of the path, once a route is found. */
  static final String ROUTE = "route";

  private static final String UNMATCHED = "unmatched";
  private static final String OTHER = "OTHER";

  /** Some thirty events. */
  private static final int SHORT_BYTES = 16 * 1024;

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int TOO_MANY = 429;

  /** Clients may invent any others. */
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE");

  private final TelemetryMetrics metrics;
  private final ConnectionGuard guard;
  private final AuditTrail audit;

  RequestHandler(Handler next, TelemetryMetrics metrics, ConnectionGuard guard, AuditTrail audit) {
    super(next);
    this.metrics = metrics;
    this.guard = guard;
    this.audit = audit;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    guard.requestBegins(request);
    String traceId = TraceId.of(request.getHeaders()::get);
    request.setAttribute(TraceId.ATTRIBUTE, traceId);
    return TraceContext.call(
        traceId,
        () ->
            isShort(request)
                ? super.handle(request, response, callback)
                : HttpThreads.apart(() -> super.handle(request, response, callback)));
  }

  /** One event, or some: they are decoded and queued within a millisecond. */
  private static boolean isShort(Request request) {
    long length = request.getLength();
    return length >= 0
        && length <= SHORT_BYTES
        && HttpMethod.POST.is(request.getMethod())
        && Request.getPathInContext(request).equals(EventRoutes.PATH)
        && !request.getHeaders().contains(HttpHeader.CONTENT_ENCODING);
  }

  @Override
  public void log(Request request, Response response) {
    guard.requestEnds(request);
    String method = METHODS.contains(request.getMethod()) ? request.getMethod() : OTHER;
    Object found = request.getAttribute(ROUTE);
    String route = found == null ? UNMATCHED : found.toString();
    metrics.answered(
        method,
        route,
        response.getStatus(),
        Duration.ofNanos(System.nanoTime() - request.getBeginNanoTime()));
    if (isRefusal(request, response.getStatus())) {
      Object shown = request.getAttribute(AccessGuard.SHOWN_KEY);
      audit.refused(
          shown == null ? null : shown.toString(),
          request.getAttribute(AccessGuard.VALID_KEY) != null,
          method + " " + route,
          response.getStatus());
    }
  }

  /** Where a valid key is over its limit, access was not refused. */
  private static boolean isRefusal(Request request, int status) {
    return status == UNAUTHORIZED
        || status == FORBIDDEN
        || (status == TOO_MANY
            && request.getAttribute(AccessGuard.SHOWN_KEY) != null
            && request.getAttribute(AccessGuard.VALID_KEY) == null);
  }
}
