package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.access.KeyStore;
import ai.pediscreen.telemetry.alert.AlertChannel;
import ai.pediscreen.telemetry.alert.AlertStore;
import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DriftBaselines;
import ai.pediscreen.telemetry.erasure.Erasures;
import ai.pediscreen.telemetry.event.spi.EventArchive;
import ai.pediscreen.telemetry.event.spi.GroupCommitter;
import ai.pediscreen.telemetry.job.JobQueue;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.audit.AuditTrail;
import ai.pediscreen.telemetry.server.logging.Logging;
import ai.pediscreen.telemetry.server.metrics.TelemetryMetrics;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.spi.EventSearch;
import ai.pediscreen.telemetry.usage.spi.ModelHistory;
import ai.pediscreen.telemetry.usage.spi.UsageChanges;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.router.Endpoint;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LowResourceMonitor;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server: {@code POST /events}, OTLP, {@code GET /telemetry}, {@code GET
 * /metrics_dashboard}, the routes of days and jobs, the health routes, and the dashboard at {@code
 * /}. Every failure is answered with {@code application/problem+json}.
 *
 * <p>Serves once: it is started once and closed once. It does not close what it stands on.
 */
public final class TelemetryHttpServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TelemetryHttpServer.class);

  /** Work on the processor; waiting for bodies and for answers takes at most part of them. */
  private static final int MAX_THREADS = 250;

  private static final int MIN_THREADS = 8;
  private static final int MAX_SLOW_BODIES = 20;
  private static final int MAX_QUESTIONS = 100;

  private static final int ACCEPT_QUEUE = 1_024;
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);

  /** Once the server stops; a request that waits for the store is not idle. */
  private static final Duration STOPPING_IDLE_TIMEOUT = Duration.ofMillis(200);

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(8);

  /** For how long browsers use nothing but TLS once they have met it. */
  private static final Duration STRICT_TRANSPORT = Duration.ofDays(365);

  private static final int RESPONSE_BUFFER_BYTES = 4 * 1024;

  /** Files that are being read when the server stops. */
  private static final Duration FILE_PATIENCE = Duration.ofSeconds(3);

  /** Every other request has its answer by then. */
  private static final Duration REQUEST_PATIENCE = Duration.ofSeconds(5);

  private final HttpServerSettings settings;
  private final HttpWatch watch = new HttpWatch();
  private final ConnectionGuard guard;
  private final RequestBodies bodies;
  private final SenderLimits limits;
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
  private final KeyRoutes keyRoutes;
  private final ErasureRoutes erasures;
  private final HoldRoutes holds;
  private final AuditTrail audit;
  private final AuditRoutes auditRoutes;
  private final FileAnswers files = new FileAnswers();
  private final PageRoutes page = new PageRoutes();
  private final ChangeStream changes;
  private final @Nullable CachedKeys keys;
  private final Javalin javalin;

  /**
   * Builds a server that listens to nothing yet.
   *
   * @param settings where to listen, and how
   * @param committer where events go
   * @param guard what every event must pass before
   * @param archive where events are read back
   * @param search where single events are looked for
   * @param history since when models are called with what
   * @param queries where answers about a window come from
   * @param store what the store of events itself says: which organisations there are
   * @param changes whether anything has changed
   * @param days where aggregates of days and drift come from
   * @param baselines what days are compared with for good
   * @param alerts where alerts are kept
   * @param channels where their messages go
   * @param jobs where requests to compute a day go
   * @param keys who may do what; not asked if no keys are required
   * @param erasures where requests to erase events go, and legal holds are kept
   * @param audit where what requests do is entered
   * @param readiness what {@code /readyz} says
   * @param metrics where requests and refused events are counted
   * @param clock the time that windows end at and answers bear
   */
  public TelemetryHttpServer(
      HttpServerSettings settings,
      GroupCommitter committer,
      PhiGuard guard,
      EventArchive archive,
      EventSearch search,
      ModelHistory history,
      UsageQueries queries,
      UsageQueries store,
      UsageChanges changes,
      DailyAggregateStore days,
      DriftBaselines baselines,
      AlertStore alerts,
      Set<AlertChannel> channels,
      JobQueue jobs,
      KeyStore keys,
      Erasures erasures,
      AuditTrail audit,
      Readiness readiness,
      TelemetryMetrics metrics,
      InstantSource clock) {
    Logging.silenceQuotes();
    this.settings = settings;
    this.metrics = metrics;
    this.audit = audit;
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
    threads.setName("http");
    this.health = new HealthRoutes(settings.appName(), readiness, threads);
    QuestionLimit questions = new QuestionLimit(MAX_QUESTIONS);
    RequestAudit entries = new RequestAudit(audit, questions);
    this.guard =
        new ConnectionGuard(settings.connections(), System::nanoTime, metrics::closedForRoom);
    metrics.watchConnections(this.guard::openConnections);
    this.limits = new SenderLimits(settings.rates(), System::nanoTime, metrics::limited);
    this.bodies = new RequestBodies(BodyBudget.ofHeap(), MAX_SLOW_BODIES);
    this.usage =
        new UsageRoutes(queries, store, days, settings.incidents(), history, clock, questions);
    BodyBudget decoded = BodyBudget.ofHeapForEvents();
    this.events =
        new EventRoutes(committer, guard, bodies, decoded, limits, threads, metrics::refused);
    this.otlp =
        new OtlpRoutes(
            committer, guard, settings.keepsContent(), bodies, decoded, limits, threads, metrics);
    this.eventSearch = new EventSearchRoutes(search, questions, guard, entries);
    this.eventFiles = new EventFileRoutes(archive, files, entries, clock);
    this.days = new DayRoutes(days, jobs, bodies, questions, entries);
    this.baselines =
        new BaselineRoutes(baselines, days, settings.drift(), bodies, questions, entries);
    this.alerts = new AlertRoutes(alerts, channels, questions);
    this.keyRoutes = new KeyRoutes(keys, bodies, entries, clock);
    this.erasures = new ErasureRoutes(erasures, guard, entries);
    this.holds = new HoldRoutes(erasures, guard, entries);
    this.auditRoutes = new AuditRoutes(audit.log(), files, questions);
    this.changes = new ChangeStream(changes, settings.streamPace());
    this.keys = settings.authRequired() ? new CachedKeys(keys, System::nanoTime) : null;
    this.javalin =
        Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.startup.showOldJavalinVersionWarning = false;
              config.startup.startupWatcherEnabled = false;
              config.http.prefer405over404 = true;
              config.http.responseBufferSize = RESPONSE_BUFFER_BYTES;
              new ErrorAnswers(clock).register(config);
              routes(config.routes);
              jetty(config, threads);
            });
    endpoints().forEach(Access::require);
  }

  /**
   * Starts to listen.
   *
   * @throws UncheckedIOException if the address cannot be listened on
   */
  public void start() {
    try {
      javalin.start();
      changes.start();
      watch.everySecond(guard::sweep);
      watch.everySecond(files::sweep);
      if (settings.certificate() != null) {
        watch.everySecond(settings.certificate()::reloadIfChanged);
      }
    } catch (JavalinBindException e) {
      throw new UncheckedIOException(
          "cannot listen on %s:%d".formatted(settings.host(), settings.port()),
          new IOException(e.getMessage(), e));
    }
  }

  /** The port that is listened on, which matters when the settings say 0. */
  public int port() {
    return javalin.port();
  }

  /** All that can be asked for: method and path, in the order of paths. */
  public List<String> routes() {
    return endpoints()
        .sorted(Comparator.comparing(endpoint -> endpoint.path))
        .map(endpoint -> endpoint.method + " " + endpoint.path)
        .toList();
  }

  /** What senders with limits have used since this was asked last. */
  public Map<String, Long> takeUse() {
    return limits.takeUntold();
  }

  /** A sender has used something at another server. */
  public void usedElsewhere(String sender, long count) {
    limits.usedElsewhere(sender, count);
  }

  /** Takes no more requests, answers those under way, and stops; takes under ten seconds. */
  @Override
  public void close() {
    // An open stream would be waited for as any request that is under way.
    changes.close();
    // Nor are those waited for who send or read at a pace of their own.
    bodies.close();
    guard.closeQuiet();
    watch.everySecond(guard::closeQuiet);
    watch.after(FILE_PATIENCE, files::close);
    watch.after(REQUEST_PATIENCE, guard::closeAll);
    try {
      javalin.stop();
    } catch (JavalinException e) {
      if (!(e.getCause() instanceof TimeoutException)) {
        throw e;
      }
      LOG.warn("requests that did not end within {} s were cut off", STOP_TIMEOUT.toSeconds());
    }
    watch.close();
    health.close();
    if (keys != null) {
      keys.close();
    }
  }

  private void routes(RoutesConfig routes) {
    routes.before(TraceId::tell);
    routes.beforeMatched(TelemetryHttpServer::rememberRoute);
    routes.before(SecurityHeaders::assign);
    CorsPolicy cors = new CorsPolicy(settings.corsOrigins());
    routes.before(cors::apply);
    routes.before(TelemetryHttpServer::requireHttpMethod);
    routes.beforeMatched(new AccessGuard(keys, cors, limits, audit)::admit);
    routes.post("/events", events::post, Access.INGEST);
    routes.post(OtlpRoutes.TRACES, otlp::traces, Access.INGEST);
    routes.post(OtlpRoutes.LOGS, otlp::logs, Access.INGEST);
    routes.post(OtlpRoutes.METRICS, otlp::metrics, Access.INGEST);
    get(routes, "/events", Access.READ, eventSearch::events);
    routes.delete("/events", erasures::erase, Access.ERASE);
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
    get(routes, "/keys", Access.ADMIN, keyRoutes::list);
    routes.post("/keys", keyRoutes::create, Access.ADMIN);
    routes.post("/keys/{prefix}/rotation", keyRoutes::rotate, Access.ADMIN);
    routes.delete("/keys/{prefix}", keyRoutes::revoke, Access.ADMIN);
    get(routes, "/holds", Access.ADMIN, holds::list);
    routes.put("/holds", holds::put, Access.ADMIN);
    routes.delete("/holds", holds::delete, Access.ADMIN);
    get(routes, "/audit", Access.ADMIN, auditRoutes::entries);
    get(routes, "/audit.ndjson", Access.ADMIN, auditRoutes::file);
    if (settings.servesMetrics()) {
      // They name organisations, so no single one may read them.
      get(routes, "/metrics", Access.METRICS, this::metrics);
    }
    get(routes, "/", Access.OPEN, page::page);
    get(routes, "/docs", Access.OPEN, page::docs);
    get(routes, "/openapi.json", Access.OPEN, page::openApi);
    get(routes, "/assets/{name}", Access.OPEN, page::asset);
    get(routes, "/health", Access.OPEN, health::health);
    get(routes, "/livez", Access.OPEN, health::live);
    get(routes, "/readyz", Access.OPEN, health::ready);
  }

  private Stream<Endpoint> endpoints() {
    return javalin.unsafe.internalRouter.allHttpHandlers().stream()
        .map(handler -> handler.endpoint)
        .filter(endpoint -> endpoint.method.isHttpMethod());
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

  private static void rememberRoute(Context ctx) {
    Endpoint route = ctx.endpoints().matchedHttpEndpoint();
    if (route != null) {
      ctx.attribute(RequestHandler.ROUTE, route.path);
    }
  }

  /** Javalin takes the names of its own stages, such as BEFORE, for methods with a route. */
  private static void requireHttpMethod(Context ctx) {
    if (!ctx.method().isHttpMethod()) {
      throw Problem.of(501, "NOT_IMPLEMENTED", "this is no method of HTTP").exception();
    }
  }

  private void jetty(JavalinConfig config, QueuedThreadPool threads) {
    config.jetty.threadPool = threads;
    config.jetty.modifyHttpConfiguration(
        http -> {
          http.setSendServerVersion(false);
          // It would take 100 kB for each connection: of 2 000, most of a heap of 256 MB.
          http.setHeaderCacheSize(0);
          http.setUriCompliance(UriCompliance.DEFAULT);
        });
    config.jetty.modifyServer(
        server -> {
          RequestHandler requests =
              new RequestHandler(new GracefulHandler(), metrics, guard, audit);
          server.setHandler(requests);
          server.setRequestLog(requests);
          server.setStopTimeout(STOP_TIMEOUT.toMillis());
          // It would cut idle timeouts when threads are few, and so requests that wait for a store.
          server.getBeans(LowResourceMonitor.class).forEach(server::removeBean);
        });
    config.jetty.addConnector(this::connector);
  }

  private ServerConnector open(Server server, HttpConfiguration http) {
    ServerCertificate certificate = settings.certificate();
    if (certificate == null) {
      return new ServerConnector(server, new HttpConnectionFactory(http));
    }
    http.addCustomizer(new SecureRequestCustomizer(false, STRICT_TRANSPORT.toSeconds(), false));
    return new ServerConnector(server, certificate.contexts(), new HttpConnectionFactory(http));
  }

  private Connector connector(Server server, HttpConfiguration http) {
    ServerConnector connector = open(server, http);
    connector.addEventListener(guard);
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setAcceptQueueSize(ACCEPT_QUEUE);
    connector.setIdleTimeout(IDLE_TIMEOUT.toMillis());
    connector.setShutdownIdleTimeout(STOPPING_IDLE_TIMEOUT.toMillis());
    return connector;
  }
}
