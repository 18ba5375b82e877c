package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.server.audit.AuditTrail;
import ai.pediscreen.telemetry.server.http.access.AccessGuard;
import ai.pediscreen.telemetry.server.http.access.ConnectionGuard;
import ai.pediscreen.telemetry.server.http.ingest.EventRoutes;
import ai.pediscreen.telemetry.server.http.page.PageRoutes;
import ai.pediscreen.telemetry.server.http.protocol.TraceId;
import ai.pediscreen.telemetry.server.http.threads.AfterDispatch;
import ai.pediscreen.telemetry.server.http.threads.HttpThreads;
import ai.pediscreen.telemetry.server.logging.TraceContext;
import ai.pediscreen.telemetry.server.metrics.TelemetryMetrics;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;
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

  /** Those that read slowly, or not at all, leave the other threads to senders. */
  static final int MAX_READS = 200;

  /** Of the page, which anybody may ask for. They leave the others to those who have a key. */
  static final int MAX_PAGE_READS = 50;

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int TOO_MANY = 429;
  private static final int UNAVAILABLE = 503;

  /** Clients may invent any others. */
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE");

  private final TelemetryMetrics metrics;
  private final ConnectionGuard guard;
  private final AuditTrail audit;
  private final Semaphore reads = new Semaphore(MAX_READS);
  private final Semaphore pageReads = new Semaphore(MAX_PAGE_READS);

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
    if (!isShort(request)) {
      return TraceContext.call(
          traceId,
          () ->
              isRead(request)
                  ? read(request, response, callback)
                  : HttpThreads.apart(() -> super.handle(request, response, callback)));
    }
    AfterDispatch after = new AfterDispatch();
    request.setAttribute(AfterDispatch.ATTRIBUTE, after);
    try {
      return TraceContext.call(traceId, () -> super.handle(request, response, callback));
    } finally {
      // Events of other requests, too.
      after.run();
    }
  }

  private static boolean isRead(Request request) {
    String method = request.getMethod();
    return HttpMethod.GET.is(method) || HttpMethod.HEAD.is(method);
  }

  /** Its answer may be long, and then takes a thread for as long as its reader takes. */
  private boolean read(Request request, Response response, Callback callback) throws Exception {
    Semaphore permits = PageRoutes.isPage(Request.getPathInContext(request)) ? pageReads : reads;
    if (!permits.tryAcquire()) {
      Response.writeError(request, response, callback, UNAVAILABLE);
      return true;
    }
    try {
      return HttpThreads.apart(() -> super.handle(request, response, callback));
    } finally {
      permits.release();
    }
  }

  /**
   * Whose dispatch waits for nothing: one event, or some, which are decoded and queued within a
   * millisecond, and questions about the health of the server.
   */
  private static boolean isShort(Request request) {
    String path = Request.getPathInContext(request);
    return HealthRoutes.PATHS.contains(path) || (path.equals(EventRoutes.PATH) && isFew(request));
  }

  private static boolean isFew(Request request) {
    long length = request.getLength();
    return length >= 0
        && length <= SHORT_BYTES
        && HttpMethod.POST.is(request.getMethod())
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
