package ai.pediscreen.telemetry.postgres;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.usage.Overview;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageRange;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
 * What the overview over 30 days costs with few and with many events stored. Both are spread evenly
 * over the window, five models and three organisations, so that the rollups have the same rows.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 10, time = 2)
public class UsageQueriesBenchmark {

  private static final Instant NOW = Instant.parse("2026-03-10T12:34:56Z");
  private static final int BATCH = 5_000;
  private static final long WINDOW_SECONDS = Duration.ofDays(30).toSeconds();

  @Param({"10000", "1000000"})
  public int events;

  private PostgresTelemetry telemetry;
  private UsageFilter filter;
  private UsageFilter ofOne;

  @Setup
  public void store() {
    TestDatabase database = TestDatabase.create();
    telemetry = database.open(InstantSource.fixed(NOW));
    filter = new UsageFilter(OrgFilter.all(), null, TimeWindow.last(UsageRange.MONTH, NOW));
    ofOne = new UsageFilter(OrgFilter.of("org-1"), null, TimeWindow.last(UsageRange.MONTH, NOW));
    Random random = new Random(1);
    List<TelemetryEvent> batch = new ArrayList<>(BATCH);
    for (int i = 0; i < events; i++) {
      batch.add(event(i, random));
      if (batch.size() == BATCH || i == events - 1) {
        telemetry.events().append(OrgPermission.all(), batch);
        batch.clear();
      }
    }
    database.execute("VACUUM ANALYZE");
  }

  @TearDown
  public void close() {
    telemetry.close();
  }

  @Benchmark
  public Overview overviewOver30Days() {
    return telemetry.usage().overview(filter);
  }

  /** Asked behind row-level security. */
  @Benchmark
  public Overview overviewOfOneOrganisation() {
    return telemetry.usage().overview(ofOne);
  }

  private TelemetryEvent event(int i, Random random) {
    long secondsAgo = (long) ((double) i / events * WINDOW_SECONDS);
    return TelemetryEvent.fromMap(
        Map.of(
            "event_id",
            "e" + i,
            "timestamp",
            NOW.minus(secondsAgo, ChronoUnit.SECONDS).toString(),
            "org_id",
            "org-" + i % 3,
            "model",
            Map.of("model_id", "model-" + i % 5, "provider", "p"),
            "response",
            Map.of(
                "latency_ms",
                (int) Math.min(60_000, Math.exp(6 + random.nextGaussian())),
                "status_code",
                i % 50 == 0 ? 503 : 200),
            "cost_estimate_usd",
            0.0012));
  }
}
