package ai.pediscreen.telemetry.server.cli;

import ai.pediscreen.telemetry.privacy.PhiMode;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import java.util.ArrayList;
import java.util.List;

/** What the server says of itself once it is ready: at most ten lines. */
public final class Banner {

  private Banner() {}

  public static List<String> lines(ServerConfig config, int port, int metricsPort, String store) {
    List<String> lines = new ArrayList<>();
    String scheme = config.certificate() == null ? "http" : "https";
    lines.add("PediScreen Telemetry is ready at " + address(scheme, config.host(), port));
    lines.add("  Data     " + store + ", raw events kept " + config.retentionDays() + " days");
    lines.add(
        config.authRequired()
            ? "  Keys     required; make one with 'keys create --org ORG --scope ingest,read'"
            : "  Keys     off: anybody on this machine may post and read (AUTH=required to turn on)");
    if (config.phi() == PhiMode.OFF) {
      lines.add("  PHI      off: identifiers of persons are kept as they come");
    }
    lines.add(
        config.redis() == null
            ? "  Jobs     run in this process; REDIS_URL=redis://… to leave them to workers"
            : "  Jobs     left to workers (java -jar telemetry-server.jar worker) over Redis at "
                + config.redis());
    if (config.exporting() && config.bigQuery() != null) {
      lines.add(
          "  Export   to BigQuery, dataset "
              + config.bigQuery().project()
              + "."
              + config.bigQuery().dataset()
              + (config.askingBigQuery() ? ", which answers questions" : ""));
    }
    if (config.database() == null) {
      lines.add("  Database embedded; DATABASE_URL=postgresql://… to use your own");
    }
    if (config.metricsPort() != null) {
      lines.add("  Metrics  at " + address("http", config.metricsHost(), metricsPort) + "/metrics");
    }
    lines.add("  Stop     Ctrl-C");
    return lines;
  }

  private static String address(String scheme, String host, int port) {
    return scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
