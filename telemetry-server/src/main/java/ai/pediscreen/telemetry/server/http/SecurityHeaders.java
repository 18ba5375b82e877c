package ai.pediscreen.telemetry.server.http;

import io.javalin.http.Context;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;

/**
 * The headers of every answer for browsers: not a page, not in a frame, not to be cached. A route
 * that does serve pages sets the same headers again with values of its own.
 */
final class SecurityHeaders {

  private static final Map<String, String> ALL =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Cache-Control", "no-store");

  private SecurityHeaders() {}

  static void assign(Context ctx) {
    ALL.forEach(ctx::header);
  }

  /** For answers that never reach a route. */
  static void assign(HttpFields.Mutable headers) {
    ALL.forEach(headers::put);
  }
}
