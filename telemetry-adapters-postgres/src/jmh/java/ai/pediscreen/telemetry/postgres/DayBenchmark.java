package ai.pediscreen.telemetry.postgres;

import ai.pediscreen.telemetry.daily.DriftFeature;
import ai.pediscreen.telemetry.daily.DriftSettings;
import ai.pediscreen.telemetry.drift.StraightforwardPsi;
import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.postgres.partition.EventPartitions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A day of 1 000 000 events over 5 models and 3 organisations, computed after seven such days, in a
 * heap of 256 MB; and the obvious way beside it: read the latencies of all eight days into arrays,
 * sort, bin, and that for all organisations together only. The same day once more with two features
 * watched: a number with a thousand different values, and a category with three.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx256m")
@Warmup(iterations = 1)
@Measurement(iterations = 5)
public class DayBenchmark {

  private static final LocalDate DAY = LocalDate.of(2026, 3, 9);
  private static final int EVENTS = 1_000_000;

  private TestDatabase database;
  private PostgresTelemetry telemetry;
  private PostgresTelemetry watching;

  @Setup
  public void store() {
    database = TestDatabase.create();
    PostgresSettings settings =
        database.settings(InstantSource.fixed(Instant.parse("2026-03-10T12:00:00Z")));
    telemetry = PostgresTelemetry.open(settings, Duration.ZERO);
    watching =
        PostgresTelemetry.open(
            settings.withDrift(
                DriftSettings.standard()
                    .withSeason(false)
                    .withFeatures(
                        List.of(
                            new DriftFeature("/response/confidence"),
                            new DriftFeature("/response/risk_level")))),
            Duration.ZERO);
    for (int day = 7; day >= 0; day--) {
      // The first event of a day makes its partition.
      telemetry
          .events()
          .append(
              OrgPermission.all(),
              List.of(
                  EventBuilder.event("first-" + day)
                      .at(DAY.minusDays(day) + "T00:00:00Z")
                      .build()));
      fill(database, DAY.minusDays(day), EVENTS);
    }
    database.execute("VACUUM ANALYZE");
    for (int day = 7; day >= 1; day--) {
      watching.days().compute(DAY.minusDays(day));
    }
  }

  @TearDown
  public void close() {
    watching.close();
    telemetry.close();
  }

  @Benchmark
  public int computed() {
    database.execute("INSERT INTO late_day VALUES ('" + DAY + "')");
    return telemetry.days().compute(DAY);
  }

  @Benchmark
  public int computedWithFeatures() {
    database.execute("INSERT INTO late_day VALUES ('" + DAY + "')");
    return watching.days().compute(DAY);
  }

  @Benchmark
  public double obvious() throws SQLException {
    return obviousWay(database);
  }

  private static void fill(TestDatabase database, LocalDate day, int events) {
    database.execute(
        """
        INSERT INTO %s (ts, org_id, event_id, model_id, error, latency_ms, status_code, cost_usd,
          payload)
        SELECT CAST('%s' AS timestamp) AT TIME ZONE 'UTC' + i * interval '80 ms', 'org-' || i %% 3,
          'e-' || i, 'model-' || i %% 5, i %% 50 = 0, CAST(exp(random_normal(5.5, 0.8)) AS integer),
          200, 0.0001, CAST(format('{"event_id": "e", "response": {"latency_ms": 200,
            "status_code": 200, "confidence": 0.%%s, "risk_level": "level-%%s"}}',
            lpad(CAST(i * 7 %% 1000 AS text), 3, '0'), i * 11 %% 3) AS json)
        FROM generate_series(1, %d) AS i
        """
            .formatted(EventPartitions.name(day), day, events));
    database.execute(
        """
        INSERT INTO usage_rollup VALUES (1440, '*', CAST('%s' AS timestamp) AT TIME ZONE 'UTC',
          'model-0', %d, 0, 0, 0, 0, now(), '')
        """
            .formatted(day, events));
  }

  private static double obviousWay(TestDatabase database) throws SQLException {
    Map<String, Sample> reference = new TreeMap<>();
    Map<String, Sample> current = new TreeMap<>();
    read(database, DAY.minusDays(7), DAY, reference);
    read(database, DAY, DAY.plusDays(1), current);
    double sum = 0;
    for (Map.Entry<String, Sample> model : current.entrySet()) {
      Sample before = reference.getOrDefault(model.getKey(), new Sample());
      sum += StraightforwardPsi.index(before.values(), model.getValue().values(), 10);
    }
    return sum;
  }

  private static void read(
      TestDatabase database, LocalDate from, LocalDate to, Map<String, Sample> samples)
      throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.setFetchSize(10_000);
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT model_id, latency_ms FROM event WHERE ts >= '%sT00:00Z' AND ts < '%sT00:00Z'"
                  .formatted(from, to))) {
        while (rows.next()) {
          samples.computeIfAbsent(rows.getString(1), model -> new Sample()).add(rows.getInt(2));
        }
      }
    }
  }

  /** Grows as it is filled. */
  private static final class Sample {
    private long[] values = new long[16];
    private int size;

    void add(int value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    long[] values() {
      return Arrays.copyOf(values, size);
    }
  }
}
