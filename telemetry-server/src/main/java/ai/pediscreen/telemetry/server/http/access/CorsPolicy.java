package ai.pediscreen.telemetry.server.http.access;

import io.javalin.http.Context;
import java.util.Set;

/**
 * Allows calls from pages of listed origins only. Preflights are answered without a key, since
 * browsers send none with them.
 */
public final class CorsPolicy {

  private static final String REQUEST_HEADERS =
      "apikey, x-api-key, authorization, content-type, x-request-id, traceparent";
  private static final String SECONDS_PREFLIGHTS_ARE_KEPT = "600";

  private final Set<String> origins;

  /**
   * @param origins as browsers write them, such as {@code https://app.example:8443}
   */
  public CorsPolicy(Set<String> origins) {
    this.origins = Set.copyOf(origins);
  }

  /**
   * Whether the request comes from a page of neither our own nor a listed origin. A browser sends
   * such requests, though it hides the answer from the page.
   */
  boolean isForeign(Context ctx) {
    String origin = ctx.header("Origin");
    return origin != null
        && !origins.contains(origin)
        && !origin.replaceFirst("^https?://", "").equals(ctx.header("Host"));
  }

  public void apply(Context ctx) {
    if (origins.isEmpty()) {
      return;
    }
    ctx.header("Vary", "Origin");
    String origin = ctx.header("Origin");
    if (origin == null || !origins.contains(origin)) {
      return;
    }
    ctx.header("Access-Control-Allow-Origin", origin);
    ctx.header("Access-Control-Expose-Headers", "x-request-id, retry-after");
    if (ctx.req().getMethod().equals("OPTIONS")
        && ctx.header("Access-Control-Request-Method") != null) {
      ctx.header("Access-Control-Allow-Methods", "GET, HEAD, POST");
      ctx.header("Access-Control-Allow-Headers", REQUEST_HEADERS);
      ctx.header("Access-Control-Max-Age", SECONDS_PREFLIGHTS_ARE_KEPT);
      ctx.status(204).skipRemainingHandlers();
    }
  }
}
