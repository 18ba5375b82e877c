package ai.pediscreen.telemetry.bench;

/** What is measured in each round, in this order. */
enum Scenario {
  COMMITS_1("lone commits, 1 connection", 1, 0),
  REPLACED_1("replaced service, 1 connection", 1, 0),
  SINGLE_1("single events, 1 connection", 1, 1),
  COMMITS_64("lone commits, 64 connections", 64, 0),
  BARE_64("bare route, 64 connections", 64, 0),
  REPLACED_64("replaced service, 64 connections", 64, 0),
  SINGLE_16("single events, 16 connections", 16, 1),
  SINGLE_64("single events, 64 connections", 64, 1),
  SINGLE_256("single events, 256 connections", 256, 1),
  COPY("COPY into the same table, 500 rows a transaction", 1, 0),
  NDJSON_1("NDJSON of 500, 1 connection", 1, 500),
  NDJSON_2("NDJSON of 500, 2 connections", 2, 500),
  NDJSON_4("NDJSON of 500, 4 connections", 4, 500),
  SPANS_1("OpenTelemetry's spans, batches of 512, 1 connection", 1, 512),
  SPANS_4("OpenTelemetry's spans, batches of 512, 4 connections", 4, 512),
  IMPORT("import from the replaced service's tables", 1, 0);

  private final String title;
  private final int connections;
  private final int events;

  Scenario(String title, int connections, int events) {
    this.title = title;
    this.connections = connections;
    this.events = events;
  }

  String title() {
    return title;
  }

  int connections() {
    return connections;
  }

  /** Events in a request to the server; 0 if it is not the server that is measured. */
  int events() {
    return events;
  }
}
