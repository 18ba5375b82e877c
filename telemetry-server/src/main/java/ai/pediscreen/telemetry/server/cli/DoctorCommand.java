package ai.pediscreen.telemetry.server.cli;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.export.ExportException;
import ai.pediscreen.telemetry.job.JobQueueUnavailableException;
import ai.pediscreen.telemetry.postgres.PostgresReport;
import ai.pediscreen.telemetry.postgres.PostgresSettings;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.server.assembly.Shutdown;
import ai.pediscreen.telemetry.server.config.HttpConfig;
import ai.pediscreen.telemetry.server.config.InvalidConfigurationException;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.config.StorageConfig;
import ai.pediscreen.telemetry.server.config.WarehouseConfig;
import ai.pediscreen.telemetry.server.doctor.CertificateCheck;
import ai.pediscreen.telemetry.server.doctor.ClockCheck;
import ai.pediscreen.telemetry.server.doctor.DatabaseCheck;
import ai.pediscreen.telemetry.server.doctor.DiskCheck;
import ai.pediscreen.telemetry.server.doctor.Finding;
import ai.pediscreen.telemetry.server.doctor.Findings;
import ai.pediscreen.telemetry.server.doctor.RedisCheck;
import ai.pediscreen.telemetry.server.doctor.WarehouseCheck;
import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgres;
import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgresException;
import ai.pediscreen.telemetry.server.http.ServerCertificate;
import ai.pediscreen.telemetry.server.job.redis.RedisJobQueue;
import ai.pediscreen.telemetry.server.job.redis.RedisUrl;
import ai.pediscreen.telemetry.server.logging.FailureMessage;
import ai.pediscreen.telemetry.server.logging.Logging;
import ai.pediscreen.telemetry.server.url.DatabaseUrl;
import ai.pediscreen.telemetry.warehouse.Warehouse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code doctor}: checks everything that the server depends on, and changes nothing. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Check the settings, database, disk, Redis and clock: a line for each, and what to do.",
      "Changes nothing; a server may be running meanwhile. Exit status 1 if anything failed."
    })
public final class DoctorCommand implements Callable<Integer> {

  @Override
  public Integer call() {
    Logging.toStandardError();
    Shutdown shutdown = Shutdown.hooked();
    Findings findings;
    try {
      findings = examine();
    } finally {
      shutdown.settled();
    }
    findings.lines().forEach(System.out::println);
    return findings.passed() ? 0 : 1;
  }

  private static Findings examine() {
    try {
      return examine(ServerConfig.ofProcess());
    } catch (InvalidConfigurationException e) {
      List<Finding> findings = new ArrayList<>();
      for (String fault : e.faults()) {
        findings.add(new Finding(Finding.Level.FAIL, "Settings", fault, null));
      }
      findings.add(
          Finding.warn("All else", "not checked", "correct the settings and run doctor again"));
      return new Findings(findings);
    }
  }

  public static Findings examine(ServerConfig config) {
    List<Finding> findings = new ArrayList<>(settings(config));
    ServerCertificate certificate = config.http().listening().certificate();
    if (certificate != null) {
      findings.addAll(new CertificateCheck(certificate.expires(), Instant.now()).check());
    }
    StorageConfig storage = config.storage();
    findings.addAll(database(storage));
    if (storage.database().url() == null) {
      findings.addAll(new DiskCheck(storage.database().directory()).check());
    }
    findings.addAll(redis(storage.redis()));
    findings.addAll(warehouse(storage.warehouse().named()));
    return new Findings(findings);
  }

  private static List<Finding> settings(ServerConfig config) {
    HttpConfig http = config.http();
    return List.of(
        Finding.ok(
            "Settings",
            "%s, %s port %d, keys %s, raw events kept %d days"
                .formatted(
                    config.reporting().env(),
                    http.listening().host(),
                    http.listening().port(),
                    http.senders().keysRequired() ? "required" : "off",
                    config.storage().retention().eventDays())));
  }

