package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.server.audit.AuditTrail;
import ai.pediscreen.telemetry.server.http.access.Access;
import ai.pediscreen.telemetry.server.http.access.AccessGuard;
import ai.pediscreen.telemetry.server.http.access.CachedKeys;
import ai.pediscreen.telemetry.server.http.access.ConnectionGuard;
import ai.pediscreen.telemetry.server.http.access.CorsPolicy;
import ai.pediscreen.telemetry.server.http.access.SenderLimits;
import ai.pediscreen.telemetry.server.http.protocol.BodyBudget;
import ai.pediscreen.telemetry.server.http.protocol.Problem;
import ai.pediscreen.telemetry.server.http.protocol.RequestBodies;
import ai.pediscreen.telemetry.server.http.protocol.TraceId;
import ai.pediscreen.telemetry.server.http.stream.ChangeStream;
import ai.pediscreen.telemetry.server.http.stream.FileAnswers;
import ai.pediscreen.telemetry.server.http.threads.HttpThreads;
import ai.pediscreen.telemetry.server.http.threads.HttpTimer;
import ai.pediscreen.telemetry.server.logging.Logging;
import ai.pediscreen.telemetry.server.metrics.TelemetryMetrics;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LowResourceMonitor;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
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

  private static final int MAX_SLOW_BODIES = 20;

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
  private final TelemetryMetrics metrics;
  private final AuditTrail audit;
  private final HttpTimer timer = new HttpTimer("http-watch");

  /** On its own, since files may be slow. */
  private final HttpTimer certificateTimer = new HttpTimer("http-certificate");

  private final FileAnswers files = new FileAnswers();
  private final HttpThreads threads = new HttpThreads();
  private final ConnectionGuard guard;
  private final RequestBodies bodies;
  private final SenderLimits limits;
  private final HealthRoutes health;
  private final ChangeStream changes;
  private final @Nullable CachedKeys keys;
  private final HttpRoutes all;
  private final Javalin javalin;

  /** Builds a server that listens to nothing yet. */
  public TelemetryHttpServer(HttpServerSettings settings, HttpPorts ports) {
    Logging.silenceQuotes();
    this.settings = settings;
    this.metrics = ports.operation().metrics();
    this.audit = ports.access().audit();
    this.guard =
        new ConnectionGuard(
            settings.listening().connections(), System::nanoTime, metrics::closedForRoom);
    metrics.watchConnections(this.guard::openConnections);
    HttpServerSettings.Senders senders = settings.senders();
    this.limits = new SenderLimits(senders.rates(), System::nanoTime, metrics::limited);
    this.bodies = new RequestBodies(BodyBudget.ofHeap(), MAX_SLOW_BODIES);
    this.keys =
        senders.keysRequired() ? new CachedKeys(ports.access().keys(), System::nanoTime) : null;
    this.health = new HealthRoutes(settings.appName(), ports.operation().readiness(), threads);
    this.changes = new ChangeStream(ports.usage().changes(), settings.features().streamPace());
    HttpRoutes.Shared shared =
        new HttpRoutes.Shared(bodies, limits, files, timer, threads.answers(), threads.apart());
    this.all = new HttpRoutes(settings, ports, shared, changes, health);
    this.javalin = javalin(new ErrorAnswers(ports.operation().clock()));
    endpoints().forEach(Access::require);
  }

  private Javalin javalin(ErrorAnswers errors) {
    return Javalin.create(
        config -> {
          config.startup.showJavalinBanner = false;
          config.startup.showOldJavalinVersionWarning = false;
          config.startup.startupWatcherEnabled = false;
          config.http.prefer405over404 = true;
          config.http.responseBufferSize = RESPONSE_BUFFER_BYTES;
          errors.register(config);
          routes(config.routes);
          jetty(config);
        });
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
      timer.everySecond(guard::sweep);
      timer.everySecond(files::sweep);
      if (settings.listening().certificate() != null) {
        certificateTimer.everySecond(settings.listening().certificate()::reloadIfChanged);
      }
    } catch (JavalinBindException e) {
      throw new UncheckedIOException(
          "cannot listen on %s:%d"
              .formatted(settings.listening().host(), settings.listening().port()),
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

  /** Accepts no more requests, answers those in progress, and stops; takes under ten seconds. */
  @Override
  public void close() {
    // An open stream would be waited for as any request that is under way.
    changes.close();
    // Nor are those waited for who send or read at a pace of their own.
    bodies.close();
    guard.closeQuiet();
    timer.everySecond(guard::closeQuiet);
    timer.after(FILE_PATIENCE, files::close);
    timer.after(REQUEST_PATIENCE, guard::closeAll);
    try {
      javalin.stop();
    } catch (JavalinException e) {
      if (!(e.getCause() instanceof TimeoutException)) {
        throw e;
      }
      LOG.warn("requests that did not end within {} s were cut off", STOP_TIMEOUT.toSeconds());
    } finally {
      threads.close();
      timer.close();
      certificateTimer.close();
      health.close();
      if (keys != null) {
        keys.close();
      }
    }
  }

  private void routes(RoutesConfig routes) {
    routes.before(TraceId::tell);
    routes.beforeMatched(TelemetryHttpServer::rememberRoute);
    routes.before(SecurityHeaders::assign);
    CorsPolicy cors = new CorsPolicy(settings.senders().corsOrigins());
    routes.before(cors::apply);
    routes.before(TelemetryHttpServer::requireHttpMethod);
    routes.beforeMatched(new AccessGuard(keys, cors, limits, audit)::admit);
    all.register(routes);
  }

  private Stream<Endpoint> endpoints() {
    return javalin.unsafe.internalRouter.allHttpHandlers().stream()
        .map(handler -> handler.endpoint)
        .filter(endpoint -> endpoint.method.isHttpMethod());
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
      throw Problem.of(501, "NOT_IMPLEMENTED", "this is not an HTTP method").exception();
    }
  }

  private void jetty(JavalinConfig config) {
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

  private ConnectionFactory[] protocols(HttpConfiguration http) {
    ConnectionFactory plain = new HttpConnectionFactory(http);
    ServerCertificate certificate = settings.listening().certificate();
    if (certificate == null) {
      return new ConnectionFactory[] {plain};
    }
    http.addCustomizer(new SecureRequestCustomizer(false, STRICT_TRANSPORT.toSeconds(), false));
    return AbstractConnectionFactory.getFactories(certificate.contexts(), plain);
  }

  private Connector connector(Server server, HttpConfiguration http) {
    ServerConnector connector =
        new ServerConnector(server, HttpThreads.ACCEPTORS, threads.selectors(), protocols(http));
    connector.addEventListener(guard);
    connector.setHost(settings.listening().host());
    connector.setPort(settings.listening().port());
    connector.setAcceptQueueSize(ACCEPT_QUEUE);
    connector.setIdleTimeout(IDLE_TIMEOUT.toMillis());
    connector.setShutdownIdleTimeout(STOPPING_IDLE_TIMEOUT.toMillis());
    return connector;
  }
}
