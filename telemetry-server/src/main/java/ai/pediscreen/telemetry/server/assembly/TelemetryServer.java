package ai.pediscreen.telemetry.server.assembly;

import ai.pediscreen.telemetry.access.KeySecret;
import ai.pediscreen.telemetry.access.KeyStore;
import ai.pediscreen.telemetry.alert.AlertWatch;
import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DailyAggregation;
import ai.pediscreen.telemetry.erasure.ExportedEvents;
import ai.pediscreen.telemetry.event.spi.GroupCommitter;
import ai.pediscreen.telemetry.event.spi.OutageLog;
import ai.pediscreen.telemetry.export.ExportThread;
import ai.pediscreen.telemetry.job.DaySchedule;
import ai.pediscreen.telemetry.job.InProcessJobQueue;
import ai.pediscreen.telemetry.job.JobQueue;
import ai.pediscreen.telemetry.job.PeriodicTask;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.alert.AlertSettings;
import ai.pediscreen.telemetry.server.alert.AlertThreads;
import ai.pediscreen.telemetry.server.audit.AuditTrail;
import ai.pediscreen.telemetry.server.config.ReportingConfig;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.http.HttpPorts;
import ai.pediscreen.telemetry.server.http.TelemetryHttpServer;
import ai.pediscreen.telemetry.server.job.redis.RedisJobQueue;
import ai.pediscreen.telemetry.server.job.redis.RedisSharedUse;
import ai.pediscreen.telemetry.server.job.redis.RedisUrl;
import ai.pediscreen.telemetry.server.metrics.MetricsListener;
import ai.pediscreen.telemetry.server.metrics.TelemetryMetrics;
import ai.pediscreen.telemetry.server.price.PricedEvents;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.warehouse.Warehouse;
import ai.pediscreen.telemetry.warehouse.WarehouseAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a running server, constructed in the order of their dependencies and closed in
 * reverse: metrics, database, store, committer, maintenance, jobs, export, HTTP.
 *
 * <p>Thread-safe.
 */
