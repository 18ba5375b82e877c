package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.bigquery.BigQueryTelemetry;
import ai.pediscreen.telemetry.bigquery.FakeBigQuery;
import ai.pediscreen.telemetry.server.assembly.Store;
import ai.pediscreen.telemetry.server.cli.DoctorCommand;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.doctor.Findings;
import ai.pediscreen.telemetry.server.job.redis.RedisJobQueue;
import ai.pediscreen.telemetry.server.job.redis.RedisJobWorker;
import ai.pediscreen.telemetry.server.job.redis.RedisProcess;
import ai.pediscreen.telemetry.server.job.redis.RedisWorkerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code doctor} says of a real PostgreSQL and a real Redis. */
class DoctorIT {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Well beyond what the driver waits for in all, on a machine that is busy. */
  private static final Duration SECONDS = Duration.ofSeconds(20);

  /** So that a fresh database is quick. */
  private static final Map<String, String> FEW_PARTITIONS = Map.of("RETENTION_DAYS", "10");

  @TempDir Path directory;

  @Test
  void databaseInUse_isOk_untilItIsNotDurableOrNotMaintained() {
    Map<String, String> settings = PostgresServer.newDatabase();
    assertThat(examine(settings).lines())
        .anyMatch(line -> line.matches("ok +Schema +nothing stored yet; .*"));

    ServerConfig config = ServerConfig.of(settings);
    try (Store store = Store.open(config)) {
      store.telemetry().maintenance().run();
    }
    assertThat(DoctorCommand.examine(config).lines())
        .allMatch(line -> line.startsWith("ok "))
        .anyMatch(line -> line.matches("ok +Database +PostgreSQL 1\\d\\.\\d+, at jdbc:.*"))
        .anyMatch(line -> line.matches("ok +Schema +at version \\d+"))
        .anyMatch(line -> line.matches("ok +Clock +agrees .*"))
        .anyMatch(line -> line.matches("ok +Redis +off: .*"));

    PostgresServer.execute(
        "ALTER DATABASE %s SET synchronous_commit = off"
            .formatted(String.valueOf(settings.get("DATABASE_URL")).replaceFirst(".*/", "")));
    Findings forgetful = DoctorCommand.examine(config);
    assertThat(forgetful.passed()).isFalse();
    assertThat(forgetful.lines())
        .anyMatch(line -> line.matches("FAIL +Durability +off: synchronous_commit; .*"));
  }

  @Test
  void partitionsOfAServerThatStoppedLongAgo_areAWarning() {
    Map<String, String> settings = PostgresServer.newDatabase();
    try (Store store =
        Store.open(
            ServerConfig.of(settings),
            opened -> opened.withClock(() -> Instant.parse("2026-03-10T12:00:00Z")))) {
      store.telemetry().maintenance().run();
    }

    Findings findings = examine(settings);

    assertThat(findings.passed()).isTrue();
    assertThat(findings.lines())
        .anyMatch(line -> line.matches("warn +Partitions +8 days without one, the first .*"));
  }

  @Test
  void unavailableDatabase_failsWithinSeconds() throws Exception {
    long start = System.nanoTime();
    Findings refused =
        examine(Map.of("DATABASE_URL", "postgresql://ada:hunter2@127.0.0.1:1/telemetry"));
    assertThat(refused.passed()).isFalse();
    assertThat(refused.lines())
        .anyMatch(
            line ->
                line.matches(
                    "FAIL +Database +the database is unavailable: Connection to 127.0.0.1:1 "
                        + "refused.*; see that PostgreSQL runs and that DATABASE_URL is right: "
                        + "jdbc:postgresql://127.0.0.1:1/telemetry"))
        .noneMatch(line -> line.contains("hunter2"));

    try (ServerSocket silent = listening()) {
      String url = "postgresql://ada:hunter2@127.0.0.1:" + silent.getLocalPort() + "/telemetry";
      assertThat(examine(Map.of("DATABASE_URL", url)).lines())
          .anyMatch(line -> line.startsWith("FAIL  Database"))
          .noneMatch(line -> line.contains("hunter2"));
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SECONDS);
  }

  @Test
  void urlThatTheDriverCannotRead_isNotQuoted() {
    assertThat(
            examine(Map.of("DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/%zz?password=hunter2"))
                .lines())
        .anyMatch(line -> line.startsWith("FAIL  Database"))
        .noneMatch(line -> line.contains("hunter2"));
  }

  @Test
  void redis_isOkWithAWorker_warnsWithout_andFailsWhenItIsGone() throws Exception {
    Map<String, String> settings = PostgresServer.newDatabase();
    try (RedisProcess redis = RedisProcess.start(directory);
        RedisJobQueue queue = new RedisJobQueue(redis.url())) {
      settings.put("REDIS_URL", redis.url().toString());
      queue.submit(LocalDate.of(2026, 2, 1));
      assertThat(redisLines(settings))
          .satisfiesExactly(
              line -> assertThat(line).matches("ok +Redis +Redis 6\\.2\\.\\d+ at redis://.*"),
              line -> assertThat(line).matches("warn +Workers +none .* in the stream: 1, .*"),
              line -> assertThat(line).matches("ok +Parked jobs +none"));

      try (RedisJobWorker worker =
          new RedisJobWorker(
              redis.url(),
              day -> {
                throw new IllegalArgumentException("never");
              },
              "worker",
              RedisWorkerSettings.standard())) {
        worker.start();
        Waiting.until(
            "the job is parked", LIMIT, () -> redisLines(settings).get(2).startsWith("warn"));
        assertThat(redisLines(settings))
            .satisfiesExactly(
                line -> assertThat(line).startsWith("ok"),
                line -> assertThat(line).matches("ok +Workers +at work; .* in the stream: 0, .*"),
                line -> assertThat(line).matches("warn +Parked jobs +1; .*"));
      }

      redis.kill();
      Findings gone = examine(settings);
      assertThat(gone.passed()).isFalse();
      assertThat(gone.lines())
          .anyMatch(line -> line.matches("FAIL +Redis +Redis at redis://.* does not answer.*"));
    }
  }

