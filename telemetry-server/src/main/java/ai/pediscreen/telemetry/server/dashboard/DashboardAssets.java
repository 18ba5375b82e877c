package ai.pediscreen.telemetry.server.dashboard;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of the dashboard and of the page that shows the API. The list is written out, so that
 * nothing else of the class path can be asked for.
 */
public final class DashboardAssets {

  private static final String HTML = "text/html;charset=utf-8";
  private static final String SCRIPT = "text/javascript;charset=utf-8";
  private static final String STYLE = "text/css;charset=utf-8";
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

  private static final String SWAGGER_UI = "/META-INF/resources/webjars/swagger-ui/5.34.1/";

  private static final List<String> SCRIPTS =
      List.of(
          "api.js",
          "bins.js",
          "chartparts.js",
          "charts.js",
          "choices.js",
          "clock.js",
          "dialogs.js",
          "docs.js",
          "drawer.js",
          "drift.js",
          "driftparts.js",
          "export.js",
          "feed.js",
          "format.js",
          "health.js",
          "html.js",
          "keys.js",
          "markers.js",
          "model.js",
          "page.js",
          "panels.js",
          "reports.js",
          "state.js",
          "status.js",
          "theme.js",
          "tiles.js");

  /** What stands in the page for the version that the build wrote into the jar. */
  private static final String VERSION = "{{version}}";

  private DashboardAssets() {}

  private static String version() {
    String version = DashboardAssets.class.getPackage().getImplementationVersion();
    return version == null ? "" : version;
  }

  /** Reads them all; by name, the pages as {@code index.html} and {@code docs.html}. */
  public static Map<String, Asset> load() {
    Map<String, Asset> assets = new HashMap<>();
    assets.put("index.html", Asset.ofResource("index.html", HTML).filledIn(VERSION, version()));
    assets.put("page.css", Asset.ofResource("page.css", STYLE));
    assets.put("icon.svg", Asset.ofResource("icon.svg", "image/svg+xml"));
    for (String script : SCRIPTS) {
      assets.put(script, Asset.ofResource(script, SCRIPT));
    }
    assets.put("uPlot.js", Asset.ofResource(UPLOT + "uPlot.iife.min.js", SCRIPT));
    assets.put("uPlot.css", Asset.ofResource(UPLOT + "uPlot.min.css", STYLE));
    assets.put("docs.html", Asset.ofResource("docs.html", HTML));
    for (String file : List.of("swagger-ui.css", "swagger-ui-bundle.js")) {
      assets.put(file, Asset.ofResource(SWAGGER_UI + file, file.endsWith("css") ? STYLE : SCRIPT));
    }
    assets.put("openapi.json", Asset.ofResource("openapi.json", "application/json"));
    return Map.copyOf(assets);
  }
}
