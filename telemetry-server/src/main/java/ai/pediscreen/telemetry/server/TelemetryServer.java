package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.access.AccessKey;
import ai.pediscreen.telemetry.access.KeyScope;
import ai.pediscreen.telemetry.access.KeySecret;
import ai.pediscreen.telemetry.access.KeyStore;
import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DailyAggregation;
import ai.pediscreen.telemetry.event.GroupCommitter;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.server.http.HttpServerSettings;
import ai.pediscreen.telemetry.server.http.TelemetryHttpServer;
import ai.pediscreen.telemetry.server.job.DaySchedule;
import ai.pediscreen.telemetry.server.job.InProcessJobQueue;
import ai.pediscreen.telemetry.server.job.JobQueue;
import ai.pediscreen.telemetry.server.job.redis.RedisJobQueue;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a running server, constructed in the order in which they stand on each other and
 * closed in reverse: database, store, committer, maintenance, jobs, HTTP.
 *
 * <p>Thread-safe.
 */
final class TelemetryServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TelemetryServer.class);

  /** Ten full groups: what a database writes in about a second. */
  private static final int QUEUED_EVENTS = 10 * GroupCommitter.MAX_GROUP;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final String store;
  private final KeyStore keys;
  private final TelemetryHttpServer http;

  private TelemetryServer(ServerConfig config, @Nullable InstantSource clock) {
    try {
      PostgresTelemetry telemetry = opened(Store.open(config, clock)).telemetry();
      this.keys = telemetry.keys();
      if (config.initAdminKey() != null) {
        enterAdminKey(keys, config.initAdminKey());
      }
      GroupCommitter committer =
          opened(new GroupCommitter(new OutageLog(telemetry.events()), QUEUED_EVENTS));
      opened(new Maintenance(telemetry::maintain));
      DailyAggregateStore days = telemetry.days();
      JobQueue jobs =
          opened(
              config.redis() == null
                  ? new InProcessJobQueue(
                      new DailyAggregation(days)::compute, InProcessJobQueue.PAUSES)
                  : new RedisJobQueue(config.redis()));
      DaySchedule schedule = opened(new DaySchedule(days, jobs));
      this.store =
          config.database() == null
              ? "in " + config.dataDir().toAbsolutePath()
              : "at " + config.database();
      this.http =
          opened(
              new TelemetryHttpServer(
                  new HttpServerSettings(
                      config.host(),
                      config.port(),
                      config.appName(),
                      config.authRequired(),
                      config.corsOrigins()),
                  committer,
                  telemetry.usage(),
                  days,
                  jobs,
                  keys,
                  () -> reasonsAgainst(telemetry),
                  clock == null ? InstantSource.system() : clock));
      http.start();
      schedule.start();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Starts everything and returns when requests are answered. */
  static TelemetryServer start(ServerConfig config) {
    return new TelemetryServer(config, null);
  }

  /** As {@link #start(ServerConfig)}, at a time that a test sets. */
  static TelemetryServer start(ServerConfig config, InstantSource clock) {
    return new TelemetryServer(config, clock);
  }

  /** The port that is listened on. */
  int port() {
    return http.port();
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

  /** Entered once: what became of the key since, such as its revocation, stays. */
  private static void enterAdminKey(KeyStore keys, KeySecret secret) {
    AccessKey key = keys.add(secret, null, Set.of(KeyScope.ADMIN), null);
    if (key.revokedAt() != null) {
      LOG.warn("INIT_ADMIN_KEY lets nobody in: key {} was revoked", key.prefix());
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  private static List<String> reasonsAgainst(PostgresTelemetry telemetry) {
    try {
      telemetry.ping();
      return List.of();
    } catch (StoreUnavailableException e) {
      return List.of("the database does not answer");
    }
  }
}
