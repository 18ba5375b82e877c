package ai.pediscreen.telemetry.server.cli;

import ai.pediscreen.telemetry.privacy.PhiMode;
import ai.pediscreen.telemetry.server.config.ReportingConfig;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.config.StorageConfig;
import ai.pediscreen.telemetry.server.config.WarehouseConfig;
import ai.pediscreen.telemetry.server.http.HttpServerSettings;
import java.util.ArrayList;
import java.util.List;

/** What the server prints once it is ready: at most ten lines. */
public final class Banner {

  private Banner() {}

  public static List<String> lines(ServerConfig config, int port, int metricsPort, String store) {
    List<String> lines = new ArrayList<>();
    HttpServerSettings.Listening http = config.http().listening();
    StorageConfig storage = config.storage();
    String scheme = http.certificate() == null ? "http" : "https";
    lines.add("PediScreen Telemetry is ready at " + address(scheme, http.host(), port));
    lines.add(
        "  Data     " + store + ", raw events kept " + storage.retention().eventDays() + " days");
    lines.add(
        config.http().senders().keysRequired()
            ? "  Keys     required; make one with 'keys create --org ORG --scope ingest,read'"
            : "  Keys     off: anybody on this machine may post and read (AUTH=required to turn"
                + " on)");
    if (config.events().phi() == PhiMode.OFF) {
      lines.add("  PHI      off: identifiers of persons are kept as they come");
    }
    lines.add(
        storage.redis() == null
            ? "  Jobs     run in this process; REDIS_URL=redis://… to leave them to workers"
            : "  Jobs     left to workers (java -jar telemetry-server.jar worker) over Redis at "
                + storage.redis());
    WarehouseConfig.Named warehouse = storage.warehouse().named();
    if (storage.warehouse().exporting() && warehouse != null) {
      lines.add(
          "  Export   to "
              + warehouse.kind()
              + ", "
              + warehouse.address().place()
              + (storage.warehouse().answering() ? ", which answers questions" : ""));
    }
    if (storage.database().url() == null) {
      lines.add("  Database embedded; DATABASE_URL=postgresql://… to use your own");
    }
    ReportingConfig reporting = config.reporting();
    if (reporting.metricsPort() != null) {
      lines.add(
          "  Metrics  at " + address("http", reporting.metricsHost(), metricsPort) + "/metrics");
    }
    lines.add("  Stop     Ctrl-C");
    return lines;
  }

  private static String address(String scheme, String host, int port) {
    return scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
