package ai.pediscreen.telemetry.memory;

import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.usage.Overview;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * The overview of a store in memory over 10⁶ events, spread evenly over 30 days, of five models and
 * three organisations.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(1)
public class InMemoryStoreBenchmark {

  private static final int EVENTS = 1_000_000;
  private static final Instant NOW = Instant.parse("2026-03-10T12:30:30Z");

  /** How many of the events are kept themselves. */
  @Param({"1000", "1000000"})
  public int kept;

  private InMemoryStore store;

  @Setup
  public void fill() {
    store = InMemoryStore.bounded(kept, Duration.ofDays(90), () -> NOW);
    Duration step = Duration.ofDays(30).dividedBy(EVENTS);
    List<ScopedEvent> batch = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      batch.add(
          new ScopedEvent(OrgPermission.all(), event(i, NOW.minus(step.multipliedBy(EVENTS - i)))));
      if (batch.size() == 1_000) {
        store.append(batch);
        batch.clear();
      }
    }
  }

  private static TelemetryEvent event(int number, Instant at) {
    return TelemetryEvent.builder("event-" + number, at)
        .org("clinic-" + number % 3)
        .model("model-" + number % 5)
        .latency(Duration.ofMillis(number % 997))
        .status(number % 50 == 0 ? 500 : 200)
        .costUsd("0.0012")
        .build();
  }

  @Benchmark
  public Overview overviewOf30Days() {
    return store.overview(UsageFilter.last(UsageRange.MONTH, NOW));
  }

  @Benchmark
  public Overview overviewOfADay() {
    return store.overview(UsageFilter.last(UsageRange.DAY, NOW));
  }
}
