package ai.pediscreen.telemetry.server;

import java.util.ArrayList;
import java.util.List;

/** What the server says of itself once it is ready: at most ten lines. */
final class Banner {

  private Banner() {}

  static List<String> lines(ServerConfig config, int port, String store) {
    String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
    List<String> lines = new ArrayList<>();
    lines.add("PediScreen Telemetry is ready at http://" + host + ":" + port);
    lines.add("  Data     " + store + ", raw events kept " + config.retentionDays() + " days");
    lines.add(
        config.authRequired()
            ? "  Keys     required; make one with 'keys create --org ORG --scope ingest,read'"
            : "  Keys     off: anybody on this machine may post and read (AUTH=required to turn on)");
    lines.add(
        config.redis() == null
            ? "  Jobs     run in this process; REDIS_URL=redis://… to leave them to workers"
            : "  Jobs     left to workers (java -jar telemetry-server.jar worker) over Redis at "
                + config.redis());
    if (config.database() == null) {
      lines.add("  Database embedded; DATABASE_URL=postgresql://… to use your own");
    }
    if (!config.withoutEffect().isEmpty()) {
      lines.add("  Ignored  not built yet: " + String.join(", ", config.withoutEffect()));
    }
    lines.add("  Stop     Ctrl-C");
    return lines;
  }
}
