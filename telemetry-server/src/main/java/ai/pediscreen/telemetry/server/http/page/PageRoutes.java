package ai.pediscreen.telemetry.server.http.page;

import ai.pediscreen.telemetry.server.dashboard.Asset;
import ai.pediscreen.telemetry.server.dashboard.DashboardAssets;
import ai.pediscreen.telemetry.server.http.protocol.Problem;
import io.javalin.http.Context;
import java.util.Map;

/**
 * The dashboard at {@code /}, the description of the API at {@code /openapi.json} and as a page at
 * {@code /docs}, and what the pages load, {@code GET /assets/{name}}. Holds no figures, so it needs
 * no key; the pages ask the other routes for them.
 */
public final class PageRoutes {

  public static final String PAGE = "/";
  public static final String DOCS = "/docs";
  public static final String OPEN_API = "/openapi.json";
  public static final String ASSETS_BELOW = "/assets/";

  /**
   * Nothing from elsewhere, and nothing inline: a name that came with an event stays text whatever
   * it looks like.
   */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Map<String, Asset> ASSETS = DashboardAssets.load();

  /** Whether these routes answer it. */
  public static boolean isPage(String path) {
    return path.equals(PAGE)
        || path.equals(DOCS)
        || path.equals(OPEN_API)
        || path.startsWith(ASSETS_BELOW);
  }

  public void page(Context ctx) {
    answer(ctx, "index.html");
  }

  public void docs(Context ctx) {
    answer(ctx, "docs.html");
  }

  public void openApi(Context ctx) {
    answer(ctx, "openapi.json");
  }

  public void asset(Context ctx) {
    answer(ctx, ctx.pathParam("name"));
  }

  private void answer(Context ctx, String name) {
    Asset asset = ASSETS.get(name);
    if (asset == null) {
      throw Problem.of(404, "NOT_FOUND", "there is nothing at this path").exception();
    }
    ctx.header("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    ctx.header("Cross-Origin-Opener-Policy", "same-origin");
    // A new version is seen at once; an old one costs one question, which the ETag answers.
    ctx.header("Cache-Control", "no-cache");
    ctx.res().addHeader("Vary", "Accept-Encoding");
    ctx.header("ETag", asset.etag());
    ctx.contentType(asset.contentType()).result(asset.content());
  }
}
