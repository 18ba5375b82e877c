package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.access.KeyStore;
import ai.pediscreen.telemetry.alert.AlertWatch;
import ai.pediscreen.telemetry.bigquery.BigQueryTelemetry;
import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DailyAggregation;
import ai.pediscreen.telemetry.erasure.ExportedEvents;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.spi.GroupCommitter;
import ai.pediscreen.telemetry.event.spi.OutageLog;
import ai.pediscreen.telemetry.export.ExportThread;
import ai.pediscreen.telemetry.job.DaySchedule;
import ai.pediscreen.telemetry.job.InProcessJobQueue;
import ai.pediscreen.telemetry.job.JobQueue;
import ai.pediscreen.telemetry.job.PeriodicTask;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.alert.AlertThreads;
import ai.pediscreen.telemetry.server.audit.AuditTrail;
import ai.pediscreen.telemetry.server.http.HttpServerSettings;
import ai.pediscreen.telemetry.server.http.TelemetryHttpServer;
import ai.pediscreen.telemetry.server.job.redis.RedisJobQueue;
import ai.pediscreen.telemetry.server.job.redis.RedisSharedUse;
import ai.pediscreen.telemetry.server.metrics.MetricsListener;
import ai.pediscreen.telemetry.server.metrics.TelemetryMetrics;
import ai.pediscreen.telemetry.server.price.PricedEvents;
import ai.pediscreen.telemetry.usage.UsageQueries;
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
 * The parts of a running server, constructed in the order in which they stand on each other and
 * closed in reverse: metrics, database, store, committer, maintenance, jobs, export, HTTP.
 *
 * <p>Thread-safe.
 */
