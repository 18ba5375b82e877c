package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.server.logging.TraceContext;
import ai.pediscreen.telemetry.server.metrics.TelemetryMetrics;
import java.time.Duration;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What every request meets first and last: it gets its trace id, which the thread that works for it
 * logs with, and when it is answered it is counted.
 */
final class RequestHandler extends Handler.Wrapper implements RequestLog {

  /** The template of the path, once a route is found. */
  static final String ROUTE = "route";

  private static final String UNMATCHED = "unmatched";
  private static final String OTHER = "OTHER";

  /** Anybody may invent more of them. */
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE");

  private final TelemetryMetrics metrics;
  private final ConnectionGuard guard;

  RequestHandler(Handler next, TelemetryMetrics metrics, ConnectionGuard guard) {
    super(next);
    this.metrics = metrics;
    this.guard = guard;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    guard.requestBegins(request);
    String traceId = TraceId.of(request.getHeaders()::get);
    request.setAttribute(TraceId.ATTRIBUTE, traceId);
    return TraceContext.call(traceId, () -> super.handle(request, response, callback));
  }

  @Override
  public void log(Request request, Response response) {
    guard.requestEnds(request);
    String method = request.getMethod();
    Object route = request.getAttribute(ROUTE);
    metrics.answered(
        METHODS.contains(method) ? method : OTHER,
        route == null ? UNMATCHED : route.toString(),
        response.getStatus(),
        Duration.ofNanos(System.nanoTime() - request.getBeginNanoTime()));
  }
}