public final class TelemetryServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TelemetryServer.class);

  /** What a database writes in a third of a second; organisations' shares may double it. */
  private static final int QUEUED_EVENTS = 3 * GroupCommitter.MAX_GROUP;

  /** One is prepared while another waits for the disk. */
  private static final int GROUPS_AT_ONCE = 2;

  private static final Duration MAINTENANCE_PERIOD = Duration.ofHours(1);

  private static final Duration INDEX_PERIOD = Duration.ofMinutes(1);
  private static final Duration ERASURE_PERIOD = Duration.ofSeconds(1);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final String store;
  private final KeyStore keys;
  private final TelemetryHttpServer http;
  private final @Nullable MetricsListener metricsListener;

  private TelemetryServer(
      ServerConfig config, Consumer<PostgresTelemetry> first, @Nullable InstantSource clock) {
    try {
      TelemetryMetrics metrics = opened(new TelemetryMetrics());
      PostgresTelemetry telemetry =
          opened(Store.open(config, clock, metrics.registry())).telemetry();
      PhiGuard guard = PseudonymKey.guardOfStored(telemetry, config.events());
      first.accept(telemetry);
      this.store = config.storage().database().place();
      this.keys = telemetry.keys();
      AuditTrail audit = audit(config, telemetry, time(clock));
      OutageLog events = events(config, telemetry, metrics);
      GroupCommitter committer = opened(new GroupCommitter(events, GROUPS_AT_ONCE, QUEUED_EVENTS));
      maintaining(telemetry);
      JobQueue jobs = opened(jobs(config.storage().redis(), telemetry.days()));
      Warehouse warehouse = exporting(config, telemetry, committer, metrics);
      erasing(telemetry, warehouse == null ? null : warehouse.events());
      DaySchedule schedule = opened(new DaySchedule(telemetry.days(), jobs));
      watching(metrics, telemetry, committer, jobs, guard);
      HttpPorts ports =
          new HttpPorts(
              new HttpPorts.Events(committer, guard, telemetry.archive(), telemetry.search()),
              usage(config, telemetry, warehouse),
              new HttpPorts.Days(telemetry.days(), telemetry.baselines(), jobs),
              new HttpPorts.Alerts(telemetry.alerts(), config.alerts().channels()),
              new HttpPorts.Access(keys, telemetry.erasures(), audit),
              new HttpPorts.Operation(new StoreReadiness(telemetry, events), metrics, time(clock)));
      this.http = opened(new TelemetryHttpServer(HttpSettings.of(config), ports));
      this.metricsListener = listener(config.reporting(), metrics);
      begin(config, schedule, alerting(config, telemetry, clock));
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private AuditTrail audit(ServerConfig config, PostgresTelemetry telemetry, InstantSource clock) {
    AuditTrail audit = opened(new AuditTrail(telemetry.audit(), clock));
    StartEntries.settings(audit, config);
    KeySecret first = config.http().initAdminKey();
    if (first != null) {
      StartEntries.adminKey(telemetry.keys(), first, audit);
    }
    return audit;
  }

  private static OutageLog events(
      ServerConfig config, PostgresTelemetry telemetry, TelemetryMetrics metrics) {
    return new OutageLog(
        new PricedEvents(config.events().prices(), metrics.counting(telemetry.events())),
        "are answered 503");
  }

  private void maintaining(PostgresTelemetry telemetry) {
    opened(new PeriodicTask("maintenance", MAINTENANCE_PERIOD, telemetry.maintenance()::run));
    opened(
        new PeriodicTask("search-indexes", INDEX_PERIOD, telemetry.maintenance()::indexQuietDays));
  }

  private static JobQueue jobs(@Nullable RedisUrl redis, DailyAggregateStore days) {
    return redis == null
        ? new InProcessJobQueue(new DailyAggregation(days)::compute, InProcessJobQueue.PAUSES)
        : new RedisJobQueue(redis);
  }

  /** Null where nothing is exported. */
  private @Nullable Warehouse exporting(
      ServerConfig config,
      PostgresTelemetry telemetry,
      GroupCommitter committer,
      TelemetryMetrics metrics) {
    WarehouseAddress target = config.storage().warehouse().target();
    if (target == null) {
      return null;
    }
    Warehouse warehouse = opened(target.open());
    ExportThread export =
        opened(
            new ExportThread(
                telemetry.exports(), warehouse.exporter(), () -> committer.queuedEvents() > 0));
    metrics.watchExport(export::figures);
    export.start();
    return warehouse;
  }

  private static void watching(
      TelemetryMetrics metrics,
      PostgresTelemetry telemetry,
      GroupCommitter committer,
      JobQueue jobs,
      PhiGuard guard) {
    metrics.watch(committer);
    metrics.watch(telemetry);
    metrics.watch(telemetry.days(), jobs);
    metrics.watch(telemetry.alerts());
    metrics.watch(guard);
  }

  private static HttpPorts.Usage usage(
      ServerConfig config, PostgresTelemetry telemetry, @Nullable Warehouse warehouse) {
    boolean there = config.storage().warehouse().answering();
    UsageQueries queries = warehouse != null && there ? warehouse.usage() : telemetry.usage();
    return new HttpPorts.Usage(
        queries, telemetry.usage(), telemetry.changes(), telemetry.history());
  }

  private @Nullable MetricsListener listener(ReportingConfig config, TelemetryMetrics metrics) {
    return config.metricsPort() == null
        ? null
        : opened(new MetricsListener(config.metricsHost(), config.metricsPort(), metrics));
  }

  private void erasing(PostgresTelemetry telemetry, @Nullable ExportedEvents exported) {
    opened(
        new PeriodicTask("erasure", ERASURE_PERIOD, () -> telemetry.maintenance().erase(exported)));
  }

  /** Rules are not evaluated where no alerts are sent. */
  private @Nullable AlertThreads alerting(
      ServerConfig config, PostgresTelemetry telemetry, @Nullable InstantSource clock) {
    AlertSettings alerts = config.alerts();
    if (alerts.channels().isEmpty()) {
      return null;
    }
    return opened(
        new AlertThreads(
            telemetry.alerts(),
            new AlertWatch(
                telemetry.usage(), telemetry.days(), alerts.rules(), config.drift().incidents()),
            alerts.senders(config.reporting().origin()),
            time(clock),
            AlertThreads.Pace.STANDARD));
  }

  private void begin(ServerConfig config, DaySchedule schedule, @Nullable AlertThreads alerts) {
    RedisUrl redis = config.storage().redis();
    if (redis != null) {
      RedisSharedUse shared = opened(new RedisSharedUse(redis));
      shared.start(http::takeUse, http::usedElsewhere);
    }
    http.start();
    schedule.start();
    if (alerts != null) {
      alerts.start();
    }
  }

  /** Starts everything and returns when requests are answered. */
  public static TelemetryServer start(ServerConfig config) {
    return start(config, telemetry -> {});
  }

  /**
   * As {@link #start(ServerConfig)}.
   *
   * @param first is done with the store before anything is served or computed
   */
  public static TelemetryServer start(ServerConfig config, Consumer<PostgresTelemetry> first) {
    return new TelemetryServer(config, first, null);
  }

  /** As {@link #start(ServerConfig)}, at a time that a test sets. */
  public static TelemetryServer start(ServerConfig config, InstantSource clock) {
    return new TelemetryServer(config, telemetry -> {}, clock);
  }

  /** The port that is listened on. */
  public int port() {
    return http.port();
  }

  /** The port on which metrics are asked for. */
  public int metricsPort() {
    return metricsListener == null ? port() : metricsListener.port();
  }

  /** All that can be asked for: method and path. */
  public List<String> routes() {
    return http.routes();
  }

  /** Where keys are kept. */
  public KeyStore keys() {
    return keys;
  }

  /** Where the data lies, in words. */
  public String store() {
    return store;
  }

  /** Answers what was accepted, and closes everything in reverse. Takes under ten seconds. */
  @Override
  public synchronized void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.error("{} did not close", part.getClass().getSimpleName(), e);
      }
    }
  }

  private static InstantSource time(@Nullable InstantSource clock) {
    return clock == null ? InstantSource.system() : clock;
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    Shutdown.check();
    return part;
  }
}
