package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.server.http.access.Access;
import ai.pediscreen.telemetry.server.http.access.KeyRoutes;
import ai.pediscreen.telemetry.server.http.access.RequestAudit;
import ai.pediscreen.telemetry.server.http.access.SenderLimits;
import ai.pediscreen.telemetry.server.http.baseline.BaselineRoutes;
import ai.pediscreen.telemetry.server.http.compliance.AuditRoutes;
import ai.pediscreen.telemetry.server.http.compliance.ErasureRoutes;
import ai.pediscreen.telemetry.server.http.compliance.HoldRoutes;
import ai.pediscreen.telemetry.server.http.ingest.EventRoutes;
import ai.pediscreen.telemetry.server.http.ingest.IngestRequests;
import ai.pediscreen.telemetry.server.http.ingest.OtlpRoutes;
import ai.pediscreen.telemetry.server.http.page.PageRoutes;
import ai.pediscreen.telemetry.server.http.protocol.QueryLimit;
import ai.pediscreen.telemetry.server.http.protocol.RequestBodies;
import ai.pediscreen.telemetry.server.http.query.AlertRoutes;
import ai.pediscreen.telemetry.server.http.query.DayRoutes;
import ai.pediscreen.telemetry.server.http.query.EventSearchRoutes;
import ai.pediscreen.telemetry.server.http.query.UsageRoutes;
import ai.pediscreen.telemetry.server.http.stream.ChangeStream;
import ai.pediscreen.telemetry.server.http.stream.EventFileRoutes;
import ai.pediscreen.telemetry.server.http.stream.FileAnswers;
import ai.pediscreen.telemetry.server.http.threads.HttpTimer;
import ai.pediscreen.telemetry.server.metrics.TelemetryMetrics;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/** All routes, with the access that each requires. */
final class HttpRoutes {

  private static final int MAX_QUESTIONS = 100;

  private final HttpServerSettings settings;
  private final TelemetryMetrics metrics;
  private final HealthRoutes health;
  private final UsageRoutes usage;
  private final EventRoutes events;
  private final OtlpRoutes otlp;
  private final EventSearchRoutes eventSearch;
  private final EventFileRoutes eventFiles;
  private final DayRoutes days;
  private final BaselineRoutes baselines;
  private final AlertRoutes alerts;
  private final KeyRoutes keys;
  private final ErasureRoutes erasures;
  private final HoldRoutes holds;
  private final AuditRoutes audit;
  private final ChangeStream changes;
  private final PageRoutes page = new PageRoutes();

  /**
   * @param shared what requests share
   * @param changes closed by the server, since it is open as long as its listeners are
   * @param health the same
   */
  HttpRoutes(
      HttpServerSettings settings,
      HttpPorts ports,
      Shared shared,
      ChangeStream changes,
      HealthRoutes health) {
    this.settings = settings;
    this.metrics = ports.operation().metrics();
    this.changes = changes;
    this.health = health;
    QueryLimit questions = new QueryLimit(MAX_QUESTIONS);
    RequestAudit entries = new RequestAudit(ports.access().audit(), questions);
    HttpPorts.Events stored = ports.events();
    IngestRequests ingest =
        new IngestRequests(
            stored.committer(),
            shared.bodies(),
            shared.limits(),
            shared.timer(),
            shared.answers(),
            shared.longTasks());
    this.events = new EventRoutes(ingest, stored.guard(), metrics::refused);
    this.otlp =
        new OtlpRoutes(
            ingest, shared.bodies(), stored.guard(), settings.features().keepsContent(), metrics);
    this.usage = usage(settings, ports, questions);
    this.eventSearch = new EventSearchRoutes(stored.search(), questions, stored.guard(), entries);
    this.eventFiles = new EventFileRoutes(stored.archive(), shared.files(), entries, clock(ports));
    HttpPorts.Days computed = ports.days();
    this.days =
        new DayRoutes(computed.aggregates(), computed.jobs(), shared.bodies(), questions, entries);
    this.baselines =
        new BaselineRoutes(
            computed.baselines(),
            computed.aggregates(),
            settings.drift().watched(),
            shared.bodies(),
            questions,
            entries);
    this.alerts = new AlertRoutes(ports.alerts().store(), ports.alerts().channels(), questions);
    this.keys = new KeyRoutes(ports.access().keys(), shared.bodies(), entries, clock(ports));
    this.erasures = new ErasureRoutes(ports.access().erasures(), stored.guard(), entries);
    this.holds = new HoldRoutes(ports.access().erasures(), stored.guard(), entries);
    this.audit = new AuditRoutes(ports.access().audit().log(), shared.files(), questions);
  }