  @Test
  void bigQuery_isChecked_andNothingIsCreated() {
    try (FakeBigQuery fake = FakeBigQuery.start("p-1");
        BigQueryTelemetry telemetry = BigQueryTelemetry.open(fake.settings())) {
      Map<String, String> settings = PostgresServer.newDatabase();
      settings.put("BIGQUERY_PROJECT", "p-1");
      settings.put("BIGQUERY_ENDPOINT", fake.endpoint().toString());
      assertThat(examine(settings).lines())
          .anyMatch(line -> line.matches("warn +BigQuery +dataset p-1\\.pedi_telemetry is not .*"));
      assertThat(telemetry.inspect().isThere()).isFalse();

      telemetry.prepare();
      assertThat(examine(settings).lines())
          .anyMatch(line -> line.matches("ok +BigQuery +dataset p-1\\.pedi_telemetry in US"))
          .anyMatch(line -> line.matches("ok +Permissions +all that are needed are granted"));

      fake.refuseRest("403 accessDenied Permission bigquery.datasets.get denied");
      Findings refused = examine(settings);
      assertThat(refused.passed()).isFalse();
      assertThat(refused.lines())
          .anyMatch(line -> line.matches("FAIL +BigQuery +.*bigquery\\.datasets\\.get.*"));
    }
  }

  @Test
  void embeddedDatabase_isChecked_withAndWithoutItsServer() throws Exception {
    // Else it is warned of where root runs this test.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(run(0))
        .anyMatch(line -> line.matches("ok +Database +embedded, nothing stored yet in .*"));
    assertThat(directory.resolve("telemetry-data")).doesNotExist();

    try (ServerProcess server =
        ServerProcess.start(directory, FEW_PARTITIONS, ServerProcess.freePort())) {
      // The server makes the partitions of the days ahead when it has started.
      Waiting.until(
          "the days ahead have partitions",
          LIMIT,
          () -> run(0).stream().anyMatch(line -> line.matches("ok +Partitions .*")));
      assertThat(run(0))
          .allMatch(line -> line.startsWith("ok "))
          .anyMatch(line -> line.matches("ok +Database +PostgreSQL .* in use by a server"));
      assertThat(Http.get(server.uri("/readyz")).statusCode()).isEqualTo(200);
      assertThat(server.stop(LIMIT)).isEqualTo(143);
    }

    assertThat(run(0))
        .allMatch(line -> line.startsWith("ok "))
        .anyMatch(line -> line.matches("ok +Database +PostgreSQL .* started for this check.*"))
        .anyMatch(line -> line.matches("ok +Disk +.* free at .*"));
  }

  @Test
  void everyFaultOfTheSettings_isALine_withoutSecrets() throws Exception {
    Files.writeString(
        directory.resolve(".env"), "PORT=8000\nDATABASE_URL postgresql://ada:hunter2@db/t\n");

    assertThat(run(1, "PORT", "no", "REDIS_URL", "redis://hunter2@redis/x"))
        .anyMatch(line -> line.matches("FAIL +Settings +\\.env must hold nothing but .*"))
        .anyMatch(line -> line.matches("FAIL +Settings +PORT must be .*"))
        .anyMatch(line -> line.matches("FAIL +Settings +REDIS_URL must .*"))
        .anyMatch(line -> line.matches("warn +All else +not checked; .*"))
        .hasSize(4)
        .noneMatch(line -> line.contains("hunter2"));
  }

  private static ServerSocket listening() throws IOException {
    return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  private static Findings examine(Map<String, String> settings) {
    return DoctorCommand.examine(ServerConfig.of(settings));
  }

  private static List<String> redisLines(Map<String, String> settings) {
    return examine(settings).lines().stream()
        .filter(line -> line.matches("\\w+ +(Redis|Workers|Parked jobs) .*"))
        .toList();
  }

  /** The packaged program's lines; names and values of settings alternate. */
  private List<String> run(int exitCode, String... settings) throws Exception {
    Map<String, String> environment = new HashMap<>(FEW_PARTITIONS);
    for (int i = 0; i < settings.length; i += 2) {
      environment.put(settings[i], settings[i + 1]);
    }
    try (ServerProcess process = ServerProcess.launch(directory, environment, 0, "doctor")) {
      int actual = process.exitCode(Duration.ofSeconds(90));
      assertThat(actual).as(process.output()).isEqualTo(exitCode);
      // Standard error is in it, where the start of PostgreSQL is logged.
      return process.output().lines().filter(line -> !line.matches("\\d{4}-.* INFO .*")).toList();
    }
  }
}
