package ai.pediscreen.telemetry.server.metrics;

import ai.pediscreen.telemetry.privacy.PhiGuard;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/** What the guard has found. Thread-safe. */
final class FindingMetrics {

  /** More than a guard tells apart. */
  private static final int FINDINGS = 1_000;

  private final Series<Counter> findings;

  private volatile @Nullable PhiGuard guard;

  FindingMetrics(MeterRegistry registry) {
    this.findings =
        new Series<>(
            FINDINGS,
            values ->
                Counter.builder("telemetry.phi.findings")
                    .description("What looked like an identifier of a person, by rule and place")
                    .tag("rule", values.get(0))
                    .tag("path", values.get(1))
                    .register(registry));
  }

  /** Reports this guard's findings from the next count on. */
  void watch(PhiGuard found) {
    guard = found;
  }

  /** Brings the counters to what the guard has counted. */
  synchronized void count() {
    PhiGuard watched = guard;
    if (watched != null) {
      watched
          .counts()
          .forEach(
              (finding, count) -> {
                Counter counter = findings.of(finding.rule().label(), finding.path());
                counter.increment(count - counter.count());
              });
    }
  }
}