  /**
   * What requests share.
   *
   * @param bodies reads them
   * @param limits how much each sender may do
   * @param files those that are being sent
   * @param timer ends waits for the store
   * @param answers gives the short answers of events
   * @param longTasks runs what may take long, or wait for a sender
   */
  record Shared(
      RequestBodies bodies,
      SenderLimits limits,
      FileAnswers files,
      HttpTimer timer,
      Executor answers,
      Executor longTasks) {}

  private static UsageRoutes usage(
      HttpServerSettings settings, HttpPorts ports, QueryLimit questions) {
    return new UsageRoutes(
        ports.usage().queries(),
        ports.usage().store(),
        ports.days().aggregates(),
        settings.drift().incidents(),
        ports.usage().history(),
        clock(ports),
        questions);
  }

  private static InstantSource clock(HttpPorts ports) {
    return ports.operation().clock();
  }

  void register(RoutesConfig routes) {
    routes.post(EventRoutes.PATH, events::post, Access.INGEST);
    routes.post(OtlpRoutes.TRACES, otlp::traces, Access.INGEST);
    routes.post(OtlpRoutes.LOGS, otlp::logs, Access.INGEST);
    routes.post(OtlpRoutes.METRICS, otlp::metrics, Access.INGEST);
    get(routes, EventRoutes.PATH, Access.READ, eventSearch::events);
    routes.delete(EventRoutes.PATH, erasures::erase, Access.ERASE);
    get(routes, "/erasures/{id}", Access.ERASE, erasures::erasure);
    get(routes, "/events/{event_id}", Access.READ, eventSearch::event);
    get(routes, "/events.csv", Access.READ, eventFiles::csv);
    get(routes, "/events.ndjson", Access.READ, eventFiles::ndjson);
    get(routes, "/telemetry", Access.READ, usage::telemetry);
    get(routes, "/functions/v1/telemetry", Access.READ, usage::pediScreenTelemetry);
    // HEAD is answered without the route: it would not be before the stream ends.
    routes.get("/telemetry/stream", changes::listen, Access.READ);
    get(routes, "/organisations", Access.READ, usage::organisations);
    get(routes, "/metrics_dashboard", Access.READ, usage::dashboard);
    get(routes, "/functions/v1/metrics_dashboard", Access.READ, usage::pediScreenDashboard);
    get(routes, "/aggregates/daily", Access.READ, days::aggregates);
    get(routes, "/drift.csv", Access.READ, days::driftFile);
    get(routes, "/drift/bins", Access.READ, days::driftBins);
    // They are of all organisations together, or of any.
    get(routes, "/baselines", Access.ADMIN, baselines::list);
    get(routes, "/baselines/{name}", Access.ADMIN, baselines::one);
    routes.put("/baselines/{name}", baselines::put, Access.ADMIN);
    routes.delete("/baselines/{name}", baselines::delete, Access.ADMIN);
    // They are of all organisations together.
    get(routes, "/alerts", Access.ADMIN, alerts::alerts);
    // A day is computed for all organisations at once, so no single one may ask for it.
    routes.post("/jobs/daily-aggregates", days::submit, Access.JOBS);
    get(routes, "/jobs/{id}", Access.JOBS, days::job);
    get(routes, "/keys", Access.ADMIN, keys::list);
    routes.post("/keys", keys::create, Access.ADMIN);
    routes.post("/keys/{prefix}/rotation", keys::rotate, Access.ADMIN);
    routes.delete("/keys/{prefix}", keys::revoke, Access.ADMIN);
    get(routes, "/holds", Access.ADMIN, holds::list);
    routes.put("/holds", holds::put, Access.ADMIN);
    routes.delete("/holds", holds::delete, Access.ADMIN);
    get(routes, "/audit", Access.ADMIN, audit::entries);
    get(routes, "/audit.ndjson", Access.ADMIN, audit::file);
    if (settings.features().servesMetrics()) {
      // They name organisations, so no single one may read them.
      get(routes, "/metrics", Access.METRICS, this::metrics);
    }
    get(routes, PageRoutes.PAGE, Access.OPEN, page::page);
    get(routes, PageRoutes.DOCS, Access.OPEN, page::docs);
    get(routes, PageRoutes.OPEN_API, Access.OPEN, page::openApi);
    get(routes, PageRoutes.ASSETS_BELOW + "{name}", Access.OPEN, page::asset);
    get(routes, HealthRoutes.HEALTH, Access.OPEN, health::health);
    get(routes, HealthRoutes.LIVE, Access.OPEN, health::live);
    get(routes, HealthRoutes.READY, Access.OPEN, health::ready);
  }

  private void metrics(Context ctx) {
    ctx.header("Cache-Control", "no-store");
    ctx.contentType(TelemetryMetrics.CONTENT_TYPE).result(metrics.scrape());
  }

  /** HEAD runs the route too: its status is the route's, and Jetty leaves the body out. */
  private static void get(RoutesConfig routes, String path, Access access, Handler handler) {
    routes.get(path, handler, access);
    routes.head(path, handler, access);
  }
}
