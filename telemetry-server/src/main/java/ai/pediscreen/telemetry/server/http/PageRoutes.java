package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.server.dashboard.Asset;
import ai.pediscreen.telemetry.server.dashboard.DashboardAssets;
import io.javalin.http.Context;
import java.util.Objects;
import java.util.Set;

/**
 * The dashboard: {@code GET /} and what it loads from {@code /assets}. Holds no figures, so it
 * needs no key; the page asks the other routes for them.
 */
final class PageRoutes {

  /**
   * Nothing from elsewhere, and nothing inline: a name that came with an event stays text whatever
   * it looks like.
   */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final DashboardAssets assets = DashboardAssets.load();

  /** The paths that are answered; a key is not asked for there. */
  Set<String> paths() {
    return assets.byPath().keySet();
  }

  void asset(Context ctx) {
    Asset asset = Objects.requireNonNull(assets.byPath().get(ctx.path()), "a route has an asset");
    ctx.header("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    ctx.header("X-Content-Type-Options", "nosniff");
    ctx.header("Referrer-Policy", "no-referrer");
    ctx.header("Cross-Origin-Opener-Policy", "same-origin");
    ctx.header("Cross-Origin-Resource-Policy", "same-origin");
    // A new version is seen at once; an old one costs one question, which the ETag answers.
    ctx.header("Cache-Control", "no-cache");
    ctx.header("Vary", "Accept-Encoding");
    ctx.header("ETag", asset.etag());
    ctx.contentType(asset.contentType()).result(asset.content());
  }
}