  private static List<Finding> database(StorageConfig storage) {
    DatabaseUrl url = storage.database().url();
    try {
      return url != null ? own(url, storage) : embedded(storage);
    } catch (StoreUnavailableException | EmbeddedPostgresException e) {
      return List.of(
          Finding.fail(
              "Database",
              FailureMessage.of(e),
              url != null
                  ? "see that PostgreSQL runs and that DATABASE_URL is right: " + url
                  : "fix that, or set DATABASE_URL to use a PostgreSQL of your own"));
    }
  }

  /** Checked as its owner, if that is not the server's user, and then as that user. */
  private static List<Finding> own(DatabaseUrl url, StorageConfig storage) {
    DatabaseUrl owner = storage.database().ownerUrl();
    if (owner == null) {
      return inspect("at " + url, url, storage);
    }
    List<Finding> findings = inspect("at " + url, owner, storage);
    findings.add(
        report(url, storage).obstacle() == null
            ? Finding.ok("Rights", "the server's user is not the owner and has what it needs")
            : Finding.warn(
                "Rights",
                "the server's user has not been granted what it needs",
                "start the server, or run migrate, which grants it"));
    return findings;
  }

  /** That of the running server, or else started for as long as it is looked at. */
  private static List<Finding> embedded(StorageConfig storage) {
    Path directory = storage.database().directory();
    Optional<EmbeddedPostgres.Access> running = EmbeddedPostgres.runningIn(directory);
    if (running.isPresent()) {
      EmbeddedPostgres.Access access = running.get();
      return inspect(
          "embedded, in use by a server",
          new DatabaseUrl(access.jdbcUrl(), access.username(), access.password()),
          storage);
    }
    if (!EmbeddedPostgres.hasDataIn(directory)) {
      return List.of(
          Finding.ok("Database", "embedded, nothing stored yet in " + directory.toAbsolutePath()));
    }
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory)) {
      return inspect(
          "embedded, started for this check: no server uses it",
          new DatabaseUrl(postgres.jdbcUrl(), postgres.username(), postgres.password()),
          storage);
    }
  }

  private static List<Finding> inspect(String place, DatabaseUrl url, StorageConfig storage) {
    PostgresReport report = report(url, storage);
    List<Finding> findings =
        new ArrayList<>(new DatabaseCheck(place, storage.database().schema(), report).check());
    findings.addAll(new ClockCheck(report.nodeClockAhead()).check());
    return findings;
  }

  private static PostgresReport report(DatabaseUrl url, StorageConfig storage) {
    return PostgresTelemetry.inspect(
        PostgresSettings.of(url.jdbcUrl(), url.user(), url.password())
            .withSchema(storage.database().schema())
            .withRetentionDays(storage.retention().eventDays()));
  }

  private static List<Finding> warehouse(WarehouseConfig.@Nullable Named named) {
    if (named == null) {
      return WarehouseConfig.providers().stream()
          .map(kind -> Finding.ok(kind.name(), "off"))
          .toList();
    }
    String place = named.address().place();
    try (Warehouse warehouse = named.address().open()) {
      return new WarehouseCheck(named.kind(), place, warehouse.inspect()).check();
    } catch (ExportException e) {
      return List.of(
          Finding.fail(
              named.kind(),
              FailureMessage.of(e),
              "see that its settings are right and the credentials may use " + place));
    }
  }

  private static List<Finding> redis(@Nullable RedisUrl url) {
    if (url == null) {
      return List.of(Finding.ok("Redis", "off: the server computes days itself"));
    }
    try (RedisJobQueue queue = new RedisJobQueue(url)) {
      return new RedisCheck(url, queue.report()).check();
    } catch (JobQueueUnavailableException e) {
      return List.of(
          Finding.fail(
              "Redis", FailureMessage.of(e), "see that it runs and that REDIS_URL is right"));
    }
  }
}
