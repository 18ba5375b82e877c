package ai.pediscreen.telemetry.postgres;

import ai.pediscreen.telemetry.daily.DayValues;
import ai.pediscreen.telemetry.daily.DriftBaseline;
import ai.pediscreen.telemetry.daily.DriftFeature;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftReference;
import ai.pediscreen.telemetry.daily.DriftSettings;
import ai.pediscreen.telemetry.daily.DriftSubject;
import ai.pediscreen.telemetry.event.OrgScope;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A day of 1 000 000 events over 5 models and 3 organisations, computed in a heap of 256 MB:
 * compared with the week before alone; with the same weekdays and a baseline of each model too; and
 * split into 6 subgroups besides. With the latency alone, and with a feature watched beside it. The
 * days before have the same values as the day.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx256m")
@Warmup(iterations = 1)
@Measurement(iterations = 4)
public class DriftDayBenchmark {

  private static final LocalDate DAY = LocalDate.of(2026, 3, 9);
  private static final int EVENTS = 1_000_000;

  @Param({"week", "season", "subgroups"})
  private String compared = "week";

  @Param({"0", "1"})
  private int features;

  private TestDatabase database;
  private PostgresTelemetry telemetry;

  @Setup
  public void store() {
    database = TestDatabase.create();
    DriftSettings drift =
        DriftSettings.standard()
            .withFeatures(
                features == 0 ? List.of() : List.of(new DriftFeature("/response/confidence")))
            .withSeason(!compared.equals("week"));
    if (compared.equals("subgroups")) {
      drift = drift.withBy(new DriftFeature("/request/age_band"));
    }
    telemetry =
        PostgresTelemetry.open(
            database
                .settings(InstantSource.fixed(Instant.parse("2026-03-10T12:00:00Z")))
                .withRetentionDays(60)
                .withDrift(drift),
            Duration.ZERO);
    fill();
    database.execute("VACUUM ANALYZE");
    telemetry.days().compute(DAY);
    for (LocalDate before : DriftReference.allBefore(DAY)) {
      database.execute(
          """
          INSERT INTO daily_distribution
            (day, scope, model_id, feature, subgroup, events, distribution)
          SELECT CAST('%s' AS date), scope, model_id, feature, subgroup, events, distribution
          FROM daily_distribution WHERE day = '%s'
          """
              .formatted(before, DAY));
    }
    if (!compared.equals("week")) {
      for (int model = 0; model < 5; model++) {
        DriftSubject subject =
            new DriftSubject(OrgScope.all(), "model-" + model, DriftRecord.LATENCY);
        DayValues values = telemetry.baselines().stored(subject, DAY, DAY);
        telemetry.baselines().put(new DriftBaseline("pinned", subject, DAY, DAY, values));
      }
    }
  }

  @TearDown
  public void close() {
    telemetry.close();
  }

  @Benchmark
  public int computed() {
    database.execute("INSERT INTO late_day VALUES ('" + DAY + "')");
    return telemetry.days().compute(DAY);
  }

  private void fill() {
    database.execute(
        """
        INSERT INTO event (ts, org_id, event_id, model_id, error, latency_ms, status_code, cost_usd,
          payload)
        SELECT CAST('%s' AS timestamp) AT TIME ZONE 'UTC' + i * interval '80 ms', 'org-' || i %% 3,
          'e-' || i, 'model-' || i %% 5, i %% 50 = 0, CAST(exp(random_normal(5.5, 0.8)) AS integer),
          200, 0.0001, CAST(format('{"event_id": "e", "request": {"age_band": "band-%%s"},
            "response": {"latency_ms": 200, "status_code": 200, "confidence": 0.%%s}}',
            i * 13 %% 6, lpad(CAST(i * 7 %% 1000 AS text), 3, '0')) AS json)
        FROM generate_series(1, %d) AS i
        """
            .formatted(DAY, EVENTS));
    database.execute(
        """
        INSERT INTO usage_rollup VALUES (1440, '*', CAST('%s' AS timestamp) AT TIME ZONE 'UTC',
          'model-0', %d, 0, 0, 0, 0, now(), '')
        """
            .formatted(DAY, EVENTS));
  }
}
