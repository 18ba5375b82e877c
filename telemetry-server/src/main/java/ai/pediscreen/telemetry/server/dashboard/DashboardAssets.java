package ai.pediscreen.telemetry.server.dashboard;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of the dashboard by the path they are served at. The list is written out, so that
 * nothing else of the class path can be asked for.
 *
 * @param byPath a path such as {@code /} or {@code /assets/page.js}, and its file
 */
public record DashboardAssets(Map<String, Asset> byPath) {

  private static final String HTML = "text/html;charset=utf-8";
  private static final String SCRIPT = "text/javascript;charset=utf-8";
  private static final String STYLE = "text/css;charset=utf-8";
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

  private static final List<String> SCRIPTS =
      List.of("api.js", "charts.js", "drift.js", "format.js", "html.js", "page.js", "theme.js");

  public DashboardAssets {
    byPath = Map.copyOf(byPath);
  }

  /** Reads them all. */
  public static DashboardAssets load() {
    Map<String, Asset> assets = new LinkedHashMap<>();
    assets.put("/", Asset.ofResource("index.html", HTML));
    assets.put("/assets/page.css", Asset.ofResource("page.css", STYLE));
    assets.put("/assets/icon.svg", Asset.ofResource("icon.svg", "image/svg+xml"));
    for (String script : SCRIPTS) {
      assets.put("/assets/" + script, Asset.ofResource(script, SCRIPT));
    }
    assets.put("/assets/uPlot.js", Asset.ofResource(UPLOT + "uPlot.iife.min.js", SCRIPT));
    assets.put("/assets/uPlot.css", Asset.ofResource(UPLOT + "uPlot.min.css", STYLE));
    return new DashboardAssets(assets);
  }
}