final class TelemetryServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TelemetryServer.class);

  /** What a database writes in a third of a second; organisations' shares may double it. */
  private static final int QUEUED_EVENTS = 3 * GroupCommitter.MAX_GROUP;

  /** One is prepared while another waits for the disk. */
  private static final int GROUPS_AT_ONCE = 2;

  private static final Duration MAINTENANCE_PERIOD = Duration.ofHours(1);

  private static final Duration INDEX_PERIOD = Duration.ofMinutes(1);
  private static final Duration ERASURE_PERIOD = Duration.ofSeconds(1);

  private static final Duration PACE = Duration.ofSeconds(1);

  /** A page asks anew at each change, and BigQuery bills each question. */
  private static final Duration PACE_OF_BILLED_ANSWERS = Duration.ofSeconds(30);

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
      first.accept(telemetry);
      this.keys = telemetry.keys();
      AuditTrail audit = opened(new AuditTrail(telemetry.audit(), time(clock)));
      StartEntries.settings(audit, config);
      if (config.initAdminKey() != null) {
        StartEntries.adminKey(keys, config.initAdminKey(), audit);
      }
      OutageLog events =
          new OutageLog(
              new PricedEvents(config.prices(), metrics.counting(telemetry.events())),
              "are answered 503");
      GroupCommitter committer = opened(new GroupCommitter(events, GROUPS_AT_ONCE, QUEUED_EVENTS));
      metrics.watch(committer);
      opened(new PeriodicTask("maintenance", MAINTENANCE_PERIOD, telemetry::maintain));
      opened(new PeriodicTask("search-indexes", INDEX_PERIOD, telemetry::indexQuietDays));
      metrics.watch(telemetry);
      DailyAggregateStore days = telemetry.days();
      JobQueue jobs =
          opened(
              config.redis() == null
                  ? new InProcessJobQueue(
                      new DailyAggregation(days)::compute, InProcessJobQueue.PAUSES)
                  : new RedisJobQueue(config.redis()));
      UsageQueries usage = telemetry.usage();
      ExportedEvents exported = null;
      if (config.exporting()) {
        BigQueryTelemetry bigQuery = opened(BigQueryTelemetry.open(BigQueryConfig.require(config)));
        ExportThread export =
            opened(
                new ExportThread(
                    telemetry.exports(), bigQuery.exporter(), () -> committer.queuedEvents() > 0));
        exported = bigQuery.events();
        metrics.watchExport(export::figures);
        export.start();
        if (config.askingBigQuery()) {
          usage = bigQuery.usage();
        }
      }
      erasing(telemetry, exported);
      metrics.watch(days, jobs);
      metrics.watch(telemetry.alerts());
      DaySchedule schedule = opened(new DaySchedule(days, jobs));
      this.store =
          config.database() == null
              ? "in " + config.dataDir().toAbsolutePath()
              : "at " + config.database();
      PhiGuard guard = new PhiGuard(config.phi(), config.pseudonyms());
      metrics.watch(guard);
      this.http =
          opened(
              new TelemetryHttpServer(
                  new HttpServerSettings(
                      config.host(),
                      config.port(),
                      config.certificate(),
                      config.appName(),
                      config.metricsPort() == null,
                      config.authRequired(),
                      config.askingBigQuery() ? PACE_OF_BILLED_ANSWERS : PACE,
                      config.keepsContent(),
                      config.drift(),
                      config.incidents(),
                      config.connections(),
                      config.rates(),
                      config.corsOrigins()),
                  committer,
                  guard,
                  telemetry.archive(),
                  telemetry.search(),
                  telemetry.history(),
                  usage,
                  telemetry.usage(),
                  telemetry.changes(),
                  days,
                  telemetry.baselines(),
                  telemetry.alerts(),
                  config.alerts().channels(),
                  jobs,
                  keys,
                  telemetry.erasures(),
                  audit,
                  () -> reasonsAgainst(telemetry, events),
                  metrics,
                  time(clock)));
      this.metricsListener =
          config.metricsPort() == null
              ? null
              : opened(new MetricsListener(config.metricsHost(), config.metricsPort(), metrics));
      AlertThreads alerts = alerting(config, telemetry, clock);
      if (config.redis() != null && config.rates().shared()) {
        RedisSharedUse shared = opened(new RedisSharedUse(config.redis()));
        shared.start(http::takeUse, http::usedElsewhere);
      }
      http.start();
      schedule.start();
      if (alerts != null) {
        alerts.start();
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Starts everything and returns when requests are answered. */
  static TelemetryServer start(ServerConfig config) {
    return start(config, telemetry -> {});
  }

  /**
   * As {@link #start(ServerConfig)}.
   *
   * @param first is done with the store before anything is served or computed
   */
  static TelemetryServer start(ServerConfig config, Consumer<PostgresTelemetry> first) {
    return new TelemetryServer(config, first, null);
  }

  /** As {@link #start(ServerConfig)}, at a time that a test sets. */
  static TelemetryServer start(ServerConfig config, InstantSource clock) {
    return new TelemetryServer(config, telemetry -> {}, clock);
  }

  /** The port that is listened on. */
  int port() {
    return http.port();
  }

  /** The port on which metrics are asked for. */
  int metricsPort() {
    return metricsListener == null ? port() : metricsListener.port();
  }

  /** All that can be asked for: method and path. */
  List<String> routes() {
    return http.routes();
  }

  /** Where keys are kept. */
  KeyStore keys() {
    return keys;
  }

  /** Where the data lies, in words. */
  String store() {
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

  private void erasing(PostgresTelemetry telemetry, @Nullable ExportedEvents exported) {
    opened(new PeriodicTask("erasure", ERASURE_PERIOD, () -> telemetry.erase(exported)));
  }

  /** Nothing is looked at where nobody is told. */
  private @Nullable AlertThreads alerting(
      ServerConfig config, PostgresTelemetry telemetry, @Nullable InstantSource clock) {
    if (config.alerts().channels().isEmpty()) {
      return null;
    }
    return opened(
        new AlertThreads(
            telemetry.alerts(),
            new AlertWatch(
                telemetry.usage(), telemetry.days(), config.alerts().rules(), config.incidents()),
            config.alerts().senders(config.appName() + " " + config.env()),
            time(clock),
            AlertThreads.Pace.STANDARD));
  }

  private static InstantSource time(@Nullable InstantSource clock) {
    return clock == null ? InstantSource.system() : clock;
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    Shutdown.check();
    return part;
  }

  /** After a failure to store, whether it has passed is tried, so that nobody needs to send. */
  private static List<String> reasonsAgainst(PostgresTelemetry telemetry, OutageLog events) {
    try {
      telemetry.ping();
    } catch (StoreUnavailableException e) {
      return List.of("the database does not answer");
    }
    try {
      if (events.isAway()) {
        telemetry.tryToWrite();
      }
      return List.of();
    } catch (StoreUnavailableException e) {
      return List.of("the database stores nothing: " + e.getMessage());
    }
  }
}
